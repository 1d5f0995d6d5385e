"""The team's work list: what came in, who takes care of it, what was done and how long it took."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseModelFormSet
from django.http import HttpRequest
from django.utils import timezone

from trajectoire.core.text import local_day

from ..models import Territory, TerritoryKind
from . import following
from .requests import HelpNote, HelpRequest


class HelpRequestForm(forms.ModelForm):
    send_answer = forms.BooleanField(
        label="Envoyer la réponse",
        required=False,
        help_text="La personne reçoit le texte ci-dessus et les ressources liées ; l’état devient « Réponse donnée ».",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("send_answer") and not data.get("answer", "").strip():
            raise ValidationError({"answer": "Écrivez la réponse avant de l’envoyer."})
        if data.get("send_answer") and not self.instance.email:
            raise ValidationError("Cette demande est anonymisée : il n’y a plus d’adresse où répondre.")
        return data


class HelpNoteInline(admin.TabularInline):
    model = HelpNote
    extra = 1
    fields = ["written", "text", "half_days"]
    readonly_fields = ["written"]
    formfield_overrides = {HelpNote._meta.get_field("text").__class__: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 70})}}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what was written stays: add another note

    @admin.display(description="le, par")
    def written(self, note: HelpNote) -> str:
        if not note.pk:
            return ""
        by = "la personne" if note.from_asker else str(note.author or "le site")
        return f"{local_day(note.written_at)}, {by}"


class WorkFilter(admin.SimpleListFilter):
    title = "travail"
    parameter_name = "travail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-faire", "À traiter"), ("moi", "À ma charge"), ("sans", "Sans personne en charge"), ("dort", "Qui dort")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        chosen = {
            "a-faire": queryset.open,
            "moi": lambda: queryset.open().filter(in_charge=request.user),
            "sans": lambda: queryset.open().filter(in_charge=None),
            "dort": queryset.sleeping,
        }.get(self.value() or "")
        return chosen() if chosen else queryset


class DepartmentFilter(admin.SimpleListFilter):
    title = "département"
    parameter_name = "departement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).order_by("code")
        return [(row.code, row.name) for row in rows]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        place = Territory.objects.filter(code=self.value() or "").first()
        return queryset.in_territory(place) if place else queryset


@admin.register(HelpRequest)
class HelpRequestAdmin(admin.ModelAdmin):
    form = HelpRequestForm
    inlines = [HelpNoteInline]
    list_display = ["subject", "where", "status", "in_charge", "received", "activity", "time_spent"]
    list_filter = [WorkFilter, "status", "in_charge", "mission", DepartmentFilter, "themes"]
    list_select_related = ["territory", "in_charge"]
    search_fields = ["subject", "details", "name", "email", "structure"]
    autocomplete_fields = ["territory", "organisation", "themes"]
    date_hierarchy = "created_at"
    readonly_fields = ["received", "activity", "answered_at"]
    fieldsets = [
        ("Suivi", {"fields": [("status", "in_charge"), ("mission", "wanted"), ("received", "activity")]}),
        ("Demande", {"fields": ["subject", "details", "themes", "place", "territory"]}),
        ("Personne", {"fields": [("name", "email"), ("phone", "position"), ("structure", "organisation")]}),
        ("Réponse", {"fields": ["answer", "send_answer", "answered_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_half_days()  # type: ignore[attr-defined]

    @admin.display(description="où", ordering="territory__name")
    def where(self, asked: HelpRequest) -> str:
        return asked.territory.name if asked.territory else asked.place

    @admin.display(description="reçue le", ordering="created_at")
    def received(self, asked: HelpRequest) -> str:
        return local_day(asked.created_at) if asked.pk else ""

    @admin.display(description="dernière activité", ordering="last_activity_at")
    def activity(self, asked: HelpRequest) -> str:
        days = (timezone.now() - asked.last_activity_at).days
        label = "aujourd’hui" if days == 0 else "hier" if days == 1 else f"il y a {days} jours"
        return f"{label} : à relancer" if asked.pk and asked.sleeps else label

    @admin.display(description="demi-journées", ordering="half_days")
    def time_spent(self, asked: Any) -> str:
        return f"{asked.half_days:f}".rstrip("0").rstrip(".").replace(".", ",") or "0"

    def save_model(self, request: HttpRequest, obj: HelpRequest, form: Any, change: bool) -> None:
        """A new state is noted down; what the form says beside it is simply kept."""
        status = obj.status
        if change and "status" in form.changed_data:
            obj.status = form.initial["status"]
        obj.last_activity_at = timezone.now()
        super().save_model(request, obj, form, change)
        if status != obj.status:
            following.change_status(obj, status, request.user)  # type: ignore[arg-type]

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool) -> None:
        for note in (form_.instance for form_ in formset.forms if isinstance(form_.instance, HelpNote)):
            note.author = note.author if note.pk else request.user  # type: ignore[assignment]
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The answer leaves last: it names the resources chosen in the same screen."""
        super().save_related(request, form, formsets, change)
        if form.cleaned_data.get("send_answer"):
            following.answer(form.instance, request.user)  # type: ignore[arg-type]
            messages.success(request, "La réponse est partie.")
