"""Forms of the alerts."""

from django import forms

from trajectoire.core.forms import HumanForm

from .models import Frequency

EMAIL_ERRORS = {
    "required": "Indiquez votre adresse e-mail.",
    "invalid": "Cette adresse e-mail n’est pas complète : elle doit ressembler à nom@exemple.fr.",
}


def email_field(help_text: str) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(
        label="Votre adresse e-mail", max_length=254, help_text=help_text, widget=widget, error_messages=EMAIL_ERRORS
    )


class AlertForm(HumanForm):
    email = email_field("Elle ne sert qu’à vous envoyer ces nouveautés.")
    frequency = forms.ChoiceField(
        label="Rythme des messages",
        choices=Frequency.choices,
        initial=Frequency.WEEKLY,
        widget=forms.RadioSelect,
        help_text="Sans nouveauté, vous ne recevez rien.",
        error_messages={"required": "Choisissez un rythme.", "invalid_choice": "Choisissez un des rythmes proposés."},
    )


class ReminderForm(HumanForm):
    email = email_field("Celle où vous recevez vos alertes.")


class FrequencyForm(forms.Form):
    frequency = forms.ChoiceField(choices=Frequency.choices)
