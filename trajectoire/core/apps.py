from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "trajectoire.core"
    label = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        from . import checks, retention, search, search_source  # noqa: F401  (the checks register themselves)
        from .models import old_messages

        search.register(search_source.SOURCE)
        retention.register(retention.deletion("Messages du formulaire de contact", old_messages))
