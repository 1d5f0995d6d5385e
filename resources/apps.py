from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Ressources"

    def ready(self) -> None:
        from trajectoire.core import listing, search

        from . import listings, personal, search_source, to_do

        search.register(search_source.SOURCE)
        listing.register(listings.DOCUMENTS)
        personal.declare()
        to_do.declare()
