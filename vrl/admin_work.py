"""The sessions that wait for somebody, as the work list counts them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from .to_do import SESSIONS


class SessionWorkFilter(admin.SimpleListFilter):
    title = "travail"
    parameter_name = "travail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in SESSIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        return queryset.filter(pk__in=SESSIONS[chosen][1]().order_by().values("pk")) if chosen in SESSIONS else queryset
