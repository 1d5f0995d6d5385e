"""Fills the plan with the demonstration: trainers, three years of sessions, requests, candidacies, exchanges.

Loaded once, as a whole: from then on it is left as people made it. The kit and the situations are added one by one, by address.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.models import Audience, Territory
from resources.models import Document
from trajectoire.core import search
from trajectoire.core.models import TRAINERS, User

from ..asking import Candidacy, TrainingRequest, Volunteer
from ..exchange import Reply, Topic
from ..session import Session
from ..trainer import Availability, Habilitation, Trainer
from ..vocabulary import Shown
from . import attending, sessions
from .files import read

PLAIN = {"name", "phone", "employer", "about", "public", "shows_email", "shows_phone", "listed"}  # columns as written
LINKS = {"departments": (Territory, "code"), "audiences": (Audience, "slug")}


def ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def load() -> int:
    """Create the plan unless there is one already; how many sessions."""
    with search.paused(), transaction.atomic():
        if Trainer.objects.filter(is_demo=True).exists():
            return 0
        trainers = load_trainers()
        made = sessions.load(read("sessions")["session"], trainers)
        attending.load(made, read("sessions")["session"], read("people"))
        load_habilitations(trainers, made)
        load_requests(trainers, made)
        load_candidacies(trainers, made)
        load_topics(trainers)
    return len(made)


def link(rows: list[dict[str, Any]], made: list[Any], name: str) -> None:
    """The links of a vocabulary, for all these objects at once; what the site does not know is left out."""
    vocabulary, code = LINKS[name]
    wanted = {value for row in rows for value in row.get(name, [])}
    known = {getattr(item, code): item.pk for item in vocabulary._default_manager.filter(**{f"{code}__in": wanted})}
    through = getattr(type(made[0]), name).through
    mine, other = (f"{model._meta.model_name}_id" for model in (type(made[0]), vocabulary))
    through.objects.bulk_create(
        through(**{mine: item.pk, other: known[value]})
        for row, item in zip(rows, made, strict=True)
        for value in row.get(name, [])
        if value in known
    )


def load_trainers() -> dict[str, Trainer]:
    """{key: trainer}; the account of the demonstration is that of one of them."""
    rows = read("plan")["trainer"]
    made = [_make_trainer(row) for row in rows]
    for name in LINKS:
        link(rows, made, name)
    Availability.objects.bulk_create(
        Availability(trainer=trainer, first_on=ago(-one["from"]).date(), last_on=ago(-one["to"]).date(), weekdays=one["weekdays"])
        for row, trainer in zip(rows, made, strict=True)
        for one in row.get("free", [])
    )
    return {row["key"]: trainer for row, trainer in zip(rows, made, strict=True)}


def _make_trainer(row: dict[str, Any]) -> Trainer:
    """The row that the account received with its role, when it has one, takes the words of the demonstration."""
    account = User.objects.filter(email=row.get("account", ""), groups__name=TRAINERS).first()
    made = (account and Trainer.objects.filter(user=account).first()) or Trainer(user=account)
    for name in sorted(PLAIN & set(row)):
        setattr(made, name, row[name])
    made.is_demo = True
    made.email = row.get("account", f"{row['key']}.vrl@example.org")
    made.agreed_on = ago(row["habilitations"][0]["days_ago"] + 60).date()
    made.visited_at = ago(row["visited_days_ago"]) if "visited_days_ago" in row else None
    made.left_on = ago(row["left_days_ago"]).date() if "left_days_ago" in row else None
    made.save()
    return made


def load_habilitations(trainers: dict[str, Trainer], made: dict[str, Session]) -> None:
    Habilitation.objects.bulk_create(
        Habilitation(
            trainer=trainers[row["key"]],
            level=one["level"],
            obtained_on=ago(one["days_ago"]).date(),
            granted_by=one["by"],
            session=made.get(one.get("session", "")),
            expires_on=ago(-one["expires_in"]).date() if "expires_in" in one else None,
            **{name: one[name] for name in ("state", "note") if name in one},
        )
        for row in read("plan")["trainer"]
        for one in row["habilitations"]
    )


def load_requests(trainers: dict[str, Trainer], made: dict[str, Session]) -> None:
    """The sessions that answer a request are linked to it."""
    rows = read("plan")["request"]
    others = {"audiences", "department", "from", "to", "session", "days_ago", "volunteers"}
    departments = {row.code: row for row in Territory.objects.filter(kind="departement")}
    written = TrainingRequest.objects.bulk_create(
        TrainingRequest(
            is_demo=True,
            email=f"demande-{number}@example.org",
            department=departments[row["department"]],
            first_on=ago(-row["from"]).date() if "from" in row else None,
            last_on=ago(-row["to"]).date() if "to" in row else None,
            last_activity_at=ago(row["days_ago"] // 2),
            **{name: value for name, value in row.items() if name not in others},
        )
        for number, row in enumerate(rows, start=1)
    )
    link(rows, written, "audiences")
    for row, request in zip(rows, written, strict=True):
        TrainingRequest.objects.filter(pk=request.pk).update(created_at=ago(row["days_ago"]))
        Session.objects.filter(pk__in=[made[slug].pk for slug in [row.get("session")] if slug]).update(request=request)
        for one in row.get("volunteers", []):
            Volunteer.objects.create(request=request, trainer=trainers[one["key"]], note=one["note"])


def load_candidacies(trainers: dict[str, Trainer], made: dict[str, Session]) -> None:
    rows = read("plan")["candidacy"]
    kept = {"name", "structure", "position", "motivation", "experience", "state", "answer"}
    written = Candidacy.objects.bulk_create(
        Candidacy(
            is_demo=True,
            email=f"candidature-{number}@example.org",
            session=made.get(row.get("session", "")),
            trainer=trainers.get(row.get("trainer", "")),
            decided_at=ago(row["decided_days_ago"]) if "decided_days_ago" in row else None,
            **{name: value for name, value in row.items() if name in kept},
        )
        for number, row in enumerate(rows, start=1)
    )
    link(rows, written, "departments")
    for row, candidacy in zip(rows, written, strict=True):
        Candidacy.objects.filter(pk=candidacy.pk).update(created_at=ago(row["days_ago"]))


def load_topics(trainers: dict[str, Trainer]) -> None:
    """Questions and answers between trainers; the newest of each still wait for the coordination."""
    for row in read("plan")["topic"]:
        topic = Topic.objects.create(
            author=trainers[row["author"]],
            title=row["title"],
            text=row["text"],
            document=Document.objects.filter(slug=row.get("kit", "")).first(),
            at=ago(row["days_ago"]),
            **_shown(row),
        )
        Reply.objects.bulk_create(
            Reply(topic=topic, author=trainers[one["author"]], text=one["text"], at=ago(one["days_ago"]), **_shown(one))
            for one in row["replies"]
        )


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    state = row.get("state", Shown.SHOWN)
    return {"state": state, "shown_at": ago(row["days_ago"]) if state == Shown.SHOWN else None}
