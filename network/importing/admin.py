"""Bringing a table in: the file, its columns, what would be done line by line, then the import. And the duplicates."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from trajectoire.core import tables
from trajectoire.core.scanning import ScannedFileField
from trajectoire.core.text import plural

from .. import merging
from . import running
from .columns import COLUMNS
from .planning import SAME
from .records import DirectoryImport, DuplicatePair

LINES_SHOWN = 300


class BringForm(forms.ModelForm):
    class Meta:
        model = DirectoryImport
        fields = ["file", "source"]
        field_classes = {"file": ScannedFileField}

    def clean_file(self) -> Any:
        """Refused at once, with the reason, when it is not a table."""
        file = self.cleaned_data["file"]
        try:
            tables.read(file.name, file.read())
        except tables.Unreadable as error:
            raise ValidationError(str(error)) from error
        file.seek(0)
        return file


@admin.register(DirectoryImport)
class DirectoryImportAdmin(admin.ModelAdmin):
    form = BringForm
    list_display = ["name", "source", "status", "brought_at", "brought_by"]
    list_select_related = ["brought_by"]
    change_form_template = "admin/network/directoryimport/change_form.html"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def get_urls(self) -> list[Any]:
        ways = [
            path(f"<int:pk>/{way}/", self.admin_site.admin_view(require_POST(view)), name=f"network_directoryimport_{name}")
            for way, name, view in (("colonnes", "columns", self.columns), ("importer", "run", self.run))
        ]
        return [*ways, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: DirectoryImport, form: Any, change: bool) -> None:
        obj.name = str(obj.file.name)[:200]
        obj.brought_by = request.user  # type: ignore[assignment]
        running.receive(obj)

    def response_add(self, request: HttpRequest, obj: DirectoryImport, post_url_continue: str | None = None) -> HttpResponse:
        return self._back(obj.pk)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        brought = self.get_object(request, object_id)
        context = _checked(brought) if brought and self.has_view_permission(request, brought) else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def columns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep which column is which."""
        brought = self._open(request, pk)
        chosen = {column.name: request.POST.get(f"column-{column.name}", "") for column in COLUMNS}
        brought.mapping = {name: int(place) for name, place in chosen.items() if place.isascii() and place.isdigit()}
        brought.save(update_fields=["mapping"])
        return self._back(pk)

    def run(self, request: HttpRequest, pk: int) -> HttpResponse:
        brought = self._open(request, pk)
        if "name" not in brought.mapping:
            messages.error(request, "Dites d’abord quelle colonne est le nom.")
        elif running.start(brought):
            messages.success(request, "L’import est lancé. Rechargez la page pour en voir la fin.")
        else:
            messages.warning(request, "Cet import est déjà lancé : rien n’est fait une seconde fois.")
        return self._back(pk)

    def _open(self, request: HttpRequest, pk: int) -> DirectoryImport:
        brought = get_object_or_404(DirectoryImport, pk=pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return brought

    @staticmethod
    def _back(pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:network_directoryimport_change", args=[pk]))


def _checked(brought: DirectoryImport) -> dict[str, Any]:
    """What the screen of an import shows: its columns, and what would be done."""
    hidden = dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another", "show_close"), False)
    urls = {name: reverse(f"admin:network_directoryimport_{name}", args=[brought.pk]) for name in ("columns", "run")}
    context = hidden | {"brought": brought, "columns_url": urls["columns"], "run_url": urls["run"], "unreadable": ""}
    try:
        table = running.read(brought)
    except (tables.Unreadable, OSError) as error:
        return context | {"unreadable": str(error), "columns": [], "lines": [], "counts": []}
    made = running.planned(brought, table) if "name" in brought.mapping else None
    told = [line for line in made.lines if line.notes or line.action != SAME] if made else []
    first = table.lines[0][1]
    options = [(place, header, first[place] if place < len(first) else "") for place, header in enumerate(table.headers)]
    return context | {
        "columns": [{"column": column, "chosen": brought.mapping.get(column.name, ""), "options": options} for column in COLUMNS],
        "lines": told[:LINES_SHOWN],
        "more": max(len(told) - LINES_SHOWN, 0),
        "counts": [plural(count, action, f"{action}s") for action, count in (made.counts.items() if made else ())],
        "total": len(table.lines),
    }


@admin.register(DuplicatePair)
class DuplicatePairAdmin(admin.ModelAdmin):
    """Two structures side by side, then one button."""

    list_display = ["__str__", "reason", "score", "different"]
    list_filter = ["different"]
    list_select_related = ["first", "second"]
    list_per_page = 50
    change_form_template = "admin/network/duplicatepair/change_form.html"
    change_list_template = "admin/network/duplicatepair/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.fields]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("chercher/", view(require_POST(self.find)), name="network_duplicatepair_find"),
            path("<int:pk>/decider/", view(require_POST(self.decide)), name="network_duplicatepair_decide"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        pair = self.get_object(request, object_id)
        hidden = dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
        context = {
            "pair": pair,
            "rows": merging.compared(pair.first, pair.second) if pair else [],
            "decide_url": reverse("admin:network_duplicatepair_decide", args=[pair.pk]) if pair else "",
        }
        return super().change_view(request, object_id, form_url, hidden | context | (extra_context or {}))

    def find(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        found = merging.find_pairs()
        messages.success(request, f"{plural(found, 'nouveau doublon possible', 'nouveaux doublons possibles')}.")
        return HttpResponseRedirect(reverse("admin:network_duplicatepair_changelist"))

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """« premiere » or « seconde »: the one to keep; « deux »: they are two."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        pair = get_object_or_404(DuplicatePair.objects.select_related("first", "second"), pk=pk)
        keep = request.POST.get("keep")
        if keep == "deux":
            DuplicatePair.objects.filter(pk=pk).update(different=True)
            messages.success(request, "C’est noté : ce sont deux structures.")
        elif keep in ("premiere", "seconde"):
            kept, removed = (pair.first, pair.second) if keep == "premiere" else (pair.second, pair.first)
            merging.merge(kept, removed)
            messages.success(request, f"« {removed} » est réunie à « {kept} ». Son ancienne adresse y mène.")
        return HttpResponseRedirect(reverse("admin:network_duplicatepair_changelist"))
