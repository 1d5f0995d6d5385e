"""What ends is to come, then over, without anything being written; with and without an index."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from trajectoire.core import search
from trajectoire.core.search import answering, remembering

from .conftest import write

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-03-10T12:00:00+01:00")


@pytest.fixture(params=["index", "database"])
def _found_by(request, settings, tmp_path):
    if request.param == "database":
        settings.SEARCH_INDEX_DIR = tmp_path / "file"
        settings.SEARCH_INDEX_DIR.write_text("not a folder")


@pytest.mark.usefixtures("_found_by")
def test_what_is_to_come_then_what_is_over(titles):
    write("Avril", date="2026-04-02", ends="2026-04-02T17:00:00+02:00")
    write("Mars", date="2026-03-10", ends="2026-03-10T17:00:00+01:00")
    write("Février", date="2026-02-01", ends="2026-02-01T17:00:00+01:00")
    write("Janvier", date="2026-01-01", ends="2026-01-01T17:00:00+01:00")
    write("Toujours", date="2026-05-01")
    assert titles(over=False, sort="date", now=NOON) == ["Mars", "Avril", "Toujours"]
    assert titles(over=True, sort="date", now=NOON) == ["Février", "Janvier"]
    assert titles(over=False, now=NOON + timedelta(hours=6)) == ["Avril", "Toujours"]
    assert titles(over=True, sort="titre", now=NOON) == ["Février", "Janvier"]
    assert titles(sort="date", now=NOON) == ["Toujours", "Avril", "Mars", "Février", "Janvier"]


def test_counts_kept_in_memory_follow_the_hour(monkeypatch):
    monkeypatch.setattr(answering, "MANY", 0)
    remembering.forget()
    write("Vélo", ends=(timezone.now() + timedelta(hours=1)).isoformat())

    def total(hours: int, over: bool | None) -> int:
        now = timezone.now() + timedelta(hours=hours)
        return search.query(search.Query("vélo", over=over, now=now)).total

    assert [total(0, False), total(2, False), total(0, True), total(2, True), total(0, None)] == [1, 0, 0, 1, 1]
    remembering.forget()
