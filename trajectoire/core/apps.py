from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "trajectoire.core"
    label = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        from . import checks, retention, search, search_source  # noqa: F401  (the checks register themselves)
        from .misses import erase, old_days
        from .models import old_messages
        from .outbox import old_bodies, old_mails

        search.register(search_source.SOURCE)
        retention.register(retention.Rule("Recherches sans résultat", old_days, erase))
        retention.register(retention.deletion("Messages du formulaire de contact", old_messages))
        retention.register(retention.deletion("E-mails envoyés ou abandonnés", old_mails))
        retention.register(retention.deletion("Textes des e-mails envoyés", old_bodies))
