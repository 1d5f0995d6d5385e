"""Organisations: who carries, writes, publishes or funds. Their public directory comes on top of this."""

from django.db import models
from django.db.models import F, Q

from trajectoire.core.models import Timestamped
from trajectoire.core.prose import ProseField
from trajectoire.core.text import unique_slug

from .base import Shown
from .territories import Territory


class OrganisationKind(models.TextChoices):
    STATE = "service-etat", "service de l’État"
    AGENCY = "agence-nationale", "agence nationale"
    AUTHORITY = "collectivite", "collectivité (région, département, intercommunalité, commune)"
    CCAS = "ccas", "CCAS"
    LANDLORD = "bailleur-social", "bailleur social"
    ASSOCIATION = "association", "association"
    POPULAR_EDUCATION = "education-populaire", "fédération d’éducation populaire"
    SOCIAL_CENTRE = "centre-social", "centre social, MJC"
    LOCAL_MISSION = "mission-locale", "mission locale"
    NEIGHBOURHOOD_BOARD = "regie-de-quartier", "régie de quartier"
    SCHOOL = "etablissement-scolaire", "établissement scolaire"
    HEALTH = "sante", "santé"
    UNIVERSITY = "universite", "université"
    CONSULTANT = "bureau-etudes", "bureau d’études, consultant ou consultante"
    CITIZENS_COUNCIL = "conseil-citoyen", "conseil citoyen"
    COMPANY = "entreprise", "entreprise"


class Organisation(Shown, Timestamped):
    name = models.CharField("nom", max_length=200)
    slug = models.SlugField(
        "adresse", max_length=100, unique=True, blank=True, help_text="À laisser vide : elle est faite du nom."
    )
    kind = models.CharField("nature", max_length=30, choices=OrganisationKind.choices)
    former_names = models.TextField("anciens noms", blank=True, help_text="Un par ligne.")
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessors", verbose_name="remplacée par"
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name="fait partie de"
    )
    territory = models.ForeignKey(
        Territory, models.SET_NULL, null=True, blank=True, related_name="organisations", verbose_name="territoire"
    )
    website = models.URLField("site internet", blank=True)
    description = ProseField("présentation", blank=True)

    class Meta:
        verbose_name = "organisation"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(successor__isnull=True) | ~Q(successor=F("id"))) & (Q(parent__isnull=True) | ~Q(parent=F("id"))),
                name="organisation_not_its_own_relative",
                violation_error_message="Une organisation ne peut ni se remplacer ni se contenir elle-même.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = unique_slug(self.name, Organisation.objects.exclude(pk=self.pk), fallback="organisation")
        super().save(*args, **kwargs)
