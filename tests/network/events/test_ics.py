"""Calendars that three parsers read alike: folding, escaping, injection, states, clock changes, what stays out."""

import datetime

import icalendar
import pytest
import time_machine
import vobject
from ical.calendar_stream import IcsCalendarStream

from network.events import ics
from network.events.models import Event, EventDate
from network.models import Territory, Theme
from tests.factories import events

pytestmark = pytest.mark.usefixtures("world")
HOSTILE = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y, a; b\\c \x01\x0b\u2028" + "é" * 100


def written(*made: Event, name: str = "") -> bytes:
    return ics.calendar(Event.objects.filter(pk__in=[one.pk for one in made]).order_by("pk").for_cards(), name)


def read(content: bytes) -> list[list[tuple]]:
    """What each of three parsers understands: (uid, summary, description, location, begin, end, status)."""
    text = content.decode()
    first = [
        (
            str(e["uid"]),
            str(e["summary"]),
            str(e.get("description", "")),
            str(e.get("location", "")),
            e["dtstart"].dt,
            e["dtend"].dt,
            str(e["status"]),
        )
        for e in icalendar.Calendar.from_ical(content).walk("VEVENT")
    ]
    second = [
        (e.uid, e.summary, e.description or "", e.location or "", e.dtstart, e.dtend, e.status.value)
        for e in IcsCalendarStream.calendar_from_ics(text).events
    ]
    third = [
        (
            e.uid.value,
            e.summary.value,
            e.description.value if hasattr(e, "description") else "",
            e.location.value if hasattr(e, "location") else "",
            e.dtstart.value,
            e.dtend.value,
            e.status.value,
        )
        for e in next(vobject.readComponents(text)).contents.get("vevent", [])
    ]
    return [first, second, third]


def test_three_parsers_agree_on_a_hostile_title():
    made = events.event(HOSTILE[:200], summary=HOSTILE, status_note="Porte B ; salle 2, étage 3", venue="Maison, salle; 2\\3")
    Theme.objects.filter(slug="sante").update(name="Santé, soin; prévention")
    made.themes.set(Theme.objects.filter(slug="sante"))
    content = written(made)
    first, second, third = read(content)
    assert first == second == third
    [(_, summary, description, location, *_)] = first
    clean = "x END:VEVENT BEGIN:VEVENT SUMMARY:y, a; b\\c " + "é" * 100
    assert summary == clean
    assert description == f"Porte B ; salle 2, étage 3\n{clean}"
    assert location == "Maison, salle; 2\\3"
    assert content.count(b"\r\nBEGIN:VEVENT\r\n") == content.count(b"\r\nEND:VEVENT\r\n") == 1


def test_lines_are_folded_at_75_octets_without_cutting_a_character():
    for title in ("é" * 200, "€" * 200, "😀" * 200, "a" * 200):
        content = written(events.event(title))
        lines = content.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert b"\n" not in content.replace(b"\r\n", b"")
        for line in lines:
            line.decode()


def test_each_date_is_an_event_with_its_own_stable_uid():
    made = events.event("Cycle", days=(3, 10))
    events.add_date(made, 17, label="Synthèse")
    before = read(written(made))[0]
    assert [entry[1] for entry in before] == ["Cycle", "Cycle", "Cycle — Synthèse"]
    uids = [entry[0] for entry in before]
    assert len(set(uids)) == 3
    assert all(uid.endswith("@127.0.0.1") and str(made.uid) in uid for uid in uids)
    made.title, made.slug = "Autre titre", "autre-adresse"
    made.save()
    moved = made.dates.first()
    moved.starts_at += datetime.timedelta(days=1)
    moved.ends_at += datetime.timedelta(days=1)
    moved.save()
    assert {entry[0] for entry in read(written(made))[0]} == set(uids)


def test_states_and_sequence():
    made = events.event("Rencontre", sequence=4, status="annule", status_note="Salle inondée.")
    later = events.event("Journée", status="reporte")
    moved = events.event("Atelier", status="deplace-en-ligne", venue="Salle 2")
    parsed = icalendar.Calendar.from_ical(written(made, later, moved)).walk("VEVENT")
    assert [(str(e["status"]), int(e["sequence"]), str(e["summary"])) for e in parsed] == [
        ("CANCELLED", 4, "Annulé\u00a0: Rencontre"),
        ("TENTATIVE", 0, "Reporté\u00a0: Journée"),
        ("CONFIRMED", 0, "Atelier"),
    ]
    assert str(parsed[0]["description"]) == "Annulé\nSalle inondée."
    assert str(parsed[2]["location"]) == "En ligne"


def test_what_is_for_those_registered_stays_out():
    made = events.event(
        "Webinaire", mode="en-ligne", online_url="https://visio.example.org/secret", contact_email="a@example.org"
    )
    content = written(made).decode()
    assert "visio" not in content
    assert "a@example.org" not in content


def test_place_is_written_on_one_line():
    place = Territory.objects.get(code="25056")
    made = events.event("Rencontre", venue="MJC", address="24 rue des Roses\n25000", place=place)
    assert read(written(made))[0][0][3] == "MJC, 24 rue des Roses 25000, Besançon"
    assert read(written(events.event("Sans lieu")))[0][0][3] == ""


@pytest.mark.parametrize(
    ("begins", "ends", "utc"),
    [
        ("2026-03-29T00:30Z", "2026-03-29T01:30Z", ("20260329T003000Z", "20260329T013000Z")),  # 1 h 30 to 3 h 30 in Paris
        ("2026-10-25T00:30Z", "2026-10-25T01:30Z", ("20261025T003000Z", "20261025T013000Z")),  # 2 h 30 to 2 h 30
        ("2026-07-01T09:00+02:00", "2026-07-01T17:00+02:00", ("20260701T070000Z", "20260701T150000Z")),
        ("2026-12-31T23:30+01:00", "2027-01-01T01:00+01:00", ("20261231T223000Z", "20270101T000000Z")),
    ],
)
def test_hours_are_in_utc(begins, ends, utc):
    made = Event.objects.create(title="Nuit", published=True)
    EventDate.objects.create(
        event=made, starts_at=datetime.datetime.fromisoformat(begins), ends_at=datetime.datetime.fromisoformat(ends)
    )
    content = written(made)
    for name, value in zip(("DTSTART", "DTEND"), utc, strict=True):
        assert f"{name}:{value}\r\n".encode() in content
    first, second, third = read(content)
    assert first == second == third


def test_feed_follows_the_filters_and_keeps_a_year(visitor):
    for title, days, theme in [
        ("Bientôt", 5, "sante"),
        ("Hier", -1, "sante"),
        ("Ailleurs", 6, "education"),
        ("Jadis", -400, "sante"),
    ]:
        made = events.event(title, days=(days,))
        made.themes.set(Theme.objects.filter(slug=theme))
        made.announce(made.pk)

    def titles(query: str = "") -> set[str]:
        answer = visitor.get(f"/agenda/agenda.ics{query}")
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return {entry[1] for entry in read(answer.content)[0]}

    assert titles() == {"Bientôt", "Hier", "Ailleurs"}
    assert titles("?theme=sante") == {"Bientôt", "Hier"}
    assert titles("?periode=passes") == {"Hier", "Jadis"}
    assert titles("?theme=mobilites") == set()
    assert visitor.get("/agenda/").context["calendar_url"] == "/agenda/agenda.ics"


def test_feed_says_its_name_and_when_to_ask_again(visitor):
    events.event("Rencontre")
    calendar = icalendar.Calendar.from_ical(visitor.get("/agenda/agenda.ics").content)
    assert str(calendar["x-wr-calname"]) == "Agenda\u00a0— Trajectoire Ressources"
    assert calendar["refresh-interval"].dt == datetime.timedelta(hours=6)
    assert visitor.get("/agenda/agenda.ics").headers["Content-Disposition"] == 'inline; filename="agenda.ics"'


def test_feed_that_has_not_changed_is_not_made_again(visitor):
    with time_machine.travel("2026-05-04T10:00:00Z", tick=False) as clock:
        events.event("Rencontre", days=(1,))
        first = visitor.get("/agenda/agenda.ics")
        mark = {"If-None-Match": first.headers["ETag"]}
        assert visitor.get("/agenda/agenda.ics", headers=mark).status_code == 304
        clock.shift(datetime.timedelta(days=2))  # it is over now: the list is another one, though nobody changed anything
        assert visitor.get("/agenda/agenda.ics", headers=mark).status_code == 200


def test_two_writings_are_equal():
    made = events.event("Rencontre")
    assert written(made) == written(made)


def test_one_event_for_ones_own_calendar(visitor, administrator):
    made = events.event("Rencontre", days=(3, 4))
    answer = visitor.get(f"/agenda/{made.slug}.ics")
    assert len(read(answer.content)[0]) == 2
    assert answer.headers["Content-Disposition"] == 'inline; filename="rencontre.ics"'
    made.private = True
    made.save()
    assert visitor.get(f"/agenda/{made.slug}.ics").status_code == 404
    assert administrator.get(f"/agenda/{made.slug}.ics").status_code == 200


def test_query_count_of_the_feed(visitor, django_assert_num_queries):
    for title in ("Un", "Deux", "Trois"):
        made = events.event(title, days=(3, 5))
        made.themes.set(Theme.objects.all()[:2])
        visitor.get("/agenda/agenda.ics")
        with django_assert_num_queries(9):
            visitor.get("/agenda/agenda.ics")
