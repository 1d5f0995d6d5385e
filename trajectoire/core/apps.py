from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "trajectoire.core"
    label = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        from . import checks, clock, page_cache, retention, search, search_source, to_do  # noqa: F401  (the checks and the page cache register themselves)
        from .auditing import old_actions
        from .importing import records
        from .invitation import old_invitations
        from .misses import erase, old_days
        from .models import old_messages
        from .moving import declared as moved
        from .moving import records as exports
        from .outbox import old_bodies, old_mails
        from .personal import declared
        from .redirects import old_misses
        from .sessions import over, without_session

        clock.register(
            clock.Job("send_mail", "Envoi des e-mails en attente", clock.MINUTE),
            clock.daily("backup", "Sauvegarde", 1),
            clock.daily("apply_retention", "Effacement de ce qui n’est plus gardé", 4),
            clock.weekly("check_links", "Visite des liens des textes", 5),
        )
        declared.declare()
        moved.declare()
        to_do.declare()
        search.register(search_source.SOURCE)
        retention.register(retention.Rule("Recherches sans résultat", old_days, erase))
        retention.register(retention.deletion("Messages du formulaire de contact", old_messages))
        retention.register(retention.deletion("E-mails envoyés ou abandonnés", old_mails))
        retention.register(retention.deletion("Journal des actions sensibles", old_actions))
        retention.register(retention.deletion("Invitations", old_invitations))
        retention.register(retention.deletion("Sessions terminées", over))
        retention.register(retention.deletion("Appareils déconnectés", without_session))
        retention.register(retention.Rule("Exports du site", exports.old, exports.erase))
        retention.register(retention.Rule("Fichiers et comptes rendus d’import", records.old_runs, records.erase))
        retention.register(retention.deletion("Adresses introuvables", old_misses))
        retention.register(retention.deletion("Textes des e-mails envoyés", old_bodies))
