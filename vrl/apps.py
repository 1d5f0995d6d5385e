from django.apps import AppConfig


class VrlConfig(AppConfig):
    name = "vrl"
    verbose_name = "Valeurs de la République et laïcité"

    def ready(self) -> None:
        from network.events import presence
        from trajectoire.core import joining
        from trajectoire.core.models import TRAINERS

        from . import access, linking

        presence.allow(access.leads_event)
        joining.when(TRAINERS, linking.link)
