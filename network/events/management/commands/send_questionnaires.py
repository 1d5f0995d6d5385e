"""Ask, three months after an event, those who were there: run every day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from network.events.questionnaires import send_later
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Envoie le questionnaire des trois mois aux personnes présentes, une fois par rencontre."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Questionnaires à trois mois : {plural(send_later(timezone.now()), 'e-mail', 'e-mails')}.")
