from django.apps import AppConfig


class VrlConfig(AppConfig):
    name = "vrl"
    verbose_name = "Valeurs de la République et laïcité"

    def ready(self) -> None:
        from network.events import guarding, presence
        from resources import delivery
        from trajectoire.core import clock, importing, joining, listing, moving, retention, search
        from trajectoire.core.models import TRAINERS

        from . import (
            access,
            cascade,
            kit_log,
            kit_to_do,
            linking,
            listings,
            personal_area,
            personal_asking,
            personal_kit,
            session_pages,
            situation_listing,
            situation_search,
            to_do,
        )
        from .importing import FORMATS

        importing.register(*FORMATS)
        listing.register(listings.SESSIONS)
        listing.register(situation_listing.SITUATIONS)
        search.register(situation_search.SOURCE)
        kit_to_do.declare()
        delivery.watch(kit_log.note)
        retention.register(retention.deletion("Téléchargements du kit", kit_log.old))
        clock.register(
            clock.Job("keep_sessions", "Propositions et états des sessions du plan VRL", clock.FIVE_MINUTES),
            clock.daily("keep_requests", "Demandes de formation qui dorment", 7),
            clock.daily("remind_habilitations", "Habilitations à renouveler", 7, 10),
            clock.daily("send_exchange_digest", "Résumé des échanges entre formateurs", 7, 20),
        )
        personal_area.declare()
        personal_asking.declare()
        personal_kit.declare()
        to_do.declare()
        guarding.guard_dates(cascade.objections)
        guarding.guard_registering(session_pages.candidacy_url)
        presence.allow(access.leads_event)
        joining.when(TRAINERS, linking.link)
        moving.declare_given("vrl.SessionModel")
