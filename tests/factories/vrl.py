"""The plan as the site stores it: trainers, sessions, requests, kit. Rows only: no state is moved, no mail written."""

import datetime
import itertools
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from network.events.vocabulary import EventKind
from network.models import Territory
from resources.models import Document
from trajectoire.core.models import User
from vrl.models import Candidacy, Habilitation, KitPart, Report, Session, Situation, SituationMet, TeamMember, Trainer
from vrl.models import TrainingRequest as Request
from vrl.vocabulary import HabilitationState, KitKind, Length, Level, Place, SessionState

from . import accounts, documents, events

_numbers = itertools.count(1)
NAMES = {"21": "Côte-d’Or", "25": "Doubs", "39": "Jura", "58": "Nièvre", "70": "Haute-Saône", "71": "Saône-et-Loire"}
LENGTHS = {Level.N1: Length.FOUR_DAYS, Level.N2: Length.THREE_DAYS, Level.N3: Length.TWO_DAYS, Level.AWARENESS: Length.HOURS}
NOT_SHOWN = (SessionState.DRAFT, SessionState.PROPOSED, SessionState.TEAM)


def department(code: str = "21") -> Territory:
    """The one of the small vocabulary, or a row of its own where a test needs no vocabulary."""
    found = Territory.objects.filter(kind="departement", code=code).first()
    return found or Territory.objects.create(code=code, kind="departement", name=NAMES.get(code, f"Département {code}"))


def trainer(
    level: str = "n2", *, state: str = "active", user: bool | User = True, departments: Iterable[str] = ("21",), **given: Any
) -> Trainer:
    """Someone with one habilitation (none with level=""), an account in the group of trainers and her departments."""
    number = next(_numbers)
    account = accounts.trainer() if user is True else user or None
    known = {"name": f"Formatrice {number}", "email": account.email if account else f"formatrice{number}@example.org"}
    made = Trainer.objects.create(user=account, **known | given)
    made.departments.set([department(code) for code in departments])
    if level:
        habilitation(made, level, state=state)
    return made


def gone_trainer(**given: Any) -> Trainer:
    """A trainer who left: out of the group, her account still open."""
    made = trainer(state=HabilitationState.LEFT, left_on=timezone.localdate() - datetime.timedelta(days=30), **given)
    if made.user:
        made.user.groups.clear()
    return made


def habilitation(made: Trainer, level: str = "n2", **given: Any) -> Habilitation:
    """Obtained two years ago, unless told otherwise."""
    ago = timezone.localdate() - datetime.timedelta(days=730)
    return Habilitation.objects.create(trainer=made, level=level, **{"obtained_on": ago} | given)


def session(
    level: str = "n3", *, state: str = "ouverte", days: tuple[float, ...] = (10,), trainers: Iterable[Trainer] = (), **given: Any
) -> Session:
    """A session on these days counted from today, with a confirmed team; the first of them owns it.

    What is not a field of Session is given to its event (title, capacity, attests, registering…).
    """
    names = {field.name for field in Session._meta.get_fields()}
    facts = {name: given.pop(name) for name in list(given) if name in names and name != "trainers"}
    team = list(trainers)
    event = facts.pop("event", None) or events.event(
        given.pop("title", "") or f"Formation VRL {next(_numbers)}",
        days=days,
        **{"kind": EventKind.TRAINING, "mission": "vrl", "published": state not in NOT_SHOWN, "capacity": 15, "attests": True}
        | given,
    )
    base = {"length": LENGTHS[Level(level)], "owner": team[0] if team else None}
    if "department" not in facts:
        base["department"] = department()
    made = Session.objects.create(event=event, level=level, state=state, **base | facts)
    for each in team:
        team_member(made, each)
    return made


def team_member(made: Session, who: Trainer, state: str = Place.CONFIRMED, **given: Any) -> TeamMember:
    answered = None if state in (Place.INVITED, Place.OFFERED) else timezone.now()
    return TeamMember.objects.create(session=made, trainer=who, state=state, **{"answered_at": answered} | given)


def kit_part(title: str = "", kind: str = KitKind.SEQUENCE, *, document: Any = None, **given: Any) -> KitPart:
    """A part of the kit on a published document reserved for trainers; needs the small vocabulary (`world`)."""
    number = next(_numbers)
    made = document or documents.document(
        title or f"Partie du kit {number}", type="guide", themes=(), access=Document.Access.TRAINERS
    )
    return KitPart.objects.create(document=made, kind=kind, **{"sequence": 1} | given)


def situation(question: str = "", **given: Any) -> Situation:
    known = {
        "question": question or f"Peut-on poser la question {next(_numbers)} ?",
        "happens": "<p>Une personne demande.</p>",
        "law": "<p>La loi répond.</p>",
        "can_do": "<p>Écouter, puis rappeler la règle.</p>",
        "up_to_date_on": datetime.date(2026, 9, 1),
        "published": True,
    }
    return Situation.objects.create(**known | given)


def training_request(structure: str = "", **given: Any) -> Request:
    number = next(_numbers)
    known = {
        "structure": structure or f"Centre social {number}",
        "name": f"Demandeuse {number}",
        "email": f"demande{number}@example.org",
        "people": 12,
    }
    if "department" not in given:
        given["department"] = department()
    return Request.objects.create(**known | given)


def candidacy(name: str = "", *, departments: Iterable[str] = ("21",), **given: Any) -> Candidacy:
    number = next(_numbers)
    known = {
        "name": name or f"Candidate {number}",
        "email": f"candidature{number}@example.org",
        "structure": "Maison de quartier",
        "motivation": "Former les équipes de ma ville.",
    }
    made = Candidacy.objects.create(**known | given)
    made.departments.set([department(code) for code in departments])
    return made


def report(made: Session, *, met: dict[str, int] | None = None, **given: Any) -> Report:
    """Handed in just now, with how many times each kind of situation was met."""
    known = {"worked": "Les études de cas.", "author": made.owner, "sent_at": timezone.now()}
    written = Report.objects.create(session=made, **known | given)
    SituationMet.objects.bulk_create(SituationMet(report=written, kind=kind, count=count) for kind, count in (met or {}).items())
    return written
