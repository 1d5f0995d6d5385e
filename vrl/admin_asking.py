"""Requests of structures and candidacies: what was said, where it stands, the next step as a button."""

import datetime
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path as route
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from network.events.registering import Refused
from trajectoire.core.text import local_day

from . import candidacies, requesting
from .admin_steps import StepAdmin
from .asking import Candidacy, TrainingRequest, Volunteer
from .asking_forms import departments
from .session import Session, SessionModel
from .trainer import Trainer
from .vocabulary import CandidacyState, Level, RequestState

MOST_DAYS = 4
TYPES = {"pdf": "application/pdf", "webp": "image/webp"}  # the others are only downloaded


class DepartmentFilter(admin.SimpleListFilter):
    title = "département"
    parameter_name = "departement"
    column = "department"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(place.code, place.name) for place in departments()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        return queryset.filter(**{f"{self.column}__code": chosen}) if chosen else queryset


class DepartmentsFilter(DepartmentFilter):
    column = "departments"


class WorkFilter(admin.SimpleListFilter):
    title = "travail"
    parameter_name = "travail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-faire", "À traiter"), ("moi", "À ma charge"), ("dort", "Qui dort")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        open_ones = queryset.filter(state__in=requesting.OPEN)
        chosen = {
            "a-faire": open_ones,
            "moi": open_ones.filter(in_charge=request.user),
            "dort": queryset.filter(pk__in=requesting.sleeping().values("pk")),
        }
        return chosen.get(self.value() or "", queryset)


class VolunteerInline(admin.TabularInline):
    model = Volunteer
    extra = 0
    fields = readonly_fields = ["trainer", "note", "at"]  # type: ignore[assignment]
    verbose_name_plural = "« Je peux » des formatrices et formateurs"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(TrainingRequest)
class TrainingRequestAdmin(StepAdmin):
    inlines = [VolunteerInline]
    list_display = ["structure", "department", "level", "people", "state", "offers", "in_charge", "received", "activity"]
    list_filter = [WorkFilter, "state", "level", DepartmentFilter, "in_charge"]
    list_select_related = ["department", "in_charge"]
    search_fields = ["structure", "name", "email", "place"]
    autocomplete_fields = ["organisation"]
    date_hierarchy = "created_at"
    readonly_fields = ["state", "received", "activity", "made"]
    fieldsets = [
        ("Suivi", {"fields": [("state", "in_charge"), ("received", "activity"), "made", "note", "answer"]}),
        ("Besoin", {"fields": [("level", "length", "people"), "audiences", "audience_note"]}),
        ("Où et quand", {"fields": ["department", ("place", "has_room"), ("first_on", "last_on"), "dates_note", "constraints"]}),
        ("Qui demande", {"fields": [("structure", "organisation"), ("name", "position"), ("email", "phone"), "edited_version"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(offers_count=Count("volunteers"))

    def get_urls(self) -> list[Any]:
        plan = require_http_methods(["GET", "HEAD", "POST"])(never_cache(self.plan))
        return [
            route("<int:pk>/planifier/", self.admin_site.admin_view(plan), name="vrl_trainingrequest_plan"),
            *super().get_urls(),
        ]

    @admin.display(description="« je peux »", ordering="offers_count")
    def offers(self, asked: Any) -> int:
        return asked.offers_count

    @admin.display(description="reçue le", ordering="created_at")
    def received(self, asked: TrainingRequest) -> str:
        return local_day(asked.created_at) if asked.pk else ""

    @admin.display(description="dernière activité", ordering="last_activity_at")
    def activity(self, asked: TrainingRequest) -> str:
        return local_day(asked.last_activity_at)

    @admin.display(description="session")
    def made(self, asked: TrainingRequest) -> str:
        """The sessions that answer it, with their state."""
        sessions = asked.sessions.select_related("event").order_by("pk") if asked.pk else []  # type: ignore[attr-defined]
        rows = [(reverse("admin:vrl_session_change", args=[one.pk]), one, one.get_state_display()) for one in sessions]
        return format_html_join(", ", '<a href="{}">{}</a> ({})', rows) or "Aucune"

    def save_model(self, request: HttpRequest, obj: TrainingRequest, form: Any, change: bool) -> None:
        """One that staff writes down by hand (a telephone call) is received like the others, without a mail."""
        obj.last_activity_at = timezone.now()
        super().save_model(request, obj, form, change)

    def steps(self, request: HttpRequest, row: TrainingRequest) -> list[tuple[str, str]]:
        again = row.state == RequestState.REFUSED
        known = {
            RequestState.QUALIFIED: "Reprendre la demande" if again else "Retenir la demande",
            RequestState.OFFERED: f"Proposer aux formateurs du département ({requesting.able(row).count()})",
            RequestState.REFUSED: "Répondre que rien ne suivra",
        }
        follows_session = row.state == RequestState.PLANNED  # what becomes of the session decides
        return [(to.value, label) for to, label in known.items() if requesting.may(row, to) and not follows_session]

    def links(self, request: HttpRequest, row: TrainingRequest) -> list[tuple[str, str]]:
        may = requesting.may(row, RequestState.PLANNED) and request.user.has_perm("vrl.add_session")  # type: ignore[union-attr]
        return [("Créer la session…", reverse("admin:vrl_trainingrequest_plan", args=[row.pk]))] if may else []

    def act(self, request: HttpRequest, row: TrainingRequest, step: str) -> str:
        if step == RequestState.QUALIFIED:
            requesting.qualify(row, request.user)
            return "La demande est retenue, la structure le sait."
        if step == RequestState.OFFERED:
            count = requesting.offer(row, request.user)
            return f"La demande est proposée. E-mails aux formatrices et formateurs : {count}."
        requesting.refuse(row, request.user, row.answer)
        return "La structure a reçu votre réponse."

    def plan(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The session that answers the request: a model, days, an owner; the rest is prefilled."""
        asked = get_object_or_404(TrainingRequest.objects.select_related("department"), pk=pk)
        if not (self.has_change_permission(request) and request.user.has_perm("vrl.add_session")):  # type: ignore[union-attr]
            raise PermissionDenied
        form = PlanForm(request.POST if request.method == "POST" else None, asked=asked)
        if form.is_valid() and form.plan(request.user):
            messages.success(request, "La session est créée, en brouillon : relisez-la, puis faites-la avancer.")
            return HttpResponseRedirect(reverse("admin:vrl_trainingrequest_change", args=[asked.pk]))
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        shown = {"title": "Créer la session", "asked": asked, "rows": requesting.summary(asked), "form": form}
        return render(request, "admin/vrl/trainingrequest/plan.html", frame | shown, status=400 if form.errors else 200)


class PlanForm(forms.Form):
    """As many days as the model has."""

    model = forms.ModelChoiceField(label="Modèle", queryset=SessionModel.objects.none(), empty_label="Choisir un modèle")
    owner = forms.ModelChoiceField(
        label="Portée par",
        queryset=Trainer.objects.none(),
        required=False,
        empty_label="Personne pour l’instant",
        help_text="Les personnes qui ont répondu « je peux » viennent d’abord.",
    )

    def __init__(self, *args: Any, asked: TrainingRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        fields: dict[str, Any] = self.fields
        fields["model"].queryset = SessionModel.objects.filter(level=asked.level)
        here = (
            requesting.able(asked)
            .annotate(said=Count("volunteered", filter=Q(volunteered__request=asked)))
            .order_by("-said", "name", "pk")
        )
        fields["owner"].queryset = here
        for number in range(1, MOST_DAYS + 1):
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            fields[f"day{number}"] = forms.DateField(label=f"Jour {number}", widget=widget, required=number == 1)

    def days(self) -> list[datetime.date]:
        return [day for number in range(1, MOST_DAYS + 1) if (day := self.cleaned_data[f"day{number}"])]

    def plan(self, by: Any) -> bool:
        """False, with the sentence on the form, when it is refused."""
        data = self.cleaned_data
        try:
            requesting.plan(self.asked, by, model=data["model"], owner=data["owner"], dates=self.days())
        except Refused as reason:
            self.add_error(None, str(reason))
            return False
        return True


@admin.register(Candidacy)
class CandidacyAdmin(StepAdmin):
    list_display = ["name", "structure", "where", "state", "session", "has_paper", "received"]
    list_filter = ["state", DepartmentsFilter, "session"]
    list_select_related = ["session__event"]
    search_fields = ["name", "email", "structure"]
    date_hierarchy = "created_at"
    said = ["name", "email", "phone", "structure", "position", "where", "motivation", "experience", "commitment", "paper"]
    readonly_fields = ["state", "received", "decided_at", "decided_by", "place", "trainer", *said]
    fieldsets = [
        ("Suivi", {"fields": [("state", "received"), ("decided_at", "decided_by"), "session", "place", "trainer", "answer"]}),
        ("Ce que dit la personne", {"fields": [*said, "edited_version"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("departments")

    def get_urls(self) -> list[Any]:
        paper = require_safe(never_cache(self.give_paper))
        return [route("<int:pk>/accord/", self.admin_site.admin_view(paper), name="vrl_candidacy_paper"), *super().get_urls()]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The session is the only one that staff chooses."""
        kwargs["queryset"] = Session.objects.live().filter(level=Level.N2).select_related("event")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="départements")
    def where(self, one: Candidacy) -> str:
        return ", ".join(place.name for place in one.departments.all())

    @admin.display(description="accord", boolean=True)
    def has_paper(self, one: Candidacy) -> bool:
        return bool(one.agreement)

    @admin.display(description="accord de l’employeur")
    def paper(self, one: Candidacy) -> str:
        if not one.agreement:
            return "Il n’est pas joint."
        return format_html('<a href="{}">Ouvrir le fichier</a>', reverse("admin:vrl_candidacy_paper", args=[one.pk]))

    @admin.display(description="inscription")
    def place(self, one: Candidacy) -> str:
        return one.registration.get_state_display() if one.registration else "Aucune"

    @admin.display(description="reçue le", ordering="created_at")
    def received(self, one: Candidacy) -> str:
        return local_day(one.created_at)

    def give_paper(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The paper, for who may see candidacies; never run, never stored by the browser."""
        one = get_object_or_404(Candidacy, pk=pk)
        if not self.has_view_permission(request, one):
            raise PermissionDenied
        name = one.agreement.name or ""
        if not name or not default_storage.exists(name):
            raise Http404
        extension = PurePath(name).suffix[1:]
        response = FileResponse(
            default_storage.open(name),
            content_type=TYPES.get(extension, "application/octet-stream"),
            as_attachment=extension not in TYPES,
            filename=f"accord-{one.pk}.{extension}",
        )
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; sandbox"
        return response

    def steps(self, request: HttpRequest, row: Candidacy) -> list[tuple[str, str]]:
        place = "Inscrire à la session" if row.state == CandidacyState.ACCEPTED else "Accepter"
        known = [
            ("accept", place, row.state in (CandidacyState.RECEIVED, CandidacyState.REFUSED) or _waits_for_place(row)),
            ("refuse", "Refuser", row.state == CandidacyState.RECEIVED),
            ("habilitate", "Donner l’habilitation N2", candidacies.may_habilitate(row)),
        ]
        return [(name, label) for name, label, may in known if may]

    def act(self, request: HttpRequest, row: Candidacy, step: str) -> str:
        by: Any = request.user
        if step == "accept":
            candidacies.accept(row, by, row.answer, row.session)
            return "La candidature est acceptée, la personne reçoit un e-mail."
        if step == "refuse":
            candidacies.refuse(row, by, row.answer)
            return "La candidature est refusée, la personne reçoit un e-mail."
        trainer = candidacies.habilitate(row, by)
        return f"{trainer} est habilitée N2 ; son compte s’ouvre par le lien reçu."


def _waits_for_place(row: Candidacy) -> bool:
    return row.state == CandidacyState.ACCEPTED and row.registration is None
