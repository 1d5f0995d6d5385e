"""The lines of the work list about help requests and the directory."""

from collections.abc import Iterator
from typing import cast

from django.urls import reverse

from trajectoire.core.rereading import names, sources
from trajectoire.core.worklist import NETWORK, Task, register

from .accompaniment.requests import HelpRequest
from .directory.entries import DirectoryEntry, EntryQuerySet
from .directory.proposals import Proposal
from .importing.records import DuplicatePair
from .models import GlossaryEntry, Initiative, Organisation, Person


def former_services() -> Iterator[names.Service]:
    """Abbreviations of the glossary that are no more, organisations that another one follows."""
    for entry in GlossaryEntry.objects.filter(former=True).prefetch_related("successors"):
        after = sorted(after.abbreviation for after in entry.successors.all())
        yield names.Service((entry.abbreviation, entry.expansion), ", ".join(after))
    for row in Organisation.objects.exclude(successor=None).select_related("successor"):
        yield names.Service((row.name, *row.former_name_list), str(row.successor))


def _entries(name: str, one: str, many: str, inside: str, model: type[DirectoryEntry]) -> None:
    """The lines about one kind of entries: not confirmed for long, and what their texts hold."""
    register(
        Task(
            f"{one} sans confirmation depuis 18 mois",
            f"{many} sans confirmation depuis 18 mois",
            lambda user: model._default_manager.filter(published=True).stale().count(),
            lambda: f"{reverse(f'admin:network_{name}_changelist')}?published__exact=1&fraicheur=vieille",
            f"network.change_{name}",
            subject=NETWORK,
        )
    )
    sources.register(sources.Source(name, inside, NETWORK, lambda: _alive(model), f"network.change_{name}", texts=("summary",)))


def _alive(model: type[DirectoryEntry]) -> EntryQuerySet:
    """In the directory; an organisation that another one follows is no longer asked to be right."""
    rows = cast(EntryQuerySet, model._default_manager.filter(published=True))
    return rows.filter(successor=None) if model is Organisation else rows


def declare() -> None:
    names.tell(former_services)
    _entries("organisation", "structure", "structures", "les structures de l’annuaire", Organisation)
    _entries("person", "personne de l’annuaire", "personnes de l’annuaire", "les personnes de l’annuaire", Person)
    _entries("initiative", "initiative", "initiatives", "les initiatives de l’annuaire", Initiative)
    register(
        Task(
            "demande d’accompagnement à traiter",
            "demandes d’accompagnement à traiter",
            lambda user: HelpRequest.objects.open().count(),
            lambda: f"{reverse('admin:network_helprequest_changelist')}?travail=a-faire",
            "network.change_helprequest",
            subject=NETWORK,
        ),
        Task(
            "demande d’accompagnement qui dort, à relancer",
            "demandes d’accompagnement qui dorment, à relancer",
            lambda user: HelpRequest.objects.sleeping().count(),
            lambda: f"{reverse('admin:network_helprequest_changelist')}?travail=dort",
            "network.change_helprequest",
            subject=NETWORK,
            urgent=True,
        ),
        Task(
            "proposition pour l’annuaire à examiner",
            "propositions pour l’annuaire à examiner",
            lambda user: Proposal.objects.filter(status=Proposal.Status.WAITING).count(),
            lambda: f"{reverse('admin:network_proposal_changelist')}?status__exact={Proposal.Status.WAITING}",
            "network.change_proposal",
            subject=NETWORK,
        ),
        Task(
            "paire de structures qui se ressemblent",
            "paires de structures qui se ressemblent",
            lambda user: DuplicatePair.objects.filter(different=False).count(),
            lambda: f"{reverse('admin:network_duplicatepair_changelist')}?different__exact=0",
            "network.change_duplicatepair",
            subject=NETWORK,
        ),
    )
