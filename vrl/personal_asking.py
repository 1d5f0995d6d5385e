"""What the plan knows of those who ask, who wish to train others, who train: the register, the copy, the erasure."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from trajectoire.core import personal, retention
from trajectoire.core.personal.declared import OUR_MISSION

from . import candidacies, requesting
from .asking import Candidacy, TrainingRequest
from .trainer import Trainer

WHO = ("name", "email", "phone", "position")
REQUESTS, CANDIDACIES = "Demandes de formation", "Candidatures de formatrices et formateurs"
TRAINERS = "Formatrices et formateurs partis"
GONE = "Ancienne personne habilitée"
KEPT_AFTER_LEAVING = datetime.timedelta(days=3 * 365)
EMPTIED = {
    **dict.fromkeys(("email", "phone", "employer", "about"), ""),
    **dict.fromkeys(("public", "listed", "shows_email", "shows_phone", "kit_mail", "digest"), False),
    **dict.fromkeys(("user", "organisation", "agreed_on", "visited_at", "seen_before"), None),
    "name": GONE,
}


def declare() -> None:
    """Called once, when the site starts."""
    retention.register(retention.Rule(REQUESTS, requesting.old, requesting.forget_old))
    retention.register(retention.Rule(CANDIDACIES, candidacies.old, candidacies.forget_old))
    retention.register(retention.Rule(TRAINERS, left_long_ago, forget_old))
    _register()
    personal.signed("vrl.TrainingRequest", "in_charge")
    personal.signed("vrl.Candidacy", "decided_by")
    personal.signed("vrl.HistoricalHabilitation", "history_user")
    _hold()


def _register() -> None:
    personal.register(
        personal.Treatment(
            title="Demandes de formation VRL",
            purpose="Organiser les sessions que des structures demandent, et en tirer des chiffres sans nom.",
            basis=OUR_MISSION,
            people="Les personnes qui demandent une session pour leur structure.",
            kept="Trois ans après la dernière activité ; restent ensuite la structure, le département et le nombre de personnes.",
            holds={"vrl.TrainingRequest": (*WHO, "structure", "dates_note", "constraints", "audience_note", "note", "answer")},
            rules=(REQUESTS,),
            recipients="L’équipe du centre ; les formatrices et formateurs du département, sans le nom ni l’adresse.",
        )
    )
    personal.register(
        personal.Treatment(
            title="Candidatures de formatrices et formateurs",
            purpose="Choisir les personnes qui suivront une session N2, puis les habiliter.",
            basis=OUR_MISSION,
            people="Les personnes qui souhaitent devenir formatrices ou formateurs.",
            kept="Deux ans sans suite ou après un refus, un an après l’habilitation ; restent ensuite les départements et la décision.",
            holds={"vrl.Candidacy": (*WHO, "structure", "motivation", "experience", "commitment", "agreement", "answer")},
            rules=(CANDIDACIES,),
        )
    )
    personal.register(
        personal.Treatment(
            title="Formatrices et formateurs",
            purpose="Réunir les équipes des sessions, suivre les habilitations, animer le réseau.",
            basis=OUR_MISSION,
            people="Les personnes habilitées.",
            kept="Trois ans après le départ du réseau ; restent ensuite les sessions animées, sans nom.",
            holds={
                "vrl.Trainer": ("user", "name", "email", "phone", "employer", "about", "visited_at"),
                "vrl.Habilitation": ("level", "obtained_on", "state"),
            },
            rules=(TRAINERS,),
            recipients="L’équipe du centre ; les autres formatrices et formateurs, et le public, pour ce que chaque personne choisit de montrer.",
        )
    )


def _hold() -> None:
    personal.hold(
        personal.Trace(
            REQUESTS,
            lambda email: TrainingRequest.objects.filter(email__iexact=email),
            personal.fields("structure", *WHO, "people", "place", "dates_note", "constraints", "state", "answer", "created_at"),
            _forget_request,
            keeps="la structure, le département et le nombre de personnes restent, sans nom",
        )
    )
    personal.hold(
        personal.Trace(
            CANDIDACIES,
            lambda email: Candidacy.objects.filter(email__iexact=email),
            personal.fields("structure", *WHO, "motivation", "experience", "commitment", "state", "answer", "created_at"),
            _forget_candidacy,
            keeps="les départements et la décision restent, sans nom",
        )
    )
    personal.hold(
        personal.Trace(
            "Formatrices et formateurs",
            lambda email: Trainer.objects.filter(Q(email__iexact=email) | Q(user__email__iexact=email)).distinct(),
            _trainer_copy,
            forget,
            keeps="les sessions animées restent, sans nom",
            order=20,
        )
    )


def _forget_request(row: TrainingRequest) -> None:
    requesting.forget(TrainingRequest.objects.filter(pk=row.pk), timezone.now())


def _forget_candidacy(row: Candidacy) -> None:
    candidacies.forget(Candidacy.objects.filter(pk=row.pk), timezone.now())


def _trainer_copy(row: Trainer) -> dict[str, Any]:
    shown = personal.fields("name", "email", "phone", "employer", "agreed_on", "about", "visited_at", "left_on")(row)
    held = [f"{one}, obtenue le {one.obtained_on:%d/%m/%Y}" for one in row.habilitations.order_by("obtained_on", "pk")]  # type: ignore[attr-defined]
    led = [str(one) for one in row.sessions.order_by("event__starts_at", "pk")]
    return shown | {"habilitations": held, "sessions": led}


def forget(row: Trainer) -> None:
    """Nobody is named any more; the account, if there is one, is erased by its own trace."""
    if row.user:
        row.left_on = row.left_on or timezone.localdate()
        row.save()  # the role goes with it
    row.availabilities.all().delete()  # type: ignore[attr-defined]
    row.audiences.clear()
    left = row.left_on or timezone.localdate()
    Trainer.objects.filter(pk=row.pk).update(**EMPTIED, left_on=left)


def left_long_ago(now: datetime.datetime) -> QuerySet[Trainer]:
    """Those who left three years ago and still have a name."""
    return Trainer.objects.filter(left_on__lt=timezone.localdate(now - KEPT_AFTER_LEAVING)).exclude(name=GONE)


def forget_old(now: datetime.datetime) -> int:
    rows = list(left_long_ago(now))
    for row in rows:
        forget(row)
    return len(rows)
