from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Ressources"

    def ready(self) -> None:
        from trajectoire.core import clock, counting, listing, moving, search

        from . import counts, listings, personal, search_source, to_do
        from .importing import formats
        from .importing.wordpress.importer import declare as declare_wordpress

        counting.repeatable("documents", counts.again)
        search.register(search_source.SOURCE)
        declare_wordpress()
        formats.declare()
        listing.register(listings.DOCUMENTS)
        clock.register(clock.daily("sweep_files", "Fichiers que plus rien ne mentionne", 4, 30))
        personal.declare()
        to_do.declare()
        moving.declare_given("resources.DocumentType", "resources.Collection")
        moving.declare_files("resources.Document", "cover_renditions", lambda drawn: [rendition["name"] for rendition in drawn])
