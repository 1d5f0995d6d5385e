"""Names of the team leave the histories and the logs after a year; a person's own row of each kind can be copied."""

import datetime
import re
from io import StringIO

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from resources.alerts.models import Subscriber
from tests.factories import accounts, documents
from trajectoire.core import personal
from trajectoire.core.models import DataRequest, Page
from trajectoire.core.personal import erasures, mentions, person

from .conftest import ADA

pytestmark = pytest.mark.usefixtures("world")


def run(*words: str) -> dict[str, str]:
    """The report of the command: {rule: what it says}."""
    out = StringIO()
    call_command("apply_retention", *words, stdout=out)
    return dict(re.split(r"\s: ", line) for line in out.getvalue().splitlines())


LABELS = (
    "Demandes d’accès aux données",
    "Journal de l’administration",
    "Noms dans l’historique des versions",
    "Tâches de fond terminées",
)


def test_old_names_leave_once_and_recent_ones_stay():
    user = accounts.administrator()
    for days in (364, 366):
        with time_machine.travel(timezone.now() - datetime.timedelta(days=days)):
            page = Page(slug=f"page-{days}", title="Une page")
            page._history_user = user
            page.save()
            LogEntry.objects.create(user=user, object_id="1", object_repr="x", action_flag=1)
            DBTaskResult.objects.create(finished_at=timezone.now(), args_kwargs={}, backend_name="default", task_path="x")
            DataRequest.objects.create(email=ADA)
    before = run("--dry-run")
    assert [before[label] for label in LABELS] == ["2 à effacer.", "1 à effacer.", "1 à effacer.", "2 à effacer."]
    done = run()
    assert [done[label] for label in LABELS] == ["2 effacés.", "1 effacés.", "1 effacés.", "2 effacés."]
    assert set(run().values()) == {"0 effacés."}
    history = Page.history.filter(slug__startswith="page-").order_by("history_date")
    assert [row.history_user for row in history] == [None, user]


def test_rows_are_named_without_address():
    asked = DataRequest.objects.create(email=ADA)
    assert str(asked) == str(asked.pk)


def test_subscriber_of_alerts_only_is_copied():
    Subscriber.objects.create(email=ADA)
    [section] = person.found(ADA)
    assert "lettre d’information" not in section.rows[0]


@pytest.mark.parametrize("shown", ["oui", "non"])
def test_yes_and_no_are_written_in_french(shown):
    made = documents.document("Un titre", external=shown == "oui")
    assert personal.fields("external")(made) == {"publié ailleurs": shown}


def test_day_is_written_in_french():
    made = documents.document("Un titre", date=datetime.date(2026, 3, 1))
    assert personal.fields("date")(made) == {"date de parution": "1 mars 2026"}


def test_replaying_needs_no_row_in_common():
    person.erase(ADA)
    assert erasures.to_replay() == []


def test_addresses_of_the_database_are_listed():
    DataRequest.objects.create(email=ADA)
    Page.objects.create(slug="x", title="x", body="<p>écrire à Grace@example.org.</p>")
    assert {ADA.lower(), "grace@example.org"} <= mentions.addresses()
