"""What the network knows of people: who asks for help, who is in the directory, who proposes."""

from typing import Any

from django.db.models import Q, QuerySet

from trajectoire.core import personal
from trajectoire.core.personal.declared import AGREED, OUR_MISSION

from .accompaniment import following
from .accompaniment.requests import HelpRequest
from .directory.people import Person
from .directory.proposals import Proposal
from .organisations import Organisation

WHO_ASKS = ("name", "email", "phone", "structure", "position")


def declare() -> None:
    """Called once, when the site starts."""
    _register()
    personal.signed("network.HelpRequest", "in_charge")
    personal.signed("network.HelpNote", "author")
    personal.signed("network.Proposal", "decided_by")
    _hold()


def _register() -> None:
    personal.register(
        personal.Treatment(
            title="Demandes d’accompagnement",
            purpose="Répondre aux demandes, les suivre et en tirer des chiffres sans nom.",
            basis=OUR_MISSION,
            people="Les personnes qui demandent un accompagnement.",
            kept="Trois ans après la fin ; restent ensuite le thème, le territoire et le temps passé.",
            holds={"network.HelpRequest": (*WHO_ASKS, "subject", "details", "answer"), "network.HelpNote": ("text",)},
            rules=("Demandes d’accompagnement",),
        )
    )
    personal.register(
        personal.Treatment(
            title="Annuaire du réseau",
            purpose="Faire connaître les structures, les expertes et les experts de la politique de la ville.",
            basis=f"{AGREED[:-1]} ou intérêt légitime (6.1.f), noté sur chaque fiche avec sa date.",
            people="Les personnes et les structures de l’annuaire.",
            kept="Jusqu’à ce que la personne ou la structure demande son retrait ; son accord est redemandé régulièrement.",
            holds={
                "network.Person": ("name", "email", "phone", "role", "basis", "basis_on", "basis_wording"),
                "network.Organisation": ("name", "email", "phone"),
            },
            lasting=True,
            recipients="Le public, sauf l’adresse e-mail et le téléphone, que seule l’équipe voit.",
        )
    )
    personal.register(
        personal.Treatment(
            title="Propositions pour l’annuaire",
            purpose="Examiner les ajouts et les corrections proposés par les visiteurs.",
            basis=OUR_MISSION,
            people="Les personnes qui proposent une fiche ou une correction.",
            kept="Deux ans après la réception.",
            holds={"network.Proposal": ("author_name", "author_email", "message", "values")},
            rules=("Propositions reçues pour l’annuaire",),
        )
    )


def _hold() -> None:
    personal.hold(
        personal.Trace(
            "Demandes d’accompagnement",
            lambda email: HelpRequest.objects.filter(email__iexact=email),
            _request_copy,
            lambda row: following.forget([row.pk]),
            keeps="le thème, le territoire et le temps passé restent, sans nom",
        )
    )
    proposal = personal.fields("author_name", "author_email", "kind", "values", "message", "received_at", "answer")
    personal.hold(personal.Trace("Propositions pour l’annuaire", _proposals, proposal))
    entry = personal.fields("name", "role", "email", "phone", "summary", "basis", "basis_on", "basis_wording")
    people = personal.Trace("Fiches de l’annuaire", lambda email: Person.objects.filter(email__iexact=email), entry)
    personal.hold(people)
    personal.hold(
        personal.Trace(
            "Structures que cette adresse représente",
            lambda email: Organisation.objects.filter(email__iexact=email),
            personal.fields("name", "email", "phone"),
            _unreachable,
            keeps="la structure reste dans l’annuaire, sans cette adresse ni ce téléphone",
        )
    )


def _request_copy(row: HelpRequest) -> dict[str, Any]:
    """What she asked and was answered; the notes that she wrote herself."""
    shown = personal.fields("subject", "details", *WHO_ASKS, "status", "answer", "created_at")(row)
    notes = list(row.notes.filter(from_asker=True).values_list("text", flat=True))
    return shown | ({"vos messages": notes} if notes else {})


def _proposals(email: str) -> QuerySet[Proposal]:
    return Proposal.objects.filter(Q(author_email__iexact=email) | Q(values__email__iexact=email))


def _unreachable(row: Organisation) -> None:
    row.email = row.phone = ""
    row.save(update_fields=["email", "phone"])
