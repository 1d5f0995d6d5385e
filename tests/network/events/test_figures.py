"""What the bilan counts, to the half-day, over the ends of years and the changes of clocks."""

import datetime

from django.utils import timezone

from network.events.figures import Row, activity, totals
from network.events.models import Event, EventDate
from tests.factories.events import event, registration

FIRST, LAST = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)


def paris(*moment: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(*moment))


def dated(*days: tuple[int, int, int], halves: tuple[bool, bool] = (True, True), **given) -> Event:
    made = event(days=(), **given)
    for year, month, day in days:
        starts, ends = paris(year, month, day, 9), paris(year, month, day, 17)
        EventDate.objects.create(event=made, starts_at=starts, ends_at=ends, morning=halves[0], afternoon=halves[1])
    made.keep_bounds()
    return made


def test_year_takes_its_own_dates_only(db):
    dated((2024, 12, 31), (2025, 1, 1), (2025, 12, 31), (2026, 1, 1), kind="formation")
    [row] = activity(FIRST, LAST)
    assert (row.events, row.half_days) == (1, 4)
    [found] = Event.objects.between(FIRST, LAST)
    assert found.half_days == 4
    assert not Event.objects.between(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)).exists()


def test_midnight_is_that_of_paris(db):
    made = event(days=(), kind="debat")
    EventDate.objects.create(event=made, starts_at=paris(2025, 7, 1, 0, 30), ends_at=paris(2025, 7, 1, 2), afternoon=False)
    july, june = (datetime.date(2025, 7, 1),) * 2, (datetime.date(2025, 6, 30),) * 2
    assert activity(*june) == []
    assert [row.half_days for row in activity(*july)] == [1]


def test_lines_are_by_mission_category_and_mode(db):
    dated((2025, 3, 1), kind="atelier")
    dated((2025, 3, 2), kind="formation", halves=(True, False))
    dated((2025, 3, 3), kind="formation", mode="mixte", status="deplace-en-ligne")
    dated((2025, 3, 4), kind="reunion-de-reseau", mission="animer")
    assert activity(FIRST, LAST) == [
        Row("animer", "reseau", "presentiel", 1, 2, 0, 0),
        Row("qualifier", "formation", "en-ligne", 1, 2, 0, 0),
        Row("qualifier", "formation", "presentiel", 2, 3, 0, 0),
    ]
    assert totals(activity(FIRST, LAST)) == {"events": 4, "half_days": 7, "presences": 0}


def test_what_was_not_held_is_not_counted(db):
    dated((2025, 3, 1), status="annule")
    dated((2025, 3, 1), status="reporte")
    dated((2025, 3, 1), published=False)
    dated((2025, 3, 1), private=True, kind="comite-de-pilotage", mission="accompagner")
    assert [row.category for row in activity(FIRST, LAST)] == ["accompagnement"]


def test_people_are_counted_once_and_their_half_days_each(db, django_assert_num_queries):
    made = dated((2025, 3, 1), (2025, 4, 1))
    for person in (registration(made), registration(made)):
        for date in made.dates.all():
            person.presences.create(date=date, half_day="matin", present=True)
            person.presences.create(date=date, half_day="apres-midi", present=False)
    with django_assert_num_queries(2):
        [row] = activity(FIRST, LAST)
    assert (row.people, row.presences, row.half_days) == (2, 4, 4)
