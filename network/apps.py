from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = "Réseau et territoires"

    def ready(self) -> None:
        from trajectoire.core import clock, importing, listing, moving, retention, search

        from . import contracts, personal, search_source, to_do
        from .accompaniment import following
        from .accompaniment.requests import too_old
        from .directory import listings, proposals
        from .directory.search_source import SOURCES
        from .importing.organisations import ORGANISATIONS

        search.register(search_source.SOURCE)
        search.register(search_source.THEMES)
        search.register(contracts.SOURCE)
        for source in SOURCES:
            search.register(source)
        search.set_synonyms(search_source.synonyms)
        search.set_places(search_source.codes_named)
        listing.register(listings.DIRECTORY)
        importing.register(ORGANISATIONS)
        retention.register(retention.Rule("Demandes d’accompagnement", too_old, following.forget_old))
        retention.register(retention.deletion("Propositions reçues pour l’annuaire", proposals.old))
        clock.register(
            clock.daily("ask_confirmation", "Faire confirmer les fiches de l’annuaire", 8),
            clock.daily("remind_help_requests", "Rappeler les demandes d’accompagnement", 8, 10),
        )
        personal.declare()
        to_do.declare()
        moving.declare_given("network.Territory", "network.Contract", "network.Theme", "network.Audience")
        moving.declare_given("network.Offer", "network.GlossaryEntry")
