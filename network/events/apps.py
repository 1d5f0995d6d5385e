from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "network.events"
    label = "events"
    verbose_name = "Agenda et inscriptions"

    def ready(self) -> None:
        from trajectoire.core import listing, search

        from . import listings, personal, search_source

        search.register(search_source.EVENTS)
        search.register(search_source.SERIES)
        listing.register(listings.AGENDA)
        personal.declare()
