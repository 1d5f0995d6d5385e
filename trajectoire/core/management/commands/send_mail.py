"""Send the mails that wait: run it every minute."""

from typing import Any

from django.core.management.base import BaseCommand

from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.sending import send_due
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Envoie les e-mails en attente. Sans danger à relancer, même plusieurs fois en même temps."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = send_due()
        self.stdout.write(
            f"{plural(outcome.sent, 'e-mail envoyé', 'e-mails envoyés')}, {plural(outcome.refused, 'refus', 'refus')}."
        )
        if outcome.away:
            waiting = plural(OutgoingMail.objects.waiting().count(), "e-mail en attente", "e-mails en attente")
            self.stderr.write(f"Le serveur d’envoi ne répond pas : {waiting}. Un nouvel essai aura lieu au prochain passage.")
