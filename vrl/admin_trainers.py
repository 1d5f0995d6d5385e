"""Trainers and their habilitations: who may lead what, where, since when; what the coordination should look at."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from trajectoire.core import inviting
from trajectoire.core.admin import EditorAdmin, VersionedAdmin, VersionedForm
from trajectoire.core.models import TRAINERS
from trajectoire.core.sessions import end_all
from trajectoire.core.text import day, local_day, plural

from . import habilitations, leaving
from .admin_asking import DepartmentsFilter
from .figures import HELD
from .trainer import Availability, Habilitation, Trainer
from .vocabulary import HabilitationLevel, HabilitationState

FLAGS: dict[str, tuple[str, Callable[[], QuerySet]]] = {
    "sans-session": ("Sans session depuis 24 mois", habilitations.idle),
    "a-renouveler": (
        "Habilitation à renouveler",
        lambda: Trainer.objects.filter(Exists(habilitations.to_renew().filter(trainer=OuterRef("pk")))),
    ),
    "sans-compte": ("Sans compte", lambda: Trainer.objects.present().filter(user=None)),
    "parties": ("Parties", lambda: Trainer.objects.exclude(left_on=None)),
}


class HeldFilter(admin.SimpleListFilter):
    """Those who hold a habilitation of this kind."""

    column = ""
    choices_of: Any = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return self.choices_of

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if not chosen:
            return queryset
        return queryset.filter(Exists(Habilitation.objects.filter(trainer=OuterRef("pk"), **{self.column: chosen})))


class LevelFilter(HeldFilter):
    title = "niveau"
    parameter_name = "niveau"
    column = "level"
    choices_of = HabilitationLevel.choices


class StateFilter(HeldFilter):
    title = "état de l’habilitation"
    parameter_name = "etat"
    column = "state"
    choices_of = HabilitationState.choices


class FlagFilter(admin.SimpleListFilter):
    title = "à regarder"
    parameter_name = "a-regarder"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in FLAGS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        return queryset.filter(pk__in=FLAGS[chosen][1]().order_by().values("pk")) if chosen in FLAGS else queryset


class RenewFilter(admin.SimpleListFilter):
    title = "échéance"
    parameter_name = "echeance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-renouveler", "À renouveler")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=habilitations.to_renew().order_by().values("pk")) if self.value() else queryset


class TrainersDepartmentFilter(DepartmentsFilter):
    column = "trainer__departments"


class HabilitationInline(admin.TabularInline):
    model = Habilitation
    extra = 0
    fields = ["level", "state", "obtained_on", "expires_on", "granted_by", "session", "note"]
    raw_id_fields = ["session"]
    show_change_link = True


class AvailabilityInline(admin.TabularInline):
    model = Availability
    extra = 0
    fields = readonly_fields = ["first_on", "last_on", "weekdays"]  # type: ignore[assignment]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Trainer)
class TrainerAdmin(EditorAdmin):
    form = VersionedForm
    inlines = [HabilitationInline, AvailabilityInline]
    list_display = ["name", "held", "where", "employer", "last_session", "flags", "has_account", "left_on"]
    list_filter = [FlagFilter, LevelFilter, StateFilter, DepartmentsFilter]
    list_select_related = ["user"]
    search_fields = ["name", "email", "employer"]
    autocomplete_fields = ["organisation"]
    filter_horizontal = ["departments", "audiences"]
    readonly_fields = ["user", "visited_at"]
    actions = ["invite"]
    fieldsets = [
        (None, {"fields": [("name", "user"), ("email", "phone"), ("left_on", "visited_at")]}),
        ("Employeur", {"fields": [("employer", "organisation"), "agreed_on"]}),
        ("Interventions", {"fields": ["departments", "audiences", "about"]}),
        (
            "Ce que la personne montre et reçoit",
            {"fields": [("public", "listed"), ("shows_email", "shows_phone"), ("kit_mail", "digest"), "edited_version"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        past = habilitations.led(OuterRef("pk")).filter(state__in=HELD).order_by("-event__ends_at")
        shown = super().get_queryset(request).prefetch_related("departments", "habilitations")
        return shown.annotate(
            last_at=Subquery(past.values("event__ends_at")[:1]),
            is_idle=Exists(habilitations.idle().filter(pk=OuterRef("pk"))),
            renews=Exists(habilitations.to_renew().filter(trainer=OuterRef("pk"))),
        )

    @admin.display(description="habilitations")
    def held(self, trainer: Trainer) -> str:
        return " ; ".join(f"{one}, obtenue le {day(one.obtained_on)}" for one in trainer.habilitations.all())  # type: ignore[attr-defined]

    @admin.display(description="départements")
    def where(self, trainer: Trainer) -> str:
        return ", ".join(place.code for place in trainer.departments.all())

    @admin.display(description="dernière session", ordering="last_at")
    def last_session(self, trainer: Any) -> str:
        return local_day(trainer.last_at) if trainer.last_at else "Aucune"

    @admin.display(description="à regarder")
    def flags(self, trainer: Any) -> str:
        found = [(trainer.is_idle, FLAGS["sans-session"][0]), (trainer.renews, FLAGS["a-renouveler"][0])]
        return ", ".join(label for raised, label in found if raised)

    @admin.display(description="compte", boolean=True)
    def has_account(self, trainer: Trainer) -> bool:
        return trainer.user_id is not None

    def save_model(self, request: HttpRequest, obj: Trainer, form: Any, change: bool) -> None:
        """Marked as left: the role goes at once, her browsers are logged out, her sessions to come look for somebody."""
        obj.version += 1
        chosen = obj.left_on
        super().save_model(request, obj, form, change)
        if change and chosen and form.initial.get("left_on") is None:
            leaving.leave(obj, request.user)  # type: ignore[arg-type]
            Trainer.objects.filter(pk=obj.pk).update(left_on=chosen)
        if chosen and obj.user:
            end_all(obj.user)

    @admin.action(description="Inviter à ouvrir un compte", permissions=["change"])
    def invite(self, request: HttpRequest, queryset: QuerySet) -> None:
        group, _ = Group.objects.get_or_create(name=TRAINERS)
        sent = 0
        for trainer in queryset.filter(user=None, left_on=None).exclude(email="").order_by("pk"):
            if reason := inviting.obstacle(trainer.email):
                messages.warning(request, f"{trainer} : {reason}")
            else:
                inviting.invite(request.user, trainer.email, group, trainer.name)  # type: ignore[arg-type]
                sent += 1
        messages.success(request, f"{plural(sent, 'invitation envoyée', 'invitations envoyées')}.")


@admin.register(Habilitation)
class HabilitationAdmin(VersionedAdmin):
    """Each change is kept, with who made it: button « Historique »."""

    list_display = ["trainer", "level", "state", "obtained_on", "expires_on", "granted_by", "reminded"]
    list_filter = [RenewFilter, "level", "state", TrainersDepartmentFilter]
    list_select_related = ["trainer"]
    search_fields = ["trainer__name", "granted_by", "note"]
    autocomplete_fields = ["trainer"]
    raw_id_fields = ["session"]
    date_hierarchy = "obtained_on"
    fields = [
        "trainer",
        ("level", "state"),
        ("obtained_on", "expires_on"),
        ("granted_by", "session"),
        "note",
        "reminded",
        "edited_version",
    ]
    readonly_fields = ["reminded"]

    @admin.display(description="rappel envoyé le")
    def reminded(self, one: Habilitation) -> str:
        return local_day(one.reminded_at) if one.reminded_at else ""
