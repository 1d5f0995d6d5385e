"""Forms of the site: the contact form, and what keeps robots out without bothering people."""

import time
from typing import Any, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict

from .models import ContactMessage

LEAST_SECONDS = 2  # nobody reads and fills a form faster
OLDEST_SECONDS = 24 * 3600


class HumanForm(forms.Form):
    """A trap that people never see, and the signed hour at which the form was shown.

    The trap touched: a robot, answered quietly. Too fast or too old: a person is asked to send again, nothing is lost.
    """

    website = forms.CharField(required=False, label="Ne remplissez pas ce champ")
    shown_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown_at"].initial = now_signed()

    @property
    def is_robot(self) -> bool:
        """True when the trap was touched; the answer then looks like a success and nothing is stored."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not shown_long_enough(data.get("shown_at", "")):
            self.data = cast(QueryDict, self.data).copy()
            self.data["shown_at"] = now_signed()
            self.add_error(
                None,
                "Par sécurité, relisez votre message, puis envoyez-le à nouveau. Rien de ce que vous avez écrit n’est perdu.",
            )
        return data


def now_signed() -> str:
    return signing.dumps(int(time.time()), salt="form")


def shown_long_enough(signed: str) -> bool:
    """False when the form was sent back faster than anyone reads, after a day, or with a made-up hour."""
    try:
        shown = signing.loads(signed, salt="form", max_age=OLDEST_SECONDS)
    except signing.BadSignature:
        return False
    return time.time() - shown >= LEAST_SECONDS


def single_line(value: str) -> str:
    """Refuse line breaks and control characters: the text goes into an e-mail header."""
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise ValidationError("Ce texte contient un caractère interdit : écrivez-le sur une seule ligne.")
    return value


class ContactForm(HumanForm, forms.ModelForm):
    class Meta:
        model = ContactMessage
        fields = ["name", "email", "subject", "message"]
        labels = {"name": "Votre nom", "email": "Votre adresse e-mail", "subject": "Objet", "message": "Votre message"}
        help_texts = {"email": "Pour vous répondre. Elle ne sert à rien d’autre."}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "message": forms.Textarea(attrs={"rows": 8}),
        }
        error_messages = {
            "name": {"required": "Indiquez votre nom."},
            "email": {
                "required": "Indiquez votre adresse e-mail, pour que nous puissions répondre.",
                "invalid": "Cette adresse e-mail n’est pas complète : elle doit ressembler à nom@exemple.fr.",
            },
            "subject": {"required": "Indiquez l’objet de votre message."},
            "message": {"required": "Écrivez votre message."},
        }

    def clean_name(self) -> str:
        return single_line(self.cleaned_data["name"])

    def clean_subject(self) -> str:
        return single_line(self.cleaned_data["subject"])
