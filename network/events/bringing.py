"""People registered elsewhere, brought in: the other writer of registrations, beside `registering.py`. Nobody is written to.

It holds the event as `registering.py` does, so that two writers never count the same place.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from .event import Event
from .places import places_left
from .registering import Refused, held, key_of
from .registrations import Registration, RegistrationState

State = RegistrationState
# As little as a list of people needs: neither needs, nor meals, nor answers.
BROUGHT = ("name", "email", "phone", "structure", "position", "status", "department")
FULL = "L’événement est complet et n’a pas de liste d’attente : augmentez le nombre de places, puis reprenez."


def known(event: Event, name: str, email: str) -> Registration | None:
    """This person at this event: by her address, or by her name when she gave none."""
    mine = event.holder.registrations.order_by("pk")
    return mine.filter(email_key=key_of(email)).first() if email else mine.filter(email_key="", name__iexact=name).first()


def state_for(holder: Event, state: str, now: datetime.datetime) -> State:
    """What the file says, as the places allow: before the event, nobody takes a place that does not exist. Raises Refused."""
    wanted = State(state)
    if wanted != State.CONFIRMED:
        return wanted
    left = places_left(holder)
    over = holder.ends_at is not None and holder.ends_at <= now
    if over or left is None or left > 0:
        return State.CONFIRMED
    if not holder.waiting_list:
        raise Refused(FULL)
    return State.WAITING


def bring(
    event: Event,
    fields: Mapping[str, Any],
    state: str,
    *,
    queued_at: datetime.datetime | None = None,
    now: datetime.datetime | None = None,
) -> Registration:
    """Somebody new, in the state that the file and the places give. Raises Refused; who is already there is refused too."""
    with held(event) as holder:
        now = now or timezone.now()
        said = {name: fields.get(name, "") for name in BROUGHT}
        if known(holder, said["name"], said["email"]):
            raise Refused("Cette personne est déjà inscrite à cet événement.")
        reached = state_for(holder, state, now)
        return Registration.objects.create(
            event=holder,
            state=reached,
            email_key=key_of(said["email"]),
            queued_at=queued_at or now,
            confirmed_at=now if reached == State.CONFIRMED else None,
            cancelled_at=now if reached == State.CANCELLED else None,
            **said,
        )


def complete(registration: Registration, fields: Mapping[str, Any]) -> Registration:
    """What was empty of somebody already there; neither her state nor her address."""
    with held(registration.event):
        fresh = Registration.objects.get(pk=registration.pk)
        for name in set(BROUGHT) - {"email"} & fields.keys():
            setattr(fresh, name, fields[name])
        fresh.version += 1
        fresh.save()
    return fresh
