"""Processes that register at the same moment: `python -m tests.network.events.worker STEP…`, see tests/core/mail/worker.py.

`prepare:5`: an event of so many places. `join:3`: the third client registers its people one after the other, then sends each
form again. `fill`: everybody confirmed, as many in line. `leave:1`: half of those confirmed cancel. `keep`: the clock.
`join:0@unlocked` without the lock of the event, `join:0@dies` killed before the commit, `join:0@apart` with the mail apart.
"""

import datetime
import os
import signal
import sys
import uuid
from collections import Counter

from tests.core.mail.worker import run, say, set_up

CLIENTS, EACH, PLACES = 6, 5, 4


def event():
    from network.events.models import Event

    return Event.objects.get()


def prepare(places: int) -> None:
    from tests.factories import events

    events.event("Rush", capacity=places, accept_hours=0, days=(1,))


def join(client: int) -> None:
    from network.events.registering import register_all

    for number in range(EACH):
        person = {"name": f"P{client}-{number}", "email": f"p{client}-{number}@example.org"}
        key = uuid.uuid5(uuid.NAMESPACE_DNS, person["email"])
        for _ in range(2):  # a double click
            register_all(event(), [person], form_key=key)


def fill() -> None:
    """As many people confirmed as there are places, and as many in line, in order."""
    from network.events.models import Registration

    made, long_ago = event(), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for letter, state in (("c", "confirmee"), ("w", "attente")):
        for number in range(made.capacity):
            email = f"{letter}{number}@example.org"
            queued = long_ago + datetime.timedelta(minutes=number)
            known = {"name": email, "email": email, "email_key": email, "queued_at": queued}
            Registration.objects.create(event=made, state=state, **known)


def leave(half: int) -> None:
    from network.events import registering
    from network.events.models import Registration

    for mine in Registration.objects.filter(email__startswith="c").order_by("pk")[half::2]:
        registering.cancel(mine)


def keep() -> None:
    from network.events import reminding

    start = event().starts_at
    reminding.keep(start - datetime.timedelta(hours=2))


def check() -> None:
    """What is in the database, and what was said of it."""
    from network.events.models import Registration
    from trajectoire.core.outbox import OutgoingMail

    rows = list(Registration.objects.order_by("queued_at", "pk"))
    mails = list(OutgoingMail.objects.order_by("pk").values_list("recipient", "subject"))
    confirmed = {row.email for row in rows if row.state == "confirmee"}
    joined = [row.state for row in rows if row.email.startswith("p")]
    said = [recipient for recipient, subject in mails if subject.startswith("Inscription confirmée")]
    say(
        {
            "states": Counter(row.state for row in rows),
            "in_order": joined == sorted(joined, reverse=True),  # « confirmee » first, then « attente »
            "mails": len(mails),
            "told_wrong": [recipient for recipient in said if recipient not in confirmed],
            "confirmed": sorted(confirmed),
            "promoted": [recipient for recipient in said if recipient.startswith("w")],
            "reminded": sorted(recipient for recipient, subject in mails if subject.startswith("Demain")),
        }
    )


def dying(act):
    """The same function, which ends by death: nothing of the transaction under way is kept."""

    def mortal(*args, **kwargs):
        act(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return mortal


def arm(control: str) -> None:
    from network.events import registering, reminding
    from trajectoire.core import mail

    mail.send_waiting.__class__.enqueue = lambda *args, **kwargs: None  # nothing is sent here
    if control == "unlocked":
        unlock(registering)
    elif control == "dies":
        registering.notice, reminding.notice = dying(registering.notice), dying(reminding.notice)
    elif control == "apart":
        write_apart(registering)


def unlock(registering) -> None:
    """Read without holding anything: on SQLite, with the transactions that Django begins by default."""
    from contextlib import nullcontext

    from django.db import connection

    from network.events.models import Event

    registering.locked = lambda pk: Event.objects.get(pk=pk)
    registering.in_turn = nullcontext
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
        connection.close()


def write_apart(registering) -> None:
    """The mail is committed before the registration it speaks of, then the process dies."""
    from django.db import connection

    from trajectoire.core.outbox import MailBody, OutgoingMail

    def hasty(kind, registration, *args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
            cursor.execute("BEGIN")
            body = MailBody.objects.create(text="Votre place est réservée.")
            subject = "Inscription confirmée : Rush"
            OutgoingMail.objects.create(kind="x", recipient=registration.email, subject=subject, body=body, message_id="<1@x>")
            cursor.execute("COMMIT")
        os.kill(os.getpid(), signal.SIGKILL)

    registering.notice = hasty


TASKS = {"prepare": prepare, "join": join, "fill": fill, "leave": leave, "keep": keep, "check": check}

if __name__ == "__main__":
    set_up()
    run(sys.argv[1:], TASKS, arm)
