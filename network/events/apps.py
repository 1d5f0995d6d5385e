from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "network.events"
    label = "events"
    verbose_name = "Agenda et inscriptions"

    def ready(self) -> None:
        from trajectoire.core import clock, importing, listing, moving, retention, search

        from . import attestations, forgetting, listings, personal, search_source, to_do
        from .importing import formats

        search.register(search_source.EVENTS)
        search.register(search_source.SERIES)
        listing.register(listings.AGENDA)
        importing.register(*formats.FORMATS)
        retention.register(retention.Rule("Inscriptions aux événements", forgetting.old, forgetting.forget_old))
        retention.register(
            retention.Rule("Besoins d’aménagement et repas des événements", forgetting.with_needs, forgetting.forget_needs)
        )
        retention.register(retention.Rule("Noms des attestations", attestations.with_old_names, attestations.forget_names))
        clock.register(
            clock.Job("keep_events", "Rappels, listes d’attente et fins d’événements", clock.FIVE_MINUTES),
            clock.daily("send_questionnaires", "Questionnaires trois mois après", 9),
        )
        personal.declare()
        to_do.declare()
        moving.declare_given("events.BankQuestion")
