"""Alerts in the admin: who asked for what, for the right of access and erasure; nothing is changed by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from .models import Alert, Subscriber


class AlertInline(admin.TabularInline):
    model = Alert
    extra = 0
    can_delete = False
    fields = readonly_fields = ("title", "frequency", "confirmed_at", "consent", "paused", "sent_upto")

    @admin.display(description="recherche")
    def title(self, alert: Alert) -> str:
        return str(alert)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin):
    list_display = ["email", "count", "created_at", "seen_at"]
    search_fields = ["email"]
    inlines = [AlertInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(alert_count=Count("alerts"))

    @admin.display(description="alertes", ordering="alert_count")
    def count(self, subscriber: Any) -> int:
        return subscriber.alert_count

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people subscribe by themselves, and confirm

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
