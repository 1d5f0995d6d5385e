"""The first questions: complete, sourced, never said to be validated."""

import pytest

from vrl.demo import situations
from vrl.models import Situation

pytestmark = pytest.mark.usefixtures("world")


def test_first_questions_are_complete_and_to_validate():
    made = situations.load()
    assert made >= 25
    rows = list(Situation.objects.prefetch_related("sources"))
    assert [row.question for row in rows if row.validated or not (row.published and row.is_demo)] == []
    assert [
        row.question for row in rows if not row.sources.all() or not (row.summary and row.happens and row.law and row.can_do)
    ] == []


def test_known_questions_stay_as_people_left_them():
    situations.load()
    first = Situation.objects.order_by("pk").first()
    first.summary = "Réponse relue."
    first.save()
    assert situations.load() == 0
    first.refresh_from_db()
    assert first.summary == "Réponse relue."
