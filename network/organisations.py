"""Organisations: who carries, writes, publishes or funds; the first kind of entry of the directory."""

from django.db import models
from django.db.models import F, Q

from trajectoire.core import search

from .directory.entries import DirectoryEntry, Reachable, lines
from .siret import SiretField


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


class Organisation(Reachable, DirectoryEntry):
    """A structure of the network (reverse names used above: `documents`)."""

    search_kind = "organisation"
    fallback_slug = "organisation"

    kind = models.CharField("nature", max_length=30, choices=OrganisationKind.choices)
    siret = SiretField("SIRET", blank=True, help_text="Le numéro à 14 chiffres de l’établissement.")
    former_names = models.TextField("anciens noms", blank=True, help_text="Un par ligne.")
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessors", verbose_name="remplacée par"
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name="fait partie de"
    )
    address = models.TextField("adresse postale", max_length=300, blank=True)

    class Meta(DirectoryEntry.Meta):
        verbose_name = "organisation"
        constraints = [
            models.CheckConstraint(
                condition=(Q(successor__isnull=True) | ~Q(successor=F("id"))) & (Q(parent__isnull=True) | ~Q(parent=F("id"))),
                name="organisation_not_its_own_relative",
                violation_error_message="Une organisation ne peut ni se remplacer ni se contenir elle-même.",
            ),
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="organisation_siret_unique",
                violation_error_message="Une autre organisation a déjà ce numéro SIRET : cherchez-la avant d’en créer une seconde.",
            ),
        ]

    def save(self, *args, **kwargs) -> None:
        """A new name is told to the engine for the documents that carry it."""
        renamed = Organisation.objects.filter(pk=self.pk).exclude(name=self.name).exists()
        super().save(*args, **kwargs)
        if renamed:
            search.record_changes("document", self.documents.values_list("pk", flat=True))

    @property
    def former_name_list(self) -> list[str]:
        return lines(self.former_names)
