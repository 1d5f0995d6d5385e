"""The agenda in the admin: one form for an event, one screen to follow it (see admin_follow.py)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, F, Field, QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from trajectoire.core.admin import VersionedAdmin
from trajectoire.core.text import plural

from ..admin_base import FoldedSearchAdmin
from ..models import Territory, TerritoryKind
from . import admin_questionnaires, admin_texts, changes, registering  # noqa: F401  (two of them register themselves)
from .admin_forms import DateForm, DateFormSet, EventForm, MomentField, QuestionForm
from .copying import copy
from .event import Event, EventDate, ProgrammeItem, Question
from .series import Series
from .steps import TO_DO
from .vocabulary import EventStatus

WIDGETS: dict[type[Field], dict[str, Any]] = {
    DateTimeField: {"form_class": MomentField, "widget": AdminSplitDateTime},
    URLField: {"assume_scheme": "https"},
}


class DateInline(admin.TabularInline):
    model = EventDate
    form = DateForm
    formset = DateFormSet
    extra = 0
    min_num = 1
    fields = ["day", "starts", "ends", "half_days", "label"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A draft may have no date yet: the empty line is only shown."""
        return super().get_formset(request, obj, **kwargs | {"validate_min": False})


class ProgrammeInline(admin.StackedInline):
    model = ProgrammeItem
    extra = 0
    fields = [("order", "date", "time"), "title", "text", "speakers", "other_speakers"]
    autocomplete_fields = ["speakers"]
    formfield_overrides = {ProgrammeItem._meta.get_field("text").__class__: {"widget": forms.Textarea(attrs={"rows": 3})}}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The only key of a line is its date: one of this event."""
        known = request.resolver_match.kwargs.get("object_id")  # type: ignore[union-attr]
        kwargs["queryset"] = EventDate.objects.filter(event=known)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class QuestionInline(admin.TabularInline):
    model = Question
    form = QuestionForm
    extra = 0


class WhenFilter(admin.SimpleListFilter):
    """What is to come, unless asked otherwise."""

    title = "moment"
    parameter_name = "quand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("passes", "Passés"), ("tous", "Tous")]

    def choices(self, changelist: Any) -> Any:
        coming, *others = super().choices(changelist)
        return [{**coming, "display": "À venir, ou sans date"}, *others]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        now = timezone.now()
        chosen = {"passes": lambda: queryset.filter(ends_at__lt=now), "tous": lambda: queryset}.get(self.value() or "")
        return chosen() if chosen else queryset.exclude(ends_at__lt=now)


class StateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("brouillon", "Brouillon"),
            ("en-ligne", "En ligne"),
            ("prive", "Réservé aux personnes invitées"),
            *[(status.value, status.label) for status in EventStatus if status != EventStatus.SCHEDULED],
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        chosen = self.value()
        ways = {"brouillon": {"published": False}, "en-ligne": {"published": True}, "prive": {"private": True}}
        return queryset.filter(**ways.get(chosen, {"status": chosen})) if chosen else queryset


class WorkFilter(admin.SimpleListFilter):
    title = "travail à faire"
    parameter_name = "a-faire"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("candidatures", "Candidatures à examiner"),
            ("prevenir", "Personnes à prévenir"),
            ("presence", "Présence à cocher"),
            ("publier", "À publier"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        chosen = TO_DO.get(self.value() or "")
        return queryset.filter(pk__in=chosen().values("pk")) if chosen else queryset


class DepartmentFilter(admin.SimpleListFilter):
    title = "département"
    parameter_name = "departement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).order_by("code")
        return [(row.code, row.name) for row in rows]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        place = Territory.objects.filter(code=self.value() or "").first()
        return queryset.in_territory(place) if place else queryset


class ModeFilter(admin.ChoicesFieldListFilter):
    """With a title that reads well after « Par »."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "manière de participer"


@admin.register(Event)
class EventAdmin(VersionedAdmin, FoldedSearchAdmin):
    form = EventForm
    inlines = [DateInline, ProgrammeInline, QuestionInline]
    formfield_overrides = WIDGETS
    list_display = ["title", "when", "kind", "state", "places", "follow"]
    list_filter = [WhenFilter, WorkFilter, StateFilter, "kind", ("mode", ModeFilter), DepartmentFilter, "series"]
    list_per_page = 50
    search_fields = ["title", "venue", "place__name"]
    autocomplete_fields = ["place", "territories", "themes", "audiences", "organisers", "partners", "series"]
    actions = ["copy_chosen"]
    change_form_template = "admin/events/event/change_form.html"
    fieldsets = [
        (None, {"fields": ["title", "kind", "summary", "body", "edited_version"]}),
        ("Mise en ligne", {"fields": [("published", "private"), ("status", "status_note"), "slug"]}),
        (
            "Où et comment",
            {"fields": ["mode", "venue", "address", "place", "access_note", "accessibility", "online_url", "online_hours"]},
        ),
        (
            "Inscriptions",
            {
                "fields": [
                    "registering",
                    "elsewhere_url",
                    ("capacity", "waiting_list"),
                    ("opens_at", "closes_at"),
                    ("promotes", "accept_hours"),
                    ("asks_motivation", "asks_meal", "shares_list"),
                ]
            },
        ),
        ("Classement", {"fields": ["themes", "territories", "audiences", "series", ("mission", "category")]}),
        ("Avec qui", {"classes": ["collapse"], "fields": ["organisers", "partners", ("contact_name", "contact_email")]}),
        ("Attestation", {"classes": ["collapse"], "fields": [("attests", "threshold")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_places()  # type: ignore[attr-defined]

    def get_ordering(self, request: HttpRequest) -> list:
        """The next one first; the latest first among those that are over."""
        if request.GET.get("quand") in ("passes", "tous"):
            return [F("starts_at").desc(nulls_first=True), "-pk"]
        return [F("starts_at").asc(nulls_first=True), "pk"]

    @admin.display(description="quand", ordering="starts_at")
    def when(self, event: Event) -> str:
        if event.starts_at is None or event.ends_at is None:
            return "Date à fixer"
        start, end = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
        return f"{start:%d/%m/%Y}" + (f" au {end:%d/%m/%Y}" if end.date() != start.date() else f", {start:%H:%M}")

    @admin.display(description="état")
    def state(self, event: Event) -> str:
        words = [] if event.status == EventStatus.SCHEDULED else [event.get_status_display()]
        return ", ".join([*words, "sur invitation" if event.private else "en ligne" if event.published else "brouillon"])

    @admin.display(description="places")
    def places(self, event: Any) -> str:
        return places_words(event)

    @admin.display(description="")
    def follow(self, event: Event) -> SafeString:
        url = reverse("admin:events_event_follow", args=[event.pk])
        return format_html('<a href="{}">Suivre<span class="visually-hidden"> : {}</span></a>', url, event.title)

    def get_view_on_site_url(self, obj: Event | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_public else None

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> list[str]:
        return ["slug"] if obj else []

    def save_model(self, request: HttpRequest, obj: Event, form: forms.ModelForm, change: bool) -> None:
        """What was true before is kept aside until the dates are saved too."""
        self._before(obj, change)
        super().save_model(request, obj, form, change)

    def _before(self, obj: Event, change: bool) -> None:
        obj.facts_before = changes.stored_facts(obj) if change else None  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        event = form.instance
        event.keep_bounds()
        if event.facts_before and changes.record_changes(event, event.facts_before) and event.untold:
            url = reverse("admin:events_event_changes", args=[event.pk])
            count = plural(changes.concerned(event).count(), "personne inscrite ne le sait", "personnes inscrites ne le savent")
            ask = '{} pas encore. <a href="{}">Relire et envoyer le message qui le leur dit</a>'
            messages.warning(request, format_html(ask, count, url))
        if change and {"capacity", "status", "waiting_list", "promotes"} & set(form.changed_data):
            registering.capacity_changed(event)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What people registered to is cancelled, never erased in silence."""
        event = self.get_object(request, object_id)
        if event and event.registrations.exists():
            count = plural(event.registrations.count(), "inscription", "inscriptions")
            messages.error(
                request,
                f"« {event.title} » a {count} : il ne peut pas être supprimé. Pour l’annuler, choisissez l’état « Annulé » et "
                "enregistrez : le site vous proposera de prévenir les personnes.",
            )
            return HttpResponseRedirect(reverse("admin:events_event_change", args=[event.pk]))
        return super().delete_view(request, object_id, extra_context)

    @admin.action(description="Copier les événements choisis", permissions=["add"])
    def copy_chosen(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        for event in queryset:
            copy(event)
        messages.success(
            request,
            f"{plural(queryset.count(), 'copie', 'copies')} en brouillon, sans date ni personne inscrite : complétez-les.",
        )

    def get_urls(self) -> list:
        from .admin_screens import paths

        copied = self.admin_site.admin_view(require_POST(self.copy_one))
        return [path("<int:pk>/copier/", copied, name="events_event_copy"), *paths(self), *super().get_urls()]

    def copy_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        made = copy(get_object_or_404(Event, pk=pk))
        messages.success(request, "Voici la copie, en brouillon : donnez-lui ses dates. Les inscriptions ne sont pas copiées.")
        return HttpResponseRedirect(reverse("admin:events_event_change", args=[made.pk]))


def places_words(event: Any) -> str:
    """« 12/15 + 3 en attente » for an event of `with_places()`."""
    taken = str(event.taken_count) if event.holder.capacity is None else f"{event.taken_count}/{event.holder.capacity}"
    return f"{taken} + {event.waiting_count} en attente" if event.waiting_count else taken


@admin.register(Series)
class SeriesAdmin(VersionedAdmin, FoldedSearchAdmin):
    list_display = ["title", "kind", "scope", "sessions", "published"]
    list_filter = ["kind", "published"]
    search_fields = ["title", "summary"]
    autocomplete_fields = ["themes", "lead"]
    fields = ["title", "slug", ("kind", "scope"), "summary", "body", "themes", "lead", "published", "edited_version"]

    @admin.display(description="séances")
    def sessions(self, series: Series) -> SafeString:
        url = f"{reverse('admin:events_event_changelist')}?quand=tous&series__id__exact={series.pk}"
        return format_html('<a href="{}">{}</a>', url, plural(series.events.count(), "séance", "séances"))

    def get_view_on_site_url(self, obj: Series | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.published else None
