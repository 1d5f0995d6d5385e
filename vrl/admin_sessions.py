"""The sessions in the administration: a board by step, one form each, their models. What changes goes through life and team."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path as route
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from network.events.dates import summed
from network.events.registering import Refused
from network.models import Territory
from trajectoire.core.admin import VersionedForm

from . import board, cascade, creating, life, team
from .admin_asking import DepartmentFilter
from .admin_steps import StepAdmin
from .admin_work import SessionWorkFilter
from .report import Report
from .session import Session, SessionChange, SessionModel, TeamMember
from .trainer import Trainer
from .vocabulary import DONE, Place, SessionState

MOST_DAYS = 4
CONFIRM, DECLINE, LEAVE = "confirmer", "decliner", "retirer"


class SessionForm(VersionedForm):
    asks = forms.ModelChoiceField(
        label="Inviter dans l’équipe",
        queryset=Trainer.objects.present(),
        required=False,
        empty_label="Personne",
        help_text="La personne reçoit un e-mail et répond depuis son espace.",
    )
    why = forms.CharField(
        label="Pourquoi",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text="Noté avec la prochaine étape. Pour une annulation ou un report, les personnes inscrites le lisent.",
    )

    def clean(self) -> dict[str, Any]:
        """A new level is one that its team may lead."""
        data = super().clean()
        if "level" in self.changed_data and not self.errors:
            self.instance.level = data["level"]
            if found := cascade.check_team(self.instance):
                self.add_error("level", " ".join(found))
        if (asked := data.get("asks")) and (obstacle := cascade.obstacle(asked, self.instance)):
            self.add_error("asks", obstacle)
        return data


class CreateForm(forms.Form):
    """As many days as the model has."""

    model = forms.ModelChoiceField(label="Modèle", queryset=SessionModel.objects.all(), empty_label="Choisir un modèle")
    department = forms.ModelChoiceField(
        label="Département", queryset=Territory.objects.filter(kind="departement").order_by("code"), empty_label="Choisir"
    )
    owner = forms.ModelChoiceField(
        label="Portée par", queryset=Trainer.objects.present(), required=False, empty_label="Personne pour l’instant"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_DAYS + 1):
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            self.fields[f"day{number}"] = forms.DateField(label=f"Jour {number}", widget=widget, required=number == 1)

    def create(self) -> Session | None:
        """None, with the sentence on the form, when it is refused."""
        data = self.cleaned_data
        days = [day for number in range(1, MOST_DAYS + 1) if (day := data[f"day{number}"])]
        try:
            return creating.create_from(data["model"], owner=data["owner"], department=data["department"], dates=days)
        except Refused as reason:
            self.add_error(None, str(reason))
            return None


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TeamInline(ReadOnlyInline):
    model = TeamMember
    fields = ["trainer", "state", "asked_at", "answered_at"]
    verbose_name_plural = "Équipe"


class ChangeInline(ReadOnlyInline):
    model = SessionChange
    fields = ["at", "before", "after", "by", "note"]
    verbose_name_plural = "Étapes"


class ReportInline(admin.StackedInline):
    model = Report
    can_delete = False
    fields = readonly_fields = ["sent_at", "people", "young_people", "worked", "hard", "wishes", "met", "accepted_at"]  # type: ignore[assignment]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="situations rencontrées")
    def met(self, report: Report) -> str:
        return ", ".join(f"{met} ({met.count})" for met in report.situations.all()) or "Aucune"  # type: ignore[attr-defined]


class YearFilter(admin.SimpleListFilter):
    title = "année"
    parameter_name = "annee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in board.years()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        return queryset.filter(event__starts_at__year=int(chosen)) if chosen.isdecimal() else queryset


@admin.register(Session)
class SessionAdmin(StepAdmin):
    form = SessionForm
    inlines = [TeamInline, ReportInline, ChangeInline]
    list_display = ["event", "when", "level", "department", "state", "confirmed", "owner"]
    list_filter = [SessionWorkFilter, "state", "level", DepartmentFilter, YearFilter]
    list_select_related = ["event", "department", "owner"]
    search_fields = ["event__title", "owner__name"]
    ordering = ["-event__starts_at", "-pk"]
    change_list_template = "admin/vrl/session/change_list.html"
    readonly_fields = ["state", "since", "its_event", "its_request"]
    fieldsets = [
        (None, {"fields": [("state", "since"), "its_event", "its_request", "why", "edited_version"]}),
        ("Plan", {"fields": [("level", "length"), ("department", "funding"), "follows"]}),
        ("Équipe", {"fields": [("owner", "expected_trainers"), "asks"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_team().prefetch_related("event__dates")  # type: ignore[attr-defined]

    def get_urls(self) -> list[Any]:
        shown, moved = require_safe(never_cache(self.board)), require_POST(self.move)
        return [
            route("tableau/", self.admin_site.admin_view(shown), name="vrl_session_board"),
            route("<int:pk>/etape/", self.admin_site.admin_view(moved), name="vrl_session_move"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it is cancelled, and stays

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "follows":
            kwargs["queryset"] = Session.objects.filter(state=SessionState.POSTPONED).select_related("event")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="quand", ordering="event__starts_at")
    def when(self, session: Session) -> str:
        return summed(session.event)

    @admin.display(description="équipe", ordering="confirmed_trainers")
    def confirmed(self, session: Any) -> str:
        return f"{session.confirmed_trainers}/{session.expected_trainers}"

    @admin.display(description="depuis")
    def since(self, session: Session) -> str:
        return f"{session.state_since:%d/%m/%Y}"

    @admin.display(description="événement")
    def its_event(self, session: Session) -> SafeString:
        """Dates, place, registrations and presence are there."""
        change = reverse("admin:events_event_change", args=[session.event_id])
        follow = reverse("admin:events_event_follow", args=[session.event_id])
        link = '<a href="{}">{}</a> ({}) · <a href="{}">suivre les inscriptions</a>'
        return format_html(link, change, session.event, summed(session.event), follow)

    @admin.display(description="répond à la demande")
    def its_request(self, session: Session) -> str:
        if session.request is None:
            return "Aucune"
        url = reverse("admin:vrl_trainingrequest_change", args=[session.request_id])
        return format_html('<a href="{}">{}</a>', url, session.request)

    def get_view_on_site_url(self, obj: Session | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.event.is_public else None

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A session is made from a model: the rest is prefilled."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CreateForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and (made := form.create()):
            messages.success(request, "La session est créée, en brouillon : relisez-la, puis faites-la avancer.")
            return HttpResponseRedirect(reverse("admin:vrl_session_change", args=[made.pk]))
        return self._page(request, "create", {"title": "Créer une session", "form": form}, 400 if form.errors else 200)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return render(request, f"admin/vrl/session/{name}.html", frame | context, status=status)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if asked := form.cleaned_data.get("asks"):
            try:
                team.invite(form.instance, asked, request.user)
            except Refused as reason:
                messages.error(request, str(reason))

    # Steps

    def steps(self, request: HttpRequest, row: Session) -> list[tuple[str, str]]:
        moves = [(to.value, life.label(to, row)) for to in life.allowed(row, request.user)]
        answers = {
            Place.OFFERED: [(CONFIRM, "Confirmer"), (DECLINE, "Décliner l’aide de")],
            Place.INVITED: [(CONFIRM, "Confirmer"), (DECLINE, "Retirer l’invitation de")],
            Place.CONFIRMED: [(LEAVE, "Retirer de l’équipe")],
        }
        members = row.team.select_related("trainer") if row.state not in DONE else []
        people = [
            (f"{act}-{member.pk}", f"{label} {member.trainer}")
            for member in members
            for act, label in answers.get(Place(member.state), [])
        ]
        return moves + people

    def act(self, request: HttpRequest, row: Session, step: str) -> str:
        act, _, pk = step.rpartition("-")
        if act in (CONFIRM, DECLINE, LEAVE):
            member = get_object_or_404(row.team, pk=pk)
            {CONFIRM: team.confirm, DECLINE: team.decline, LEAVE: team.leave}[act](member, request.user)
            return "L’équipe est à jour, et la personne est prévenue."
        life.move(row, step, request.user, request.POST.get("why", ""))
        return f"La session est maintenant à l’étape « {row.get_state_display()} »."

    def board(self, request: HttpRequest) -> HttpResponse:
        """The sessions in columns, one a step."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = board.Asked.of(request.GET)
        context = {"title": "Tableau des sessions", "here": request.get_full_path(), **board.context(asked, request.user)}
        return self._page(request, "board", context)

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One step, from the board; back to it."""
        session = get_object_or_404(Session, pk=pk)
        if not self.has_change_permission(request, session):
            raise PermissionDenied
        try:
            life.move(session, request.POST.get("to", ""), request.user)
        except (Refused, ValueError) as reason:
            messages.error(request, f"« {session} » : {reason}" if isinstance(reason, Refused) else "Cette étape n’existe pas.")
        else:
            messages.success(request, f"« {session} » : {session.get_state_display().lower()}.")
        back = request.POST.get("back", "")
        here = reverse("admin:vrl_session_board")
        return HttpResponseRedirect(back if url_has_allowed_host_and_scheme(back, None) and back.startswith(here) else here)


@admin.register(SessionModel)
class SessionModelAdmin(admin.ModelAdmin):
    list_display = ["title", "level", "length", "days", "capacity"]
    list_filter = ["level"]
    search_fields = ["title"]
