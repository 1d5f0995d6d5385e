"""What visitors propose: a structure, an initiative, a correction. Nothing changes before staff accepts it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.html import linebreaks

from trajectoire.core.prose import plain
from trajectoire.core.text import day

from ..organisations import Organisation, OrganisationKind
from ..territories import Territory
from ..themes import Audience, Offer, Theme
from .entries import DirectoryEntry
from .initiatives import Initiative
from .people import Person

KEPT = datetime.timedelta(days=730)


@dataclass(frozen=True)
class ProposedField:
    """A field that may be proposed. `many`: (model, code) of a vocabulary, whose values are lists of codes."""

    name: str
    label: str
    many: tuple[type[models.Model], str] | None = None
    choices: type[models.TextChoices] | None = None
    prose: bool = False
    date: bool = False

    def current(self, entry: DirectoryEntry) -> Any:
        """The value of an entry, as a proposal holds it."""
        value = getattr(entry, self.name)
        if self.many:
            return sorted(value.values_list(self.many[1], flat=True))
        if self.prose:
            return plain(value)
        return value.isoformat() if self.date and value else one_kind_of_line(value or "")

    def shown(self, value: Any) -> str:
        """A value in words."""
        if self.many:
            return ", ".join(str(row) for row in self.rows(value))
        if self.choices and value in self.choices:
            return self.choices(value).label
        return day(datetime.date.fromisoformat(value)) if self.date and value else str(value or "")

    def rows(self, codes: list[str]) -> QuerySet:
        model, code = self.many  # type: ignore[misc]
        return model._default_manager.filter(**{f"{code}__in": codes}).order_by("name")

    def completed(self, before: Any, after: Any) -> Any:
        """What exists stays: lists are added to, and only what was empty is filled."""
        return sorted({*before, *after}) if self.many else before or after

    def stored(self, value: Any) -> Any:
        """A value as the column takes it."""
        if self.prose:
            return linebreaks(value, autoescape=True)
        return (datetime.date.fromisoformat(value) if value else None) if self.date else value


def one_kind_of_line(text: str) -> str:
    """Browsers send two characters at the end of a line."""
    return text.replace("\r\n", "\n")


NAME = ProposedField("name", "Nom")
COMMON = [
    ProposedField("summary", "En une ou deux phrases"),
    ProposedField("description", "Présentation", prose=True),
    ProposedField("territories", "Territoires", many=(Territory, "code")),
    ProposedField("themes", "Thèmes", many=(Theme, "slug")),
    ProposedField("audiences", "Publics", many=(Audience, "slug")),
    ProposedField("website", "Site internet"),
]
OFFERS = ProposedField("offers", "Ce qui est proposé", many=(Offer, "slug"))
EMAIL = ProposedField("email", "Adresse e-mail (jamais montrée)")
FIELDS: dict[str, list[ProposedField]] = {
    "organisation": [
        NAME,
        ProposedField("kind", "Nature", choices=OrganisationKind),
        ProposedField("siret", "SIRET"),
        *COMMON,
        OFFERS,
        ProposedField("address", "Adresse postale"),
        EMAIL,
    ],
    "person": [NAME, ProposedField("role", "Fonction"), *COMMON, OFFERS, EMAIL],
    "initiative": [
        NAME,
        ProposedField("status", "État", choices=Initiative.Status),
        ProposedField("started_on", "Début", date=True),
        ProposedField("ended_on", "Fin", date=True),
        *COMMON,
    ],
}


class Proposal(models.Model):
    """One message of a visitor: `values` holds the fields proposed, by name, as JSON."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", "nouvelle structure"
        INITIATIVE = "initiative", "nouvelle initiative"
        CORRECTION = "correction", "correction"

    class Status(models.TextChoices):
        WAITING = "recue", "à examiner"
        ACCEPTED = "acceptee", "acceptée"
        REFUSED = "refusee", "refusée"

    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name="structure"
    )
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name="personne")
    initiative = models.ForeignKey(
        Initiative, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name="initiative"
    )
    values = models.JSONField("ce qui est proposé", default=dict)
    carrier = models.CharField("porteur indiqué", max_length=200, blank=True)
    message = models.TextField("message", max_length=3000, blank=True)
    author_name = models.CharField("nom", max_length=120, blank=True)
    author_email = models.EmailField("adresse e-mail", blank=True)
    by_owner = models.BooleanField("par la structure ou la personne elle-même", default=False)
    received_at = models.DateTimeField("reçue le", auto_now_add=True)
    status = models.CharField("état", max_length=8, choices=Status.choices, default=Status.WAITING)
    decided_at = models.DateTimeField("examinée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="examinée par"
    )
    answer = models.TextField("réponse", max_length=1000, blank=True)

    class Meta:
        verbose_name = "proposition reçue"
        verbose_name_plural = "propositions reçues"
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="correction")
                | Q(organisation__isnull=False)
                | Q(person__isnull=False)
                | Q(initiative__isnull=False),
                name="proposal_corrects_something",
                violation_error_message="Une correction porte sur une fiche de l’annuaire.",
            ),
            models.CheckConstraint(
                condition=Q(status="recue") | Q(decided_at__isnull=False),
                name="proposal_decided_has_date",
                violation_error_message="Une proposition examinée a une date d’examen.",
            ),
        ]

    def __str__(self) -> str:
        kind = self.get_kind_display()
        return f"{kind[:1].upper()}{kind[1:]} : {self.values.get('name') or self.target or 'sans nom'}"

    @property
    def target(self) -> DirectoryEntry | None:
        """The entry it is about; for something new, what accepting it made."""
        return self.organisation or self.person or self.initiative

    @property
    def entry_kind(self) -> str:
        """« organisation », « person », « initiative »."""
        return self.target.search_kind if self.target else self.kind

    @property
    def fields(self) -> list[ProposedField]:
        """The fields it gives, in their order."""
        return [field for field in FIELDS[self.entry_kind] if field.name in self.values]

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING

    def first_territory(self) -> Territory | None:
        return Territory.objects.filter(code__in=self.values.get("territories", [])[:1]).first()

    def difference(self, known: DirectoryEntry | None = None) -> list[dict[str, Any]]:
        """What accepting it would change, or completing `known`: [{label, before, after, changed}]."""
        entry, rows = known or self.target, []
        for field in self.fields:
            before = field.current(entry) if entry else [] if field.many else ""
            after = field.completed(before, self.values[field.name]) if known else self.values[field.name]
            shown = {"label": field.label, "before": field.shown(before), "after": field.shown(after)}
            rows.append(shown | {"changed": before != after})
        return rows


def old(now: datetime.datetime) -> QuerySet[Proposal]:
    """Those whose time is over."""
    return Proposal.objects.filter(received_at__lt=now - KEPT)
