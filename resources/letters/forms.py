"""Forms of the letter."""

from trajectoire.core.forms import HumanForm

from ..alerts.forms import email_field


class SubscribeForm(HumanForm):
    email = email_field("Elle ne sert qu’à vous envoyer la lettre.")
