"""The exchanges in the administration: each message is let through, or hidden."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from trajectoire.core.text import plural

from .exchange import Reply, Topic
from .exchanging import moderate
from .vocabulary import Shown


class ModeratedAdmin(admin.ModelAdmin):
    """What trainers wrote is read, let through or hidden; nobody rewrites it."""

    list_filter = ["state"]
    date_hierarchy = "at"
    actions = ["show", "hide"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The state is moved by the same writer as from the list."""
        moderate(type(obj)._default_manager.filter(pk=obj.pk), Shown(obj.state))

    @admin.action(description="Mettre en ligne les messages choisis", permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = moderate(queryset, Shown.SHOWN)
        messages.success(request, f"{plural(count, 'message est en ligne', 'messages sont en ligne')}.")

    @admin.action(description="Masquer les messages choisis", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = moderate(queryset, Shown.HIDDEN)
        messages.success(request, f"{plural(count, 'message est masqué', 'messages sont masqués')}.")


@admin.register(Topic)
class TopicAdmin(ModeratedAdmin):
    list_display = ["title", "author", "state", "at"]
    list_select_related = ["author"]
    search_fields = ["title", "text"]
    fields = ["title", "text", "author", "document", "situation", "at", "state"]
    readonly_fields = ["title", "text", "author", "document", "situation", "at"]


@admin.register(Reply)
class ReplyAdmin(ModeratedAdmin):
    list_display = ["__str__", "topic", "author", "state", "at"]
    list_select_related = ["author", "topic"]
    search_fields = ["text"]
    fields = ["topic", "text", "author", "at", "state"]
    readonly_fields = ["topic", "text", "author", "at"]
