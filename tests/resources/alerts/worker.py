"""Processes to be killed while they write alerts: `python -m tests.resources.alerts.worker STEP…`, see tests/core/mail/worker.py.

`alerts@stored-2` dies once the second message is stored and not committed, `alerts@written-2` once it is committed,
`alerts@apart-2` as the first, with the moment told kept apart from the message (the negative control).
"""

import datetime
import os
import signal
import sys
from pathlib import Path

from tests.core.mail.worker import run, say, set_up

PEOPLE = 5


def prepare() -> None:
    """A document published an hour ago, and five people told until the day before."""
    from django.utils import timezone

    from resources.alerts.models import Alert, Subscriber
    from tests.factories import documents, vocabulary
    from trajectoire.core import search

    vocabulary.make()
    now = timezone.now()
    for number in range(PEOPLE):
        subscriber = Subscriber.objects.create(email=f"p{number}@example.org")
        before = now - datetime.timedelta(days=1)
        Alert.objects.create(
            subscriber=subscriber, listing="ressources", frequency="parution", confirmed_at=before, sent_upto=before
        )
    documents.document("Une nouveauté", publish_at=now - datetime.timedelta(hours=1))
    search.rebuild()


def alerts() -> None:
    from resources.alerts import digests

    digests.send_all()


def check() -> None:
    from trajectoire.core.outbox import OutgoingMail

    say({"written": sorted(OutgoingMail.objects.values_list("recipient", flat=True))})


def die_at(number: int, act):
    """The same function, which ends by death the time of that number."""
    count = iter(range(1, 1000))

    def mortal(*args, **kwargs):
        result = act(*args, **kwargs)
        if next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return mortal


def arm(control: str) -> None:
    from resources.alerts import digests

    digests.mail.send_waiting.__class__.enqueue = lambda *args, **kwargs: None  # nothing is sent here
    point, _, number = control.partition("-")
    if point == "stored":
        digests.mail.post = die_at(int(number), digests.mail.post)
    elif point == "written":
        digests.write = die_at(int(number), digests.write)
    elif point == "apart":
        whole = digests.write

        def apart(alerts, sections, until):
            digests._pass_over([alert.pk for alert in alerts], until)
            for alert in alerts:
                alert.sent_upto = until
            return whole(alerts, sections, until)

        digests.write = apart
        digests.mail.post = die_at(int(number), digests.mail.post)


if __name__ == "__main__":
    set_up()
    from django.conf import settings

    settings.SEARCH_INDEX_DIR = Path(os.environ["INDEX_DIR"])
    run(sys.argv[1:], {"prepare": prepare, "alerts": alerts, "check": check}, arm)
