"""The admin of territories, vocabularies and organisations."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest

from trajectoire.core.admin import EditorAdmin
from trajectoire.core.text import fold

from .models import Audience, Contract, GlossaryEntry, Organisation, Territory, TerritoryKind, Theme
from .naming import search_words

IS_REFERENCE = "Donnée de référence : la commande load_reference la tient à jour."


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


class PerimeterForm(forms.ModelForm):
    """Staff adds other perimeters only (cité éducative, NPNRU…)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = self.instance.kind or TerritoryKind.PERIMETER


@admin.register(Territory)
class TerritoryAdmin(ShownAdmin):
    form = PerimeterForm
    list_display = ["name", "kind", "code", "generation", "has_page"]
    list_filter = ["kind", "generation", "has_page"]
    search_fields = ["search_name", "code", "postal_codes"]
    search_help_text = "Nom, code postal, code INSEE ou code du quartier."
    fields = [
        "name",
        "code",
        "parent",
        "communes",
        "valid_from",
        "valid_to",
        "population",
        "population_year",
        "surface_ha",
        "has_page",
    ]
    reference_fields = [
        *["kind", "name", "code", "parent", "departments", "communes", "generation", "status_2024", "predecessors"],
        *["valid_from", "valid_to", "postal_codes", "population", "latitude", "longitude", "surface_ha", "has_page"],
    ]
    autocomplete_fields = ["parent", "communes"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet, bool]:
        return (queryset.search(search_term) if search_term.strip() else queryset), False

    def get_fieldsets(self, request: HttpRequest, obj: Territory | None = None) -> Any:
        if self._is_reference(obj):
            return [(None, {"fields": self.reference_fields, "description": IS_REFERENCE})]
        return [(None, {"fields": self.fields})]

    def has_change_permission(self, request: HttpRequest, obj: Territory | None = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_reference(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Territory | None = None) -> bool:
        return obj is not None and super().has_delete_permission(request, obj) and not self._is_reference(obj)

    @staticmethod
    def _is_reference(obj: Territory | None) -> bool:
        return obj is not None and obj.kind != TerritoryKind.PERIMETER


@admin.register(Contract)
class ContractAdmin(ShownAdmin):
    """Read only: reference data."""

    list_display = ["name", "generation", "department", "population_qpv"]
    list_filter = ["generation", "department"]
    list_select_related = ["department"]
    search_fields = ["name", "code"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Contract | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Contract | None = None) -> bool:
        return False


@admin.register(Theme)
class ThemeAdmin(SlugKeptAdmin):
    list_display = ["name", "parent", "order"]
    list_select_related = ["parent"]
    list_editable = ["order"]
    search_fields = ["name", "short_name", "synonyms"]
    fields = ["name", "slug", "short_name", "parent", "synonyms", "order"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, queryset=Theme.objects.filter(parent=None), **kwargs)


@admin.register(Audience)
class AudienceAdmin(SlugKeptAdmin):
    list_display = ["name", "order"]
    list_editable = ["order"]
    search_fields = ["name"]
    fields = ["name", "slug", "order"]


@admin.register(GlossaryEntry)
class GlossaryEntryAdmin(FoldedSearchAdmin):
    list_display = ["abbreviation", "expansion", "former"]
    list_filter = ["former"]
    search_fields = ["abbreviation", "expansion"]
    autocomplete_fields = ["successors"]


@admin.register(Organisation)
class OrganisationAdmin(EditorAdmin, FoldedSearchAdmin):
    view_on_site = False
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_display = ["name", "kind", "updated_at"]
    list_filter = ["kind"]
    search_fields = ["name", "former_names"]
    autocomplete_fields = ["territories", "parent", "successor"]
    fields = ["name", "slug", "kind", "territories", "parent", "former_names", "successor", "website", "description"]
