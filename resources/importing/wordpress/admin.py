"""The table of what becomes of each sort of content of an old site."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from .choices import WordPressChoice


@admin.register(WordPressChoice)
class WordPressChoiceAdmin(admin.ModelAdmin):
    list_display = ["name", "kind_shown", "uses", "outcome", "type", "themes_shown"]
    list_display_links = ["name"]
    list_editable = ["outcome", "type"]
    list_filter = ["kind", "outcome"]
    list_per_page = 50
    search_fields = ["name", "slug"]
    fields = ["kind_shown", "name", "slug", "uses", "outcome", "type", "themes", "page", "address"]
    readonly_fields = ["kind_shown", "name", "slug", "uses"]
    autocomplete_fields = ["themes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WordPressChoice]:
        return super().get_queryset(request).select_related("type", "page").prefetch_related("themes")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the first try of an import makes the lines

    @admin.display(description="sorte", ordering="kind")
    def kind_shown(self, choice: WordPressChoice) -> str:
        return choice.kind_label

    @admin.display(description="thèmes")
    def themes_shown(self, choice: WordPressChoice) -> Any:
        return ", ".join(theme.label for theme in choice.themes.all())
