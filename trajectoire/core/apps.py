from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "trajectoire.core"
    label = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        from . import checks, search, search_source  # noqa: F401  (the checks register themselves)

        search.register(search_source.SOURCE)
