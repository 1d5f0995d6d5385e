"""The lines of the work list about help requests and the directory."""

from django.urls import reverse

from trajectoire.core.worklist import Task, register

from .accompaniment.requests import HelpRequest
from .directory.proposals import Proposal
from .importing.records import DuplicatePair


def declare() -> None:
    register(
        Task(
            "demande d’accompagnement à traiter",
            "demandes d’accompagnement à traiter",
            lambda user: HelpRequest.objects.open().count(),
            lambda: f"{reverse('admin:network_helprequest_changelist')}?travail=a-faire",
            "network.change_helprequest",
        ),
        Task(
            "demande d’accompagnement qui dort, à relancer",
            "demandes d’accompagnement qui dorment, à relancer",
            lambda user: HelpRequest.objects.sleeping().count(),
            lambda: f"{reverse('admin:network_helprequest_changelist')}?travail=dort",
            "network.change_helprequest",
            urgent=True,
        ),
        Task(
            "proposition pour l’annuaire à examiner",
            "propositions pour l’annuaire à examiner",
            lambda user: Proposal.objects.filter(status=Proposal.Status.WAITING).count(),
            lambda: f"{reverse('admin:network_proposal_changelist')}?status__exact={Proposal.Status.WAITING}",
            "network.change_proposal",
        ),
        Task(
            "paire de structures qui se ressemblent",
            "paires de structures qui se ressemblent",
            lambda user: DuplicatePair.objects.filter(different=False).count(),
            lambda: f"{reverse('admin:network_duplicatepair_changelist')}?different__exact=0",
            "network.change_duplicatepair",
        ),
    )
