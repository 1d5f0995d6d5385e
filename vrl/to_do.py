"""The lines of the work list about the plan: each leads to the rows in one click."""

import datetime
from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from trajectoire.core.worklist import PLAN, Task, register

from . import candidacies, habilitations, requesting
from .asking import Candidacy, TrainingRequest
from .session import Session
from .vocabulary import CandidacyState, RequestState, SessionState

SOON = datetime.timedelta(days=21)


def declare() -> None:
    register(*_requests(), *_candidacies(), *_sessions(), *_trainers())


def _list(model: str, query: str) -> Callable[[], str]:
    return lambda: f"{reverse(f'admin:vrl_{model}_changelist')}?{query}"


def _requests() -> list[Task]:
    received = TrainingRequest.objects.filter(state=RequestState.RECEIVED)
    return [
        Task(
            "demande de formation reçue",
            "demandes de formation reçues",
            lambda user: received.all().count(),
            _list("trainingrequest", f"state__exact={RequestState.RECEIVED}"),
            "vrl.change_trainingrequest",
            subject=PLAN,
        ),
        Task(
            "demande de formation qui dort, à relancer",
            "demandes de formation qui dorment, à relancer",
            lambda user: requesting.sleeping().count(),
            _list("trainingrequest", "travail=dort"),
            "vrl.change_trainingrequest",
            subject=PLAN,
            urgent=True,
        ),
    ]


def _candidacies() -> list[Task]:
    received = Candidacy.objects.filter(state=CandidacyState.RECEIVED)
    return [
        Task(
            "candidature de formatrice ou formateur à examiner",
            "candidatures de formatrices et formateurs à examiner",
            lambda user: received.all().count(),
            _list("candidacy", f"state__exact={CandidacyState.RECEIVED}"),
            "vrl.change_candidacy",
            subject=PLAN,
        ),
        Task(
            "habilitation à donner après une session N2",
            "habilitations à donner après une session N2",
            lambda user: candidacies.with_attestation().count(),
            _list("candidacy", f"state__exact={CandidacyState.ACCEPTED}"),
            "vrl.change_candidacy",
            subject=PLAN,
        ),
    ]


def soon_not_confirmed() -> QuerySet[Session]:
    """Within three weeks, and still only open: people want to know."""
    now = timezone.now()
    limit = now + SOON
    states = (SessionState.TEAM, SessionState.OPEN, SessionState.FULL)
    return Session.objects.filter(state__in=states, event__starts_at__gt=now, event__starts_at__lte=limit)


def without_report() -> QuerySet[Session]:
    """Over, and nothing handed in."""
    return Session.objects.filter(state__in=(SessionState.HELD, SessionState.TO_CLOSE), report__sent_at=None)


def with_report_to_accept() -> QuerySet[Session]:
    """The trainer handed it in, the coordination has not read it."""
    return Session.objects.filter(report__sent_at__isnull=False, report__accepted_at=None)


def proposed() -> QuerySet[Session]:
    """A trainer proposed it; the coordination has not answered."""
    return Session.objects.filter(state=SessionState.PROPOSED)


# What the filter of the list calls them, and its words.
SESSIONS: dict[str, tuple[str, Callable[[], QuerySet[Session]]]] = {
    "proposee": ("Proposée, à examiner", proposed),
    "equipe": ("Équipe à compléter", Session.objects.lacking_trainers),
    "bientot": ("Bientôt, pas encore confirmée", soon_not_confirmed),
    "compte-rendu": ("Sans compte rendu", without_report),
    "a-accepter": ("Compte rendu à accepter", with_report_to_accept),
}


def _sessions() -> list[Task]:
    words = {
        "proposee": ("session proposée, à examiner", "sessions proposées, à examiner"),
        "equipe": ("session à laquelle manquent des formateurs", "sessions auxquelles manquent des formateurs"),
        "bientot": (
            "session dans moins de trois semaines, pas encore confirmée",
            "sessions dans moins de trois semaines, pas encore confirmées",
        ),
        "compte-rendu": ("session passée sans compte rendu", "sessions passées sans compte rendu"),
        "a-accepter": ("compte rendu de session à accepter", "comptes rendus de session à accepter"),
    }
    return [_session(name, one, many) for name, (one, many) in words.items()]


def _session(name: str, one: str, many: str) -> Task:
    sessions = SESSIONS[name][1]
    url = _list("session", f"travail={name}")
    return Task(one, many, lambda user: sessions().count(), url, "vrl.change_session", urgent=name == "bientot", subject=PLAN)


def _trainers() -> list[Task]:
    return [
        Task(
            "habilitation à renouveler",
            "habilitations à renouveler",
            lambda user: habilitations.to_renew().count(),
            _list("habilitation", "echeance=a-renouveler"),
            "vrl.change_habilitation",
            subject=PLAN,
        ),
        Task(
            "personne habilitée sans session depuis 24 mois",
            "personnes habilitées sans session depuis 24 mois",
            lambda user: habilitations.idle().count(),
            _list("trainer", "a-regarder=sans-session"),
            "vrl.change_trainer",
            subject=PLAN,
        ),
        Task(
            f"département avec moins de {habilitations.ENOUGH_TRAINERS} personnes habilitées",
            f"départements avec moins de {habilitations.ENOUGH_TRAINERS} personnes habilitées",
            lambda user: len(habilitations.short_departments()),
            lambda: f"{reverse('bilan:index')}#formateurs",
            "vrl.change_trainer",
            subject=PLAN,
        ),
    ]
