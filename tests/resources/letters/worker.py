"""Processes to be killed while a letter leaves: `python -m tests.resources.letters.worker STEP…`, see tests/core/mail/worker.py.

`letters@stored` dies once the messages are stored and nothing is committed, `letters@committed` as soon as it is,
`letters@apart` as the first, with « sent » written apart from the messages (the negative control).
"""

import os
import signal
import sys
from pathlib import Path

from tests.core.mail.worker import run, say, set_up

PEOPLE = 5


def prepare() -> None:
    """A letter whose hour has come, and five people who receive it."""
    from django.utils import timezone

    from resources.alerts.models import Subscriber
    from resources.letters.models import Letter, Subscription
    from tests.factories import vocabulary

    vocabulary.make()
    now = timezone.now()
    for number in range(PEOPLE):
        subscriber = Subscriber.objects.create(email=f"p{number}@example.org")
        Subscription.objects.create(subscriber=subscriber, confirmed_at=now, consent="oui")
    Letter.objects.create(number=48, title="un essai", intro="<p>Bonjour.</p>", status="ready", send_at=now)


def letters() -> None:
    from resources.letters import sending

    say({"letters": sending.send_due()})


def check() -> None:
    from resources.letters.models import Letter
    from resources.models import Document
    from trajectoire.core.outbox import OutgoingMail

    people = sorted(OutgoingMail.objects.values_list("recipient", flat=True))
    say({"written": people, "pages": Document.objects.count(), "status": Letter.objects.get().status})


def die_after(act):
    """The same function, which ends by death."""

    def mortal(*args, **kwargs):
        act(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return mortal


def arm(control: str) -> None:
    from resources.letters import sending
    from resources.letters.models import Letter

    sending.mail.send_waiting.__class__.enqueue = lambda *args, **kwargs: None  # nothing is sent here
    if control == "stored":
        sending.mail.post_batch = die_after(sending.mail.post_batch)
    elif control == "committed":
        sending.send = die_after(sending.send)
    elif control == "apart":

        def send(pk):
            Letter.objects.filter(pk=pk).update(status="sent")
            os.kill(os.getpid(), signal.SIGKILL)

        sending.send = send


if __name__ == "__main__":
    set_up()
    from django.conf import settings

    settings.SEARCH_INDEX_DIR = Path(os.environ["INDEX_DIR"])
    run(sys.argv[1:], {"prepare": prepare, "letters": letters, "check": check}, arm)
