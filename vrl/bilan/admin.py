"""The years of the bilan in the administration: told, closed, opened again; corrections and targets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from trajectoire.core import auditing
from trajectoire.core.admin import VersionedForm

from ..admin_steps import StepAdmin
from ..vocabulary import BILAN_PARTS
from . import closing, parts
from .part_sessions import departments
from .reading import written
from .year import BilanCorrection, BilanTarget, BilanYear

CLOSE, REOPEN = "clore", "rouvrir"


class BilanYearForm(VersionedForm):
    public_parts = forms.MultipleChoiceField(
        label="Parties montrées à tout le monde",
        choices=list(BILAN_PARTS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Une fois l’année close. Les nombres de personnes inférieurs à 5 y sont masqués. Rien de coché : rien de public.",
    )


@admin.register(BilanYear)
class BilanYearAdmin(StepAdmin):
    form = BilanYearForm
    list_display = ["year", "closed", "shown"]
    readonly_fields = ["closed", "journal"]
    stories = ("support", "qualify", "connect", "share", "vrl")
    fieldsets = [
        (
            None,
            {
                "fields": ["year", "closed", "public_parts", "journal", "edited_version"],
                "description": "Une année close garde ses chiffres et leurs définitions : ils ne sont plus recomptés. Une erreur se "
                "corrige chiffre par chiffre, et la correction se voit.",
            },
        ),
        ("Ce que l’équipe raconte, mission par mission", {"fields": stories}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BilanYear]:
        return super().get_queryset(request).defer("figures", *self.stories).select_related("closed_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, "year"] if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it is opened again, and stays

    @admin.display(description="close", ordering="closed_at")
    def closed(self, bilan: BilanYear) -> str:
        if bilan.closed_at is None:
            return "Non : les chiffres sont comptés à chaque lecture."
        who = f" par {bilan.closed_by}" if bilan.closed_by else ""
        return f"Le {timezone.localtime(bilan.closed_at):%d/%m/%Y}{who}"

    @admin.display(description="parties publiques")
    def shown(self, bilan: BilanYear) -> str:
        return ", ".join(bilan.public_titles) or "Aucune"

    @admin.display(description="corrections")
    def journal(self, bilan: BilanYear) -> SafeString | str:
        """Those made before the year was last closed too: they no longer apply, and say so."""
        told = [
            (_told(one, "" if bilan.closed_at and one.at >= bilan.closed_at else " (avant la dernière clôture)"),)
            for one in bilan.corrections.select_related("by")
        ]
        return format_html_join("", "<p>{}</p>", told) or "Aucune"

    def steps(self, request: HttpRequest, row: BilanYear) -> list[tuple[str, str]]:
        if row.is_closed:
            return [(REOPEN, "Rouvrir l’année (mot de passe demandé)")]
        return [(CLOSE, "Clore l’année")] if row.year < timezone.localdate().year else []

    def links(self, request: HttpRequest, row: BilanYear) -> list[tuple[str, str]]:
        correct = reverse("admin:vrl_bilancorrection_add")
        return [("Corriger un chiffre", f"{correct}?bilan={row.pk}")] if row.is_closed else []

    def act(self, request: HttpRequest, row: BilanYear, step: str) -> str:
        if step == CLOSE:
            closing.close(row.year, request.user)
            return f"L’année {row.year} est close : ses chiffres ne bougeront plus."
        auditing.ask_again(request)
        closing.reopen(row, request.user)
        return f"L’année {row.year} est rouverte : ses chiffres sont de nouveau comptés à chaque lecture."


def _told(one: BilanCorrection, note: str) -> str:
    told = parts.definitions().get(one.name)
    who = f", {one.by}" if one.by else ""
    place = f" ({one.department})" if one.department else ""
    changed = f"{written(one.was)} → {written(one.becomes)}"
    return f"{timezone.localtime(one.at):%d/%m/%Y}{who} : {told.label if told else one.name}{place}, {changed}. {one.why}{note}"


def figure_choices() -> list[tuple[str, str]]:
    return [(name, told.label) for name, told in parts.definitions().items()]


def department_choices() -> list[tuple[str, str]]:
    return [("", "Toute la région"), *departments().items()]


class CorrectionForm(forms.ModelForm):
    name = forms.ChoiceField(label="Chiffre", choices=figure_choices)
    department = forms.ChoiceField(
        label="Territoire",
        choices=department_choices,
        required=False,
        help_text="Corriger la région ne corrige pas les départements, ni l’inverse.",
    )

    class Meta:
        model = BilanCorrection
        fields = ["bilan", "department", "name", "becomes", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bilan"].queryset = BilanYear.objects.closed()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            known = parts.lines_of(closing.stored(data["bilan"], data["department"]))
            if data["name"] not in {one.name for one in known}:
                self.add_error("name", "Ce chiffre n’est pas compté pour ce territoire : choisissez toute la région.")
        return data


@admin.register(BilanCorrection)
class BilanCorrectionAdmin(admin.ModelAdmin):
    form = CorrectionForm
    list_display = ["at", "bilan", "figure", "department", "was", "becomes", "by", "why"]
    list_filter = ["bilan"]
    list_select_related = ["bilan", "by"]

    @admin.display(description="chiffre")
    def figure(self, made: BilanCorrection) -> str:
        return dict(figure_choices()).get(made.name, made.name)

    def save_model(self, request: HttpRequest, obj: BilanCorrection, form: forms.ModelForm, change: bool) -> None:
        obj.by = request.user  # type: ignore[assignment]
        closing.correct(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TargetForm(forms.ModelForm):
    name = forms.ChoiceField(label="Chiffre", choices=figure_choices)

    class Meta:
        model = BilanTarget
        fields = ["year", "name", "value"]
        help_texts = {"value": "Pour toute la région. Montrée à côté du chiffre de l’année."}


@admin.register(BilanTarget)
class BilanTargetAdmin(admin.ModelAdmin):
    form = TargetForm
    list_display = ["year", "figure", "value"]
    list_filter = ["year"]

    @admin.display(description="chiffre", ordering="name")
    def figure(self, target: BilanTarget) -> str:
        return dict(figure_choices()).get(target.name, target.name)
