"""The SIRET of an establishment: fourteen digits whose key is checked (INSEE; La Poste has a rule of its own)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Field
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.fr import siret

LENGTH = 14


def compact(text: str) -> str:
    """The digits alone, however they were grouped: « 815 207 915 00019 »."""
    return "".join(char for char in text if char not in " .-\u00a0\u202f\t")


def check(value: str) -> None:
    """Refuse a number that no establishment can have."""
    try:
        siret.validate(value)
    except WrongNumber as error:
        raise ValidationError(
            "Ce numéro SIRET n’existe pas : un SIRET a 14 chiffres, et l’un d’eux est faux ou manque. Vérifiez-le."
        ) from error


class SiretField(models.CharField):
    default_validators = [check]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "max_length": LENGTH})

    def to_python(self, value: Any) -> str:
        return compact(super().to_python(value) or "")

    def formfield(self, **kwargs: Any) -> Field | None:
        """People paste it with spaces."""
        return super().formfield(**{"max_length": 30, **kwargs})
