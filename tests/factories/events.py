"""Events as the site stores them. Registrations are rows as `registering.py` leaves them: no mail is written."""

import datetime
import itertools
from typing import Any

from django.utils import timezone

from network.events.models import Event, EventDate, Registration, RegistrationState

_numbers = itertools.count(1)


def in_days(days: float, hour: int = 9, minute: int = 0) -> datetime.datetime:
    """That many days from now, at this hour in Paris."""
    then = timezone.localtime() + datetime.timedelta(days=days)
    return then.replace(hour=hour, minute=minute, second=0, microsecond=0)


def event(title: str = "", *, days: tuple[float, ...] = (10,), **given: Any) -> Event:
    """Published, with registration at once, from 9 to 17 h on each of these days counted from today, unless told otherwise."""
    made = Event.objects.create(title=title or f"Rencontre {next(_numbers)}", **{"published": True} | given)
    for day in days:
        add_date(made, day)
    return made


def add_date(made: Event, day: float, **given: Any) -> EventDate:
    added = EventDate.objects.create(event=made, **{"starts_at": in_days(day), "ends_at": in_days(day, 17)} | given)
    made.keep_bounds()
    return added


def registration(made: Event, state: str = RegistrationState.CONFIRMED, **given: Any) -> Registration:
    number = next(_numbers)
    email = given.pop("email", f"inscription{number}@example.org")
    offer = {"offer_ends_at": in_days(2)} if state == RegistrationState.OFFERED else {}
    known = {"name": f"Personne {number}", "email": email, "email_key": email.lower(), "structure": "Maison de quartier"}
    return Registration.objects.create(event=made, state=state, **known | offer | given)
