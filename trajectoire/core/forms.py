"""Forms of the site: the contact form, and what keeps robots out without bothering people."""

import time

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from .models import ContactMessage

LEAST_SECONDS = 2  # nobody reads and fills a form faster


class HumanForm(forms.Form):
    """A hidden field that people leave empty, and a signed hour: a robot fills the first or is too fast."""

    website = forms.CharField(required=False, label="Ne remplissez pas ce champ")
    shown_at = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown_at"].initial = signing.dumps(int(time.time()), salt="form")

    @property
    def is_robot(self) -> bool:
        """True when the trap was touched; the answer then looks like a success and nothing is stored."""
        if self.data.get("website"):
            return True
        try:
            shown = signing.loads(self.data.get("shown_at", ""), salt="form", max_age=24 * 3600)
        except signing.BadSignature:
            return True
        return time.time() - shown < LEAST_SECONDS


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
