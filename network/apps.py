from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = "Réseau et territoires"

    def ready(self) -> None:
        from trajectoire.core import retention, search

        from . import search_source
        from .accompaniment import following
        from .accompaniment.requests import too_old

        search.register(search_source.SOURCE)
        search.register(search_source.THEMES)
        search.set_synonyms(search_source.synonyms)
        retention.register(retention.Rule("Demandes d’accompagnement", too_old, following.forget_old))
