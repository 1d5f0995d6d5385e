"""The plan as it grows: queries and CPU of the trainer's pages and of the public list.

    python benchmarks/vrl.py 20 2000

For each count of sessions, fifteen registrations each, a folder and a SQLite database of its own. The trainer leads twenty of
them whatever the count. Requests go through the whole site, without a network; medians of 10. Prints Markdown rows.
"""

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "dashboard": "/vrl/espace/",
    "my sessions": "/vrl/espace/sessions/",
    "needs": "/vrl/espace/besoins/",
    "public list": "/vrl/formations/",
}
HERS, EACH, TIMES = 20, 15, 10


def main(counts: list[int]) -> None:
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            environment = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
            for step in (["migrate"], ["load_reference"], ["load_pages"]):
                command = [sys.executable, "manage.py", *step, "--verbosity", "0"]
                subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
            subprocess.run([sys.executable, __file__, "--measure", str(count)], cwd=ROOT, env=environment, check=True)


def fill(count: int):
    """So many sessions a day apart, half of them over; the account of the trainer who leads twenty of them."""
    import datetime

    from django.contrib.auth.models import Group

    from trajectoire.core.models import TRAINERS, User
    from vrl.models import Habilitation, Trainer

    user = User.objects.create_user("formatrice@example.org")
    user.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
    trainer = Trainer.objects.create(user=user, name="Formatrice")
    other = Trainer.objects.create(name="Autre")
    Habilitation.objects.create(trainer=trainer, level="n2", obtained_on=datetime.date(2020, 1, 1))
    fill_sessions(count, trainer, other)
    return user


def fill_sessions(count: int, trainer, other) -> None:
    """The sessions, their events and the people registered."""
    import datetime

    from django.utils import timezone

    from network.events.models import Event, EventDate, Registration
    from network.models import Territory
    from vrl.models import Session, TeamMember

    now, day = timezone.now(), datetime.timedelta(days=1)
    places = list(Territory.objects.filter(kind="departement"))
    events = Event.objects.bulk_create(
        Event(
            title=f"Session {number}",
            slug=f"session-{number}",
            published=True,
            of_plan=True,
            kind="formation",
            category="formation",
            capacity=20,
            starts_at=now + day * (number - count // 2),
            ends_at=now + day * (number - count // 2) + datetime.timedelta(hours=7),
        )
        for number in range(count)
    )
    EventDate.objects.bulk_create(EventDate(event=event, starts_at=event.starts_at, ends_at=event.ends_at) for event in events)
    sessions = Session.objects.bulk_create(
        Session(
            event=event,
            level="n3",
            length="1-jour",
            state="ouverte" if event.starts_at > now else "cloturee",
            department=places[number % len(places)],
            owner=trainer if number % max(count // HERS, 1) == 0 else other,
        )
        for number, event in enumerate(events)
    )
    TeamMember.objects.bulk_create(TeamMember(session=one, trainer=one.owner, state="confirmee") for one in sessions)
    Registration.objects.bulk_create(
        (
            Registration(
                event=event, state="confirmee", name=f"P {rank}", email=f"p{rank}@example.org", email_key=f"p{rank}@example.org"
            )
            for event in events
            for rank in range(EACH)
        ),
        batch_size=2000,
    )


def measure(count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    user = fill(count)
    call_command("rebuild_index", verbosity=0, stdout=io.StringIO())
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    cells = []
    for path in PAGES.values():
        assert client.get(path).status_code == 200, path
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
            asked = len(queries)  # the next request empties the journal
        spent = []
        for _ in range(TIMES):
            start = time.process_time()
            client.get(path)
            spent.append(time.process_time() - start)
        cells.append(f"{asked} / {statistics.median(spent) * 1000:.0f} ms")
    print(f"| {count} | {count * EACH} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    if "--measure" in sys.argv:
        sys.path.insert(0, str(ROOT))
        measure(int(sys.argv[-1]))
    else:
        main([int(count) for count in sys.argv[1:]] or [20, 2000])
