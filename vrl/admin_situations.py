"""Situations in the administration: the text, its sources on the same screen, what to read again."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from network.admin_base import ShownAdmin
from trajectoire.core.admin import VersionedAdmin, VersionedForm
from trajectoire.core.text import french_typography

from .kit_to_do import SITUATIONS
from .situation import LegalSource, Situation


class SituationForm(VersionedForm):
    class Meta:
        model = Situation
        fields = "__all__"
        widgets = {"summary": forms.Textarea(attrs={"rows": 2})}

    def clean_question(self) -> str:
        return french_typography(self.cleaned_data["question"])

    def clean_summary(self) -> str:
        return french_typography(self.cleaned_data["summary"])


class SourceInline(admin.TabularInline):
    model = LegalSource
    fields = ["title", "url", "dated_on", "order"]
    extra = 1

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class WorkFilter(admin.SimpleListFilter):
    title = "travail à faire"
    parameter_name = "travail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("relire", "À relire"), ("valider", "À valider"), ("publier", "À mettre en ligne")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Situation]) -> QuerySet[Situation]:
        chosen = SITUATIONS.get(self.value() or "")
        return queryset.filter(pk__in=chosen().values("pk")) if chosen else queryset


@admin.register(Situation)
class SituationAdmin(ShownAdmin, VersionedAdmin):
    form = SituationForm
    inlines = [SourceInline]
    list_display = ["question", "theme", "published", "validated", "up_to_date_on", "review_on"]
    list_filter = [WorkFilter, "published", "validated", "theme"]
    list_select_related = ["theme"]
    search_fields = ["question", "summary"]
    autocomplete_fields = ["kit"]
    fieldsets = [
        (None, {"fields": ["question", "summary", "theme", "happens", "law", "can_do", "edited_version"]}),
        ("Relecture et mise en ligne", {"fields": [("up_to_date_on", "review_on"), ("validated", "published"), "slug"]}),
        ("Documents liés", {"fields": ["kit"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Situation | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_view_on_site_url(self, obj: Situation | None = None) -> str | None:
        return obj.get_absolute_url() if obj else None
