from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "resources.letters"
    label = "letters"
    verbose_name = "Lettre d’information"

    def ready(self) -> None:
        from trajectoire.core import clock, importing, newsletter, retention

        from . import to_do
        from .importing import SUBSCRIPTIONS
        from .models import dead_long_ago, left_long_ago, unconfirmed
        from .subscribing import NEWSLETTER

        importing.register(SUBSCRIPTIONS)
        newsletter.register(NEWSLETTER)
        clock.register(clock.Job("send_letters", "Lettres d’information à leur heure", clock.FIVE_MINUTES))
        to_do.declare()
        retention.register(retention.deletion("Adresses de la lettre qui refusent tout depuis un an", dead_long_ago))
        retention.register(retention.deletion("Demandes d’abonnement à la lettre sans confirmation", unconfirmed))
        retention.register(retention.deletion("Empreintes des désabonnements de la lettre", left_long_ago))
