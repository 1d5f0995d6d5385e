"""The bank of questions and the questionnaires of events, in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .models import BankQuestion, Survey, SurveyItem


@admin.register(BankQuestion)
class BankQuestionAdmin(admin.ModelAdmin):
    """Questions that the next questionnaires take; those already made keep theirs."""

    list_display = ["text", "kind", "hot", "later", "order"]
    list_filter = ["kind", "hot", "later"]
    search_fields = ["text"]
    fields = ["text", "kind", "choices", ("hot", "later"), "order", "code"]
    prepopulated_fields = {"code": ["text"]}

    def get_readonly_fields(self, request: HttpRequest, obj: BankQuestion | None = None) -> list[str]:
        return ["code"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: BankQuestion | None = None) -> dict[str, Any]:
        return {} if obj else {"code": ["text"]}


class ItemInline(admin.StackedInline):
    """The questions may change until somebody answers: then the answers would no longer say what they said."""

    model = SurveyItem
    extra = 0
    fields = [("text", "kind"), "choices", "order"]

    def _open(self, survey: Survey | None) -> bool:
        return survey is None or not survey.answers.exists()

    def has_add_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_add_permission(request, obj) and self._open(obj)

    def has_change_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._open(obj)


@admin.register(Survey)
class SurveyAdmin(admin.ModelAdmin):
    """One questionnaire; it is made from the page of its results, with the questions of the bank."""

    list_display = ["event", "moment", "answered", "results"]
    list_filter = ["moment"]
    list_select_related = ["event"]
    search_fields = ["event__title"]
    readonly_fields = ["event", "moment", "sent_at", "results"]
    inlines = [ItemInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        return super().get_queryset(request).annotate(answer_count=Count("answers"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        """Answers are not thrown away with their questions."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.answers.exists())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    @admin.display(description="réponses")
    def answered(self, survey: Any) -> int:
        return survey.answer_count

    @admin.display(description="résultats")
    def results(self, survey: Survey) -> SafeString:
        return format_html('<a href="{}">Voir les résultats</a>', reverse("events:results", args=[survey.event.slug]))
