from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "network.events"
    label = "events"
    verbose_name = "Agenda et inscriptions"

    def ready(self) -> None:
        from trajectoire.core import listing, retention, search

        from . import attestations, forgetting, listings, personal, search_source, to_do

        search.register(search_source.EVENTS)
        search.register(search_source.SERIES)
        listing.register(listings.AGENDA)
        retention.register(retention.Rule("Inscriptions aux événements", forgetting.old, forgetting.forget_old))
        retention.register(
            retention.Rule("Besoins d’aménagement et repas des événements", forgetting.with_needs, forgetting.forget_needs)
        )
        retention.register(retention.Rule("Noms des attestations", attestations.with_old_names, attestations.forget_names))
        personal.declare()
        to_do.declare()
