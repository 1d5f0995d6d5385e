"""Territories (region › department › EPCI › commune › QPV) and contrats de ville: reference data, loaded by a command."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Case, Count, Exists, F, Manager, Q, QuerySet, Value, When
from django.urls import reverse

from trajectoire.core.prose import ProseField
from trajectoire.core.text import unique_slug

from . import naming
from .base import Shown


class TerritoryKind(models.TextChoices):
    REGION = "region", "région"
    DEPARTMENT = "departement", "département"
    EPCI = "epci", "intercommunalité"
    COMMUNE = "commune", "commune"
    QPV = "qpv", "quartier prioritaire"
    PERIMETER = "perimetre", "autre périmètre"


class Generation(models.IntegerChoices):
    Y2015 = 2015, "2015–2023"
    Y2024 = 2024, "depuis 2024"


class TerritoryQuerySet(QuerySet["Territory"]):
    def with_pages(self) -> "TerritoryQuerySet":
        return self.filter(has_page=True)

    def with_outlines(self) -> "TerritoryQuerySet":
        """The manager leaves the outlines out, for they weigh several kilobytes each: ask for them."""
        return self.defer(None)

    def in_force(self) -> "TerritoryQuerySet":
        """The quartiers prioritaires of today's geography."""
        return self.filter(kind=TerritoryKind.QPV, generation=Generation.Y2024)

    def counts(self) -> dict[str, int]:
        """How many quartiers in force, communes that have one, departments."""
        return self.aggregate(
            qpv=Count("pk", filter=Q(generation=Generation.Y2024)),
            communes=Count("pk", filter=Q(kind=TerritoryKind.COMMUNE, has_page=True)),
            departments=Count("pk", filter=Q(kind=TerritoryKind.DEPARTMENT)),
        )

    def in_territory(self, territory: "Territory") -> "TerritoryQuerySet":
        """The territory itself and all it contains, also what only partly lies in it (EPCI or QPV across a border)."""
        return self.filter(territory.containing_test())

    def search(self, text: str) -> "TerritoryQuerySet":
        """By name (all words, each from its beginning), postal code, INSEE code or code; those with a page first."""
        words = naming.search_words(text)
        if not words:
            return self.none()
        whole, code = " ".join(words), Q(code__iexact=text.strip())
        if whole.isdigit() and len(whole) == 5:
            # An INSEE code may be the postal code of another commune: people type postal codes.
            postal = Q(postal_codes__contains=whole)
            ranked = {postal: 0, code & ~Exists(Territory.objects.filter(postal)): 1}
        else:
            ranked = {code: 0, Q(search_name=whole): 1, Q(search_name__startswith=whole): 2, named(words): 3}
        test = reduce(or_, ranked)
        rank = Case(*(When(condition, then=Value(place)) for condition, place in ranked.items()))
        found = self.filter(test).annotate(rank=rank)
        return found.order_by("rank", "-has_page", F("population").desc(nulls_last=True), "name")


_Manager = Manager.from_queryset(TerritoryQuerySet)


class TerritoryManager(_Manager):
    def get_queryset(self) -> QuerySet:
        return super().get_queryset().defer("outline")


def named(words: Iterable[str]) -> Q:
    """Each word starts a word of the folded name."""
    test = Q()
    for word in words:
        test &= Q(search_name__startswith=word) | Q(search_name__contains=f" {word}")
    return test


class Territory(Shown):
    """A place documents, contracts and actors are attached to.

    `path` holds the codes from the region down ("27/25/242500361/25056/QN02503M"), so that what a territory contains
    is a prefix test. A commune's path goes through its own department even when its EPCI is attached to another one.
    """

    search_kind = "territory"

    code = models.CharField("code", max_length=20, unique=True, help_text="Code INSEE, SIREN ou code du quartier.")
    kind = models.CharField("nature", max_length=12, choices=TerritoryKind.choices)
    name = models.CharField("nom", max_length=150)
    slug = models.SlugField("forme courte", max_length=100, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="territoire qui le contient"
    )
    departments = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="epcis",
        verbose_name="départements",
        help_text="Pour une intercommunalité.",
    )
    communes = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="quarters",
        verbose_name="communes",
        help_text="Pour un quartier ou un périmètre.",
    )
    generation = models.PositiveSmallIntegerField("géographie", choices=Generation.choices, null=True, blank=True)
    status_2024 = models.CharField("évolution en 2024", max_length=30, blank=True)
    valid_from = models.DateField("en vigueur du", null=True, blank=True)
    valid_to = models.DateField("au", null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="successors",
        verbose_name="remplace",
        help_text="Quartiers de la géographie précédente.",
    )
    postal_codes = models.CharField("codes postaux", max_length=600, blank=True, help_text="Séparés par des espaces.")
    population = models.PositiveIntegerField("population", null=True, blank=True)
    population_year = models.PositiveSmallIntegerField("année de la population", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    surface_ha = models.FloatField("surface (hectares)", null=True, blank=True)
    outline = models.JSONField("contour", null=True, blank=True, editable=False)
    has_page = models.BooleanField("a une page", default=False, db_index=True)
    path = models.CharField(max_length=120, editable=False, db_index=True)
    search_name = models.CharField(max_length=300, editable=False, db_index=True)

    objects = TerritoryManager()

    class Meta:
        verbose_name = "territoire"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="qpv", generation__isnull=False) | (~Q(kind="qpv") & Q(generation__isnull=True)),
                name="territory_generation_of_qpv",
                violation_error_message="Indiquez la géographie (2015 ou 2024) d’un quartier prioritaire, et de lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="territory_valid_dates",
                violation_error_message="La fin de validité doit suivre son début.",
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=False) | Q(population_year__isnull=True),
                name="territory_population_dated",
                violation_error_message="Indiquez la population, ou retirez son année.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def get_absolute_url(self) -> str:
        return reverse("network:territory", args=[self.code])

    def save(self, *args, **kwargs) -> None:
        self.complete()
        super().save(*args, **kwargs)

    def complete(self) -> None:
        """Fill what derives from the rest: path, folded name, slug."""
        self.path = compose_path(self.parent.path if self.parent else "", self.kind, self.code)
        folded = " ".join(naming.search_words(self.name))
        if not self.search_name.startswith(folded):
            self.search_name = folded
        self.slug = self.slug or unique_slug(self.name, Territory.objects.none())

    @property
    def kind_label(self) -> str:
        """« quartier prioritaire », « commune »; for an EPCI what it is: « communauté d’agglomération »."""
        if self.kind == TerritoryKind.EPCI:
            return naming.epci_kind(self.name)
        return self.get_kind_display()

    def containing_codes(self) -> set[str]:
        """The codes of all that contains it, by every way: a QPV over two communes, an EPCI over two departments.

        Reads `communes` and `departments`: prefetch them for several territories.
        """
        over = [*self.communes.all(), *self.departments.all()]
        return {code for territory in (self, *over) for code in territory.path.split("/")}

    @property
    def ancestor_codes(self) -> list[str]:
        """From the region down to itself, as read in the path."""
        return self.path.split("/")

    @property
    def located(self) -> str:
        """« dans le Doubs », « à Besançon », « au Creusot »: for sentences."""
        return naming.located(self.kind, self.name)

    @property
    def is_drawn(self) -> bool:
        """Whether the sources give it a shape (told without reading the shape)."""
        return self.latitude is not None or self.kind == TerritoryKind.REGION

    @property
    def is_former(self) -> bool:
        return self.generation == Generation.Y2015

    def containing_test(self, prefix: str = "") -> Q:
        """Test « lies in this territory, even partly », on territories or across a relation (`prefix="territories__"`)."""
        test = Q(**{f"{prefix}path": self.path}) | Q(**{f"{prefix}path__startswith": f"{self.path}/"})
        if self.kind == TerritoryKind.EPCI:
            test |= Q(**{f"{prefix}path__contains": f"/{self.code}/"})
        if self.kind == TerritoryKind.DEPARTMENT:
            test |= Q(**{f"{prefix}pk__in": self.epcis.order_by().values("pk")})
        if self.kind == TerritoryKind.COMMUNE:
            test |= Q(**{f"{prefix}pk__in": self.quarters.order_by().values("pk")})
        return test

    def followed_test(self) -> Q:
        """Test « is a former quartier that this one follows »: what was written about it is found from here."""
        return Q(pk__in=self.predecessors.order_by().values("pk"))


def compose_path(parent_path: str, kind: str, code: str) -> str:
    """The path of a territory under its parent; a commune goes through the department its INSEE code names."""
    parents = parent_path.split("/") if parent_path else []
    if kind == TerritoryKind.COMMUNE and len(parents) == 3:
        parents[1] = code[:2]
    return "/".join([*parents, code])


class Contract(Shown):
    """A contrat de ville of one generation, carried by an EPCI or a commune (reverse name used above: `documents`)."""

    search_kind = "contract"

    class Period(models.TextChoices):
        P2015 = "2015–2023", "2015–2023"
        P2024 = "2024–2030", "2024–2030 (Engagements Quartiers 2030)"

    code = models.CharField("code", max_length=12, unique=True)
    name = models.CharField("nom", max_length=200)
    generation = models.CharField("période", max_length=9, choices=Period.choices)
    department = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="department_contracts", verbose_name="département"
    )
    carrier = models.ForeignKey(
        Territory,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="carried_contracts",
        verbose_name="territoire porteur",
    )
    carrier_name = models.CharField("nom du porteur", max_length=150, help_text="Tel qu’il était à la signature.")
    population_qpv = models.PositiveIntegerField("habitants en quartier prioritaire", null=True, blank=True)
    qpvs = models.ManyToManyField(Territory, blank=True, related_name="contracts", verbose_name="quartiers prioritaires")
    signed_on = models.DateField("signé le", null=True, blank=True)
    axes = ProseField("axes locaux", blank=True, help_text="Ce que les signataires ont retenu : un titre par axe, puis le texte.")
    signatories = models.ManyToManyField(
        "network.Organisation", blank=True, related_name="signed_contracts", verbose_name="signataires"
    )
    referents = models.ManyToManyField(
        "network.Person",
        blank=True,
        related_name="followed_contracts",
        verbose_name="référents et référentes",
        help_text="Seules les personnes publiées dans l’annuaire sont montrées.",
    )

    class Meta:
        verbose_name = "contrat de ville"
        verbose_name_plural = "contrats de ville"
        ordering = ["-generation", "code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.generation})"

    def get_absolute_url(self) -> str:
        return reverse("network:contract", args=[self.code])
