"""What the admins of the network share: telling caches and engine, searching without accents, slugs that stay."""

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from trajectoire.core.text import fold

from .naming import search_words


class ShownAdmin(admin.ModelAdmin):
    """Deleting several rows at once tells the caches and the search engine too."""

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        pks = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        self.model.announce(*pks)


class FoldedSearchAdmin(ShownAdmin):
    """Search without minding accents and capitals, on tables small enough to be read."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = search_words(search_term)
        if not words:
            return queryset, False
        rows = self.model._default_manager.values_list("pk", *self.search_fields)
        found = [pk for pk, *texts in rows if all(word in fold(" ".join(filter(None, texts))) for word in words)]
        return queryset.filter(pk__in=found), False


class SlugKeptAdmin(FoldedSearchAdmin):
    """The slug is proposed from the name, then fixed: links use it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}
