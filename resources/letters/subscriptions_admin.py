"""Who receives the letter: export, dead addresses. They are brought in by the imports of the site."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from trajectoire.core import auditing, spreadsheets
from trajectoire.core.text import plural

from .models import Subscription
from .subscribing import leave

HEADER = ("Adresse e-mail", "État", "Accord donné le", "Accord", "Adresse morte depuis le")
TITLE = "Abonnements à la lettre"


class StateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("actif", "Actif"), ("attente", "À confirmer"), ("morte", "Adresse morte")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        chosen = {
            "actif": queryset.active,
            "attente": lambda: queryset.filter(confirmed_at=None, dead_at=None),
            "morte": lambda: queryset.exclude(dead_at=None),
        }.get(self.value() or "")
        return chosen() if chosen else queryset


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):
    list_display = ["subscriber", "state_label", "confirmed_at", "consent"]
    list_filter = [StateFilter, "confirmed_at"]
    list_select_related = ["subscriber"]
    list_per_page = 50
    search_fields = ["subscriber__email"]
    actions = ["declare_dead", "trust"]
    change_list_template = "admin/letters/subscription/change_list.html"
    fields = readonly_fields = ("subscriber", "state_label", "created_at", "confirmed_at", "consent", "dead_at", "trusted_from")

    @admin.display(description="état")
    def state_label(self, subscription: Subscription) -> str:
        return subscription.state

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people subscribe by themselves and confirm, or come with the proof of their agreement

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is edited; the right to change is the right to import (importing.py), and to say that an address is dead or good."""
        return obj is None and super().has_change_permission(request)

    def delete_model(self, request: HttpRequest, obj: Subscription) -> None:
        leave(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        for subscription in queryset.select_related("subscriber"):
            leave(subscription)

    @admin.action(description="Ne plus écrire : adresse morte", permissions=["change"])
    def declare_dead(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        count = Subscription.objects.filter(pk__in=queryset.values("pk"), dead_at=None).update(dead_at=timezone.now())
        messages.success(request, f"{plural(count, 'adresse mise de côté', 'adresses mises de côté')}.")

    @admin.action(description="Écrire à nouveau : l’adresse est bonne", permissions=["change"])
    def trust(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        again = Subscription.objects.filter(pk__in=queryset.values("pk"))
        count = again.update(dead_at=None, trusted_from=timezone.now())
        messages.success(request, f"{plural(count, 'adresse recevra', 'adresses recevront')} la prochaine lettre.")

    def get_urls(self) -> list:
        export = self.admin_site.admin_view(self.export)
        return [
            path("export.<str:extension>", export, name="letters_subscription_export"),
            *super().get_urls(),
        ]

    @method_decorator(auditing.recent_login_required)
    @method_decorator(require_safe)
    def export(self, request: HttpRequest, extension: str) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = {
            "csv": lambda: (spreadsheets.CSV_TYPE, spreadsheets.write_csv(HEADER, _rows())),
            "ods": lambda: (spreadsheets.ODS_TYPE, spreadsheets.write_ods(HEADER, _rows(), TITLE)),
            "xlsx": lambda: (spreadsheets.XLSX_TYPE, spreadsheets.write_xlsx(HEADER, _rows(), TITLE)),
        }.get(extension)
        if found is None:
            raise Http404
        auditing.record(request.user, "export des abonnements à la lettre", extension)
        media_type, parts = found()
        name = f'attachment; filename="abonnements-lettre.{extension}"'
        return StreamingHttpResponse(parts, content_type=media_type, headers={"Content-Disposition": name})


def _rows() -> Iterator[tuple[spreadsheets.Cell, ...]]:
    for one in Subscription.objects.select_related("subscriber").order_by("subscriber__email").iterator():
        yield one.subscriber.email, one.state, one.confirmed_at, one.consent, one.dead_at
