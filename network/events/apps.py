from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "network.events"
    label = "events"
    verbose_name = "Agenda et inscriptions"

    def ready(self) -> None:
        from . import personal

        personal.declare()
