"""The kit in the administration: its parts, telling trainers of a new version, who was given what."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from resources.models import Document
from trajectoire.core.mail_admin import SANDBOX
from trajectoire.core.text import plural

from . import kit_mail
from .kit_part import KitPart, KitReading
from .kit_to_do import opened_to_all

RESERVE = (
    "Ce document est ouvert à tout le monde. Ouvrez-le d’abord dans la bibliothèque et choisissez «\u00a0Formatrices et formateurs VRL\u00a0» "
    "dans «\u00a0qui peut lire\u00a0»."
)


class KitPartForm(forms.ModelForm):
    class Meta:
        model = KitPart
        fields = ["document", "kind", "sequence", "in_two_days", "in_one_day", "minutes", "version_label", "changes"]

    def clean_document(self) -> Document:
        document = self.cleaned_data["document"]
        if document.access != Document.Access.TRAINERS:
            raise forms.ValidationError(RESERVE)
        return document


class OpenedFilter(admin.SimpleListFilter):
    title = "travail à faire"
    parameter_name = "travail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ouverte", "Ouverte à tout le monde"), ("annoncer", "À annoncer")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[KitPart]) -> QuerySet[KitPart]:
        if self.value() == "ouverte":
            return queryset.filter(pk__in=opened_to_all().values("pk"))
        return queryset.filter(pk__in=kit_mail.to_announce().values("pk")) if self.value() == "annoncer" else queryset


@admin.register(KitPart)
class KitPartAdmin(admin.ModelAdmin):
    form = KitPartForm
    list_display = ["document", "kind", "sequence", "in_two_days", "in_one_day", "version_label", "announced_at"]
    list_filter = [OpenedFilter, "kind", "in_two_days", "in_one_day", "sequence"]
    list_select_related = ["document"]
    search_fields = ["document__title"]
    autocomplete_fields = ["document"]
    readonly_fields = ["announced_at"]
    actions = ["announce"]
    fields = [
        "document",
        ("kind", "sequence"),
        ("in_two_days", "in_one_day", "minutes"),
        ("version_label", "announced_at"),
        "changes",
    ]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[KitPart]) -> None:
        for part in queryset:  # one by one: the search engine is told of each
            part.delete()

    @admin.action(description="Prévenir les formatrices et formateurs des parties choisies", permissions=["change"])
    def announce(self, request: HttpRequest, queryset: QuerySet[KitPart]) -> HttpResponse | None:
        """The message as it will be read, then one button that sends it, once."""
        parts = list(kit_mail.to_announce().filter(pk__in=queryset.order_by().values("pk")))
        if not parts:
            messages.error(
                request, "Ces parties sont déjà annoncées, remplacées, ou pas en ligne\u00a0: il n’y a rien à envoyer."
            )
            return None
        if "send" in request.POST:
            told = kit_mail.announce(parts)
            messages.success(request, f"Le message est envoyé à {plural(told, 'personne', 'personnes')}.")
            return None
        context = self.admin_site.each_context(request) | {
            "title": "Prévenir d’une nouvelle version",
            "opts": self.model._meta,
            "parts": parts,
            "people": plural(kit_mail.readers().count(), "personne", "personnes"),
            "preview": kit_mail.preview(parts),
            "sandbox": SANDBOX,
        }
        return TemplateResponse(request, "admin/vrl/kitpart/announce.html", context)


@admin.register(KitReading)
class KitReadingAdmin(admin.ModelAdmin):
    list_display = ["at", "user", "document", "file", "whole"]
    list_filter = ["whole", "at"]
    list_select_related = ["user", "document", "file"]
    search_fields = ["document__title", "user__name", "user__email"]
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
