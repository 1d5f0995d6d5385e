"""The admin of territories and vocabularies; the parts of the app that have their own folder have their own admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from trajectoire.core.admin import EditorAdmin

from . import misses_admin  # noqa: F401  (registers the searches that found nothing)
from .admin_base import FoldedSearchAdmin, ShownAdmin, SlugKeptAdmin
from .directory import admin as directory_admin  # noqa: F401  (registers the directory)
from .importing import admin as importing_admin  # noqa: F401  (registers imports and duplicates)
from .models import Audience, Contract, GlossaryEntry, Offer, Territory, TerritoryKind, Theme

IS_REFERENCE = "Donnée de référence : la commande load_reference la tient à jour."


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
class ContractAdmin(EditorAdmin, ShownAdmin):
    """The reference data are read only; what the centre knows of a contrat is written here."""

    list_display = ["name", "generation", "department", "population_qpv"]
    list_filter = ["generation", "department"]
    list_select_related = ["department"]
    search_fields = ["name", "code"]
    readonly_fields = ("name", "code", "generation", "carrier", "carrier_name", "department", "population_qpv", "qpvs")
    fieldsets = [
        (None, {"fields": ["signed_on", "axes", "signatories", "referents"]}),
        ("Donnée de référence", {"fields": readonly_fields, "description": IS_REFERENCE}),
    ]
    autocomplete_fields = ["signatories", "referents"]

    def has_add_permission(self, request: HttpRequest) -> bool:
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

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Theme | None:
        """`?synonyme=` opens the form with these words among the synonyms, to be saved."""
        theme = super().get_object(request, object_id, from_field)
        words = request.GET.get("synonyme", "").strip()[:100]
        if theme and request.method == "GET" and words and words not in theme.synonym_list:
            theme.synonyms = "\n".join([*theme.synonym_list, words])
        return theme

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, queryset=Theme.objects.filter(parent=None), **kwargs)


@admin.register(Audience)
class AudienceAdmin(SlugKeptAdmin):
    list_display = ["name", "order"]
    list_editable = ["order"]
    search_fields = ["name"]
    fields = ["name", "slug", "order"]


@admin.register(Offer)
class OfferAdmin(SlugKeptAdmin):
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
