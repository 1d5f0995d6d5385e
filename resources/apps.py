from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Ressources"

    def ready(self) -> None:
        from trajectoire.core import search

        from . import search_source

        search.register(search_source.SOURCE)
