"""Experts and operators: a person is shown only with a recorded basis (RGPD, article 6), its date and its wording."""

from django.db import models
from django.db.models import Q

from ..organisations import Organisation
from .entries import DirectoryEntry, Reachable


class PersonKind(models.TextChoices):
    EXPERT = "expert", "experte ou expert"
    OPERATOR = "operateur", "opératrice ou opérateur"


class Basis(models.TextChoices):
    CONSENT = "consentement", "consentement de la personne"
    LEGITIMATE = "interet-legitime", "intérêt légitime du centre"


class Person(Reachable, DirectoryEntry):
    """Someone whom professionals may call on."""

    search_kind = "person"
    fallback_slug = "personne"

    kind = models.CharField("à quel titre", max_length=12, choices=PersonKind.choices)
    role = models.CharField("fonction", max_length=150, blank=True, help_text="« Sociologue, maîtresse de conférences ».")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name="structure"
    )
    basis = models.CharField("fondement", max_length=16, choices=Basis.choices, blank=True)
    basis_on = models.DateField("donné ou établi le", null=True, blank=True)
    basis_wording = models.TextField(
        "formulation",
        max_length=600,
        blank=True,
        help_text="La phrase acceptée par la personne, ou la raison de l’intérêt légitime et la façon dont elle a été informée.",
    )

    published = models.BooleanField("dans l’annuaire public", default=False)  # nobody is shown without having been asked

    class Meta(DirectoryEntry.Meta):
        verbose_name = "personne"
        constraints = [
            models.CheckConstraint(
                condition=Q(published=False) | (~Q(basis="") & Q(basis_on__isnull=False) & ~Q(basis_wording="")),
                name="person_published_with_basis",
                violation_error_message="Avant de publier cette fiche, indiquez le consentement de la personne (ou l’intérêt "
                "légitime), sa date et sa formulation.",
            )
        ]
