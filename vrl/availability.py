"""When trainers are free, as they said; used to propose, never to forbid."""

import datetime
from collections.abc import Iterable
from typing import Any

from .cascade import days_of, obstacle
from .models import Session, Trainer
from .vocabulary import Place

WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def is_free(trainer: Trainer, days: Iterable[datetime.date]) -> bool:
    """Whether each of these days is in what she said; False without a day. Prefetch `availabilities` for a list."""
    wanted, said = list(days), list(trainer.availabilities.all())  # type: ignore[attr-defined]
    return bool(wanted) and all(
        any(one.first_on <= day <= one.last_on and day.weekday() in one.weekdays for one in said) for day in wanted
    )


def candidates(session: Session) -> list[dict[str, Any]]:
    """Who may still be asked to lead this session: {trainer, near, free}, those of the department who are free first."""
    asked = session.team.exclude(state=Place.DECLINED).values("trainer")  # type: ignore[attr-defined]
    known = Trainer.objects.present().exclude(pk__in=asked).prefetch_related("habilitations", "availabilities", "departments")
    days = days_of(session.event)
    rows = [
        {
            "trainer": trainer,
            "near": session.department_id in {place.pk for place in trainer.departments.all()},
            "free": is_free(trainer, days),
        }
        for trainer in known
        if not obstacle(trainer, session, days)
    ]
    return sorted(rows, key=lambda found: (not found["near"], not found["free"], found["trainer"].name))


def label(found: dict[str, Any]) -> str:
    """« Ada Martin, du département, disponible ces jours-là »."""
    words = ["du département"] * found["near"] + ["disponible ces jours-là"] * found["free"]
    return ", ".join([found["trainer"].name, *words])
