"""« Exports du site » in the administration: one button, and a day to take the archive."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from .. import auditing
from ..text import file_size
from .backups import Backup
from .records import SiteExport, ask

WAITING = "L’archive se prépare. Rechargez cette page dans quelques instants pour la télécharger."
READY = "L’archive est prête : téléchargez-la."
GONE = "Cette archive n’est plus disponible : elle est gardée un jour. Préparez-en une nouvelle."


def may_prepare(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("core.add_siteexport"))


@admin.register(SiteExport)
class SiteExportAdmin(admin.ModelAdmin):
    """Everything leaves at once: the password is asked again, and the journal says who took it."""

    list_display = ["__str__", "by", "state", "weight"]
    list_select_related = ["by"]
    readonly_fields = ["asked_at", "by", "state", "weight", "contents", "digest"]
    fields = tuple(readonly_fields)
    change_list_template = "admin/core/siteexport/change_list.html"
    change_form_template = "admin/core/siteexport/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # there is nothing to fill in: one button

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"may_prepare": may_prepare(request), "title": "Emporter le contenu du site", **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_prepare": may_prepare(request), "title": "Export du site", **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def get_urls(self) -> list[Any]:
        recently = auditing.recent_login_required
        own = [("preparer/", self.prepare, "prepare"), ("<int:pk>/telecharger/", self.give, "give")]
        ways = [
            path(way, self.admin_site.admin_view(require_POST(recently(view))), name=f"core_siteexport_{name}")
            for way, view, name in own
        ]
        return [*ways, *super().get_urls()]

    @admin.display(description="taille")
    def weight(self, asked: SiteExport) -> str:
        return file_size(asked.size) if asked.size else ""

    @admin.display(description="contenu")
    def contents(self, asked: SiteExport) -> str:
        return asked.words

    def prepare(self, request: HttpRequest) -> HttpResponse:
        self._may(request)
        asked = ask(request.user)
        asked.refresh_from_db()
        messages.success(request, READY if asked.is_given else WAITING)
        return redirect("admin:core_siteexport_change", asked.pk)

    def give(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The archive, for who may export the site, during a day."""
        self._may(request)
        asked = get_object_or_404(SiteExport, pk=pk)
        name = str(asked.file.name)
        if not asked.is_given or not default_storage.exists(name):
            messages.error(request, GONE)
            return redirect("admin:core_siteexport_changelist")
        auditing.record(request.user, "export de tout le site téléchargé", asked)
        response = FileResponse(
            default_storage.open(name),
            content_type="application/zip",
            as_attachment=True,
            filename=f"site-{asked.asked_at:%Y-%m-%d}.zip",
        )
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _may(self, request: HttpRequest) -> None:
        if not may_prepare(request):
            raise PermissionDenied


@admin.register(Backup)
class BackupAdmin(admin.ModelAdmin):
    """Read only: backups are made by a command, and restored by another."""

    list_display = ["made_at", "name", "weight", "sealed", "missing"]
    list_display_links = ["made_at"]
    readonly_fields = ["made_at", "name", "weight", "sealed", "missing", "sha256", "digest"]
    fields = tuple(readonly_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="taille")
    def weight(self, made: Backup) -> str:
        return file_size(made.size)
