"""Processes to be killed: `python -m tests.core.mail.worker STEP…` on the database of DATABASE_URL, with the mail server of MAIL_PORT.

Each step runs in a process of its own, forked from this one, and a line of JSON says how it ended. `write:300`: a letter
to so many people. `send!`: killed by the
parent as soon as it has read a line on its input (the server says when). `send&`: goes on while the next steps run, until
`wait`. `later`: time passes, leases end. A word after @ arms a negative control.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable

import django
import django.db


def say(thing: dict) -> None:
    """One line in one write: others may be saying theirs."""
    os.write(1, json.dumps(thing).encode() + b"\n")


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ.get("MAIL_PORT", "9"))


def write(count: int) -> None:
    """A letter to many people, as it would be stored."""
    from trajectoire.core import mail, sending

    sending.send_due = lambda limit: sending.Outcome(0, 0, more=False, away=False)  # not in this step
    people = [mail.Recipient(f"p{number:03}@example.org") for number in range(count)]
    context = {"message": {"subject": "Lettre", "name": "x", "email": "a@example.org", "sent_at": None, "message": "Bonjour"}}
    say({"new": mail.post_batch("contact", "lettre-1", context, people, names=())})


def send() -> None:
    from trajectoire.core import sending

    outcome = sending.send_due()
    say({"sent": outcome.sent, "refused": outcome.refused})


def later() -> None:
    from django.utils import timezone

    from trajectoire.core.outbox import OutgoingMail

    OutgoingMail.objects.waiting().update(next_try_at=timezone.now())


def check() -> None:
    from trajectoire.core.outbox import OutgoingMail

    say({"statuses": sorted(OutgoingMail.objects.values_list("status", flat=True))})


def arm(control: str) -> None:
    """What the outbox must not do."""
    from trajectoire.core import sending
    from trajectoire.core.outbox import OutgoingMail

    if control == "unclaimed":  # take without saying so
        OutgoingMail.claim = lambda self: True
    elif control == "before":  # say that it is sent, then send
        deliver = sending.attempt

        def careless(connection, mail):
            mail.delivered()
            return deliver(connection, mail)

        sending.attempt = careless


TASKS = {"write": write, "send": send, "later": later, "check": check}


def start(arm: Callable[[str], None], control: str, act: Callable, *numbers: int) -> int:
    """Run something in a forked process; its identifier."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        arm(control)
        act(*numbers)
        django.db.connections.close_all()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> None:
    say({"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])})


def run(steps: list[str], tasks: dict[str, Callable], arm: Callable[[str], None]) -> None:
    behind: list[int] = []
    for step in steps:
        if step == "wait":
            while behind:
                ended(behind.pop(0))
            continue
        task, _, control = step.rstrip("&!").partition("@")
        name, *numbers = task.split(":")
        child = start(arm, control, tasks[name], *map(int, numbers))
        if step.endswith("&"):
            behind.append(child)
            continue
        if step.endswith("!"):
            sys.stdin.readline()
            os.kill(child, signal.SIGKILL)
        ended(child)


if __name__ == "__main__":
    set_up()
    run(sys.argv[1:], TASKS, arm)
