"""Passwords that anybody would try here first (ASVS 5, 6.2.11)."""

import re

from django.core.exceptions import ValidationError

from .text import fold

WORDS = (
    "trajectoire",
    "ressources",
    "ressource",
    "politique",
    "ville",
    "quartiers",
    "quartier",
    "bourgogne",
    "franche",
    "comte",
    "dijon",
    "besancon",
    "laicite",
    "valeurs",
    "republique",
    "vrl",
    "formateurs",
    "formatrices",
    "formateur",
    "formatrice",
    "centre",
    "admin",
    "administration",
    "motdepasse",
    "password",
    "azerty",
    "qwerty",
)
LEAST_LETTERS = 6  # of what stays once these words, figures and signs are taken away


class SiteWordsValidator:
    """Refuse a password made of the site's own words: « Trajectoire2026! », « politique de la ville »."""

    def validate(self, password: str, user: object = None) -> None:
        rest = fold(password)
        if not any(word in rest.replace(" ", "") for word in WORDS):
            return
        for word in sorted(WORDS, key=len, reverse=True):
            rest = rest.replace(word, " ")
        if len(re.sub(r"[\W\d_]", "", rest)) < LEAST_LETTERS:
            raise ValidationError(
                "Ce mot de passe est fait des mots du site, que l’on essaierait en premier : ajoutez-en d’autres, sans rapport.",
                code="site_words",
            )

    def get_help_text(self) -> str:
        return "Évitez les mots du site. Une phrase de quatre ou cinq mots se retient bien ; les espaces comptent."
