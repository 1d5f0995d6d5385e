from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = "Réseau et territoires"

    def ready(self) -> None:
        from trajectoire.core import search

        from . import search_source

        search.register(search_source.SOURCE)
        search.register(search_source.THEMES)
        search.set_synonyms(search_source.synonyms)
