"""The bilan of a year: queries and seconds, of the region, of a department, and of closing the year.

    python benchmarks/bilan.py 2000

So many sessions, all in one year, fifteen registrations each, four in five of them present all day, a questionnaire each; fifty rows
of downloads a session, one download each. A folder and a SQLite database of its own (or the one of DATABASE_URL, that must be empty
and migrated). Medians of 3. Prints Markdown rows.
"""

import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
YEAR, EACH, DOWNLOADS, TIMES = 2025, 15, 50, 3


def main(counts: list[int]) -> None:
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            environment = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
            for step in (["migrate"], ["load_reference"]):
                command = [sys.executable, "manage.py", *step, "--verbosity", "0"]
                subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
            subprocess.run([sys.executable, __file__, "--measure", str(count)], cwd=ROOT, env=environment, check=True)


def fill(count: int) -> None:
    from django.utils import timezone

    from network.events.models import Event, EventDate
    from network.models import Territory
    from vrl.models import Session

    places = list(Territory.objects.filter(kind="departement"))
    days = [timezone.make_aware(datetime.datetime(YEAR, 1, 1, 9)) + datetime.timedelta(days=n % 364) for n in range(count)]
    hours = datetime.timedelta(hours=8)
    events = Event.objects.bulk_create(
        Event(
            title=f"Session {number}",
            slug=f"session-{number}",
            published=True,
            of_plan=True,
            category="formation",
            mission="vrl",
            starts_at=day,
            ends_at=day + hours,
        )
        for number, day in enumerate(days)
    )
    dates = EventDate.objects.bulk_create(
        EventDate(event=event, starts_at=day, ends_at=day + hours) for event, day in zip(events, days, strict=True)
    )
    states, levels = ("cloturee", "cloturee", "realisee", "annulee"), ("n2", "n3", "n3")
    Session.objects.bulk_create(
        Session(
            event=event,
            level=levels[number % 3],
            length="1-jour",
            state=states[number % 4],
            department=places[number % len(places)],
        )
        for number, event in enumerate(events)
    )
    fill_people(events, dates)
    fill_answers(events)
    fill_downloads(count)


def fill_people(events, dates) -> None:
    from network.events.models import Presence, Registration

    people = Registration.objects.bulk_create(
        (
            Registration(
                event=event,
                state="confirmee",
                email=f"{number % 997}-{place}@example.org",
                email_key=f"{number % 997}-{place}@example.org",
                status=("fpt", "elu", "benevole")[place % 3],
                department=("21", "25", "71")[place % 3],
            )
            for number, event in enumerate(events)
            for place in range(EACH)
        ),
        batch_size=2000,
    )
    Presence.objects.bulk_create(
        (
            Presence(registration=person, date=dates[number // EACH], half_day=half, present=True)
            for number, person in enumerate(people)
            if number % 5
            for half in ("matin", "apres-midi")
        ),
        batch_size=2000,
    )


def fill_answers(events) -> None:
    from network.events.models import Survey, SurveyAnswer, SurveyItem

    surveys = Survey.objects.bulk_create(Survey(event=event, moment="chaud") for event in events)
    codes = {"satisfaction": "echelle", "perception": "oui-non"}
    items = SurveyItem.objects.bulk_create(
        SurveyItem(survey=survey, code=code, kind=kind, text=code) for survey in surveys for code, kind in codes.items()
    )
    SurveyAnswer.objects.bulk_create(
        (
            SurveyAnswer(
                survey=survey,
                day=datetime.date(YEAR, 6, 1),
                replies={str(items[2 * number].pk): str(1 + place % 5), str(items[2 * number + 1].pk): "oui"},
            )
            for number, survey in enumerate(surveys)
            for place in range(8)
        ),
        batch_size=2000,
    )


def fill_downloads(count: int) -> None:
    from django.utils import timezone

    from resources.counts import DocumentCount
    from resources.models import Document, DocumentType

    kind = DocumentType.objects.create(slug="note", name="note", plural="notes")
    published = timezone.make_aware(datetime.datetime(YEAR, 1, 2))
    documents = Document.objects.bulk_create(
        Document(title=f"Note {number}", slug=f"note-{number}", type=kind, status="published", publish_at=published)
        for number in range(max(count // 4, 1))
    )
    first = datetime.date(YEAR, 1, 1)
    DocumentCount.objects.bulk_create(
        (
            DocumentCount(document=document, kind="download", day=first + datetime.timedelta(days=day), count=1)
            for document in documents
            for day in range(4 * DOWNLOADS)
        ),
        batch_size=5000,
    )


def measure(count: int) -> None:
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.db import connection

    from vrl.bilan import closing, reading
    from vrl.bilan.parts import of_year

    fill(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    doings = {
        "region, staff": lambda: reading.read(of_year(YEAR), outside=False),
        "region, partners": lambda: reading.read(of_year(YEAR), outside=True),
        "department, partners": lambda: reading.read(of_year(YEAR, "25"), outside=True),
        "closing the year": lambda: closing.close(YEAR, None) and closing.BilanYear.objects.all().delete(),
    }
    for label, do in doings.items():
        connection.force_debug_cursor = True
        connection.queries_log.clear()
        do()
        queries = len(connection.queries_log)
        connection.force_debug_cursor = False
        times = []
        for _ in range(TIMES):
            start = time.perf_counter()
            do()
            times.append(time.perf_counter() - start)
        print(f"| {label} | {count} | {queries} | {statistics.median(times):.2f} s |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(int(sys.argv[2]))
    else:
        main([int(count) for count in sys.argv[1:]])
