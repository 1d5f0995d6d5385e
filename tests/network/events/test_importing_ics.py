"""Calendars of other agendas: repetitions, whole days, zones, cancellations, files that are broken; ours, read again."""

import pytest
import time_machine

from network.events import ics
from network.events.models import Event
from network.models import Territory, Theme
from tests.factories import events, tables
from trajectoire.core.importing.records import ImportRun

pytestmark = pytest.mark.usefixtures("world")
# As Google Calendar exports it: a zone for the whole, an exception to a repetition, HTML in the texts.
GOOGLE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Google Inc//Google Calendar 70.9054//EN
X-WR-TIMEZONE:Europe/Paris
BEGIN:VEVENT
DTSTART;TZID=Europe/Paris:20250911T140000
DTEND;TZID=Europe/Paris:20250911T160000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Paris:20250918T140000
UID:rep@google.com
SUMMARY:Atelier du jeudi
LOCATION:MJC de Palente\\, 24 rue des Roses\\, Besançon
DESCRIPTION:<p style="color:red">Un atelier</p><script>alert(1)</script>
 <br>Avec du texte
URL:https://ancien.example.org/agenda/atelier
CATEGORIES:Atelier,Inconnue
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Paris:20250926T100000
DTEND;TZID=Europe/Paris:20250926T120000
RECURRENCE-ID;TZID=Europe/Paris:20250925T140000
UID:rep@google.com
SUMMARY:Atelier du jeudi (déplacé)
END:VEVENT
END:VCALENDAR
"""
# As Outlook writes its zones.
OUTLOOK = """BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*lines: str, before: str = "", uid: str = "un@example.org") -> str:
    event = "\n".join(["BEGIN:VEVENT", *([f"UID:{uid}"] if uid else []), *lines, "END:VEVENT"])
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{event}\nEND:VCALENDAR\n"


def bring(content: str | bytes, job: str = "import", **options) -> ImportRun:
    return tables.bring("calendrier", content, job, name="agenda.ics", **options)


def days(event: Event) -> list[str]:
    return [str(date) for date in event.dates.all()]


def test_repetition_is_one_event_with_its_days():
    run = bring(GOOGLE)
    assert run.counts == {"nouveau": 1}
    event = Event.objects.get()
    assert days(event) == ["11/09/2025 14:00", "26/09/2025 10:00", "02/10/2025 14:00"]
    assert (event.kind, event.venue, event.address, event.published) == ("atelier", "MJC de Palente", "24 rue des Roses", False)
    assert event.place == Territory.objects.get(code="25056")
    assert event.summary == "Un atelier alert(1) Avec du texte"
    assert "style" not in event.body
    assert "script" not in event.body
    assert event.registering == Event.Registering.NONE
    assert [date.half_days for date in event.dates.all()] == [["apres-midi"], ["matin"], ["apres-midi"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_line_folded_in_the_middle_of_a_character_is_read(encoding):
    """As several programs do, against the standard; entities as WordPress leaves them."""
    text = calendar("SUMMARY:Été &amp; automne à l’école", "DTSTART:20250911T120000Z", "LOCATION:Maison d&#8217;été")
    content = text.encode(encoding)
    if encoding == "utf-8":
        first = "É".encode()
        content = content.replace(first, first[:1] + b"\r\n " + first[1:], 1)
    bring(content)
    made = Event.objects.get()
    assert (made.title, made.venue) == ("Été & automne à l’école", "Maison d’été")


def test_zone_that_nobody_knows_is_that_of_paris_and_told():
    run = bring(calendar("SUMMARY:Réunion", "DTSTART;TZID=Customized Time Zone:20250911T090000"))
    assert days(Event.objects.get()) == ["11/09/2025 09:00"]
    assert "Fuseau horaire «\u00a0Customized Time Zone\u00a0» inconnu" in run.lines.get().words


def test_same_calendar_twice_changes_nothing_whatever_its_name():
    bring(GOOGLE)
    before = list(Event.objects.values())
    assert bring(GOOGLE.replace("\n", "\r\n").encode("utf-8-sig")).counts == {"inchange": 1}
    assert list(Event.objects.values()) == before


def test_title_is_that_of_another_event_of_the_same_day():
    bring(calendar("SUMMARY:Réunion", "DTSTART:20250911T120000Z", "DTEND:20250911T130000Z"))
    run = bring(calendar("SUMMARY:Réunion", "DTSTART:20250911T120000Z", "DTEND:20250911T130000Z", uid="deux@example.org"))
    assert run.counts == {"doute": 1}


@pytest.mark.parametrize(
    ("lines", "before", "expected"),
    [
        (["DTSTART;VALUE=DATE:20251204", "DTEND;VALUE=DATE:20251206"], "", ["04/12/2025 09:00", "05/12/2025 09:00"]),
        (["DTSTART;VALUE=DATE:20251204"], "", ["04/12/2025 09:00"]),
        (["DTSTART:20251204T080000Z", "DURATION:PT90M"], "", ["04/12/2025 09:00"]),
        (["DTSTART:20250704T080000"], "", ["04/07/2025 08:00"]),
        (["DTSTART;TZID=Romance Standard Time:20250704T080000"], OUTLOOK, ["04/07/2025 08:00"]),
        (["DTSTART;TZID=America/New_York:20251204T080000"], "", ["04/12/2025 14:00"]),
        (["DTSTART:20251204T080000Z", "DTEND:20251205T160000Z"], "", ["04/12/2025 09:00", "05/12/2025 09:00"]),
        (["DTSTART:20251204T190000Z", "DTEND:20251205T010000Z"], "", ["04/12/2025 20:00"]),
        (
            ["DTSTART:20251204T130000Z", "DTEND:20251206T110000Z"],
            "",
            ["04/12/2025 14:00", "05/12/2025 09:00", "06/12/2025 09:00"],
        ),
        (["DTSTART:20251204T080000Z", "DTEND:20251204T230000Z"], "", ["04/12/2025 09:00"]),
    ],
)
def test_days_and_hours_are_those_of_paris(lines, before, expected):
    bring(calendar("SUMMARY:Réunion", *lines, before=before))
    assert days(Event.objects.get()) == expected


def test_cancelled_event_comes_cancelled_and_a_known_one_is_changed_by_hand():
    bring(calendar("SUMMARY:Réunion", "DTSTART:20250911T120000Z", "STATUS:CANCELLED"))
    assert Event.objects.get().is_cancelled
    Event.objects.update(status="programme")
    run = bring(calendar("SUMMARY:Réunion", "DTSTART:20250912T120000Z", "STATUS:CANCELLED"), replace=True)
    assert run.counts == {"inchange": 1}
    assert "État\u00a0: «\u00a0Programmé\u00a0» est gardé, le fichier dit «\u00a0Annulé\u00a0»" in tables.told(run)
    assert "Dates\u00a0: celles du site sont gardées, le fichier dit «\u00a012 septembre 2025\u00a0»" in tables.told(run)


def test_meeting_place_is_for_those_who_register_and_private_stays_private():
    bring(calendar("SUMMARY:Réunion", "DTSTART:20250911T120000Z", "LOCATION:https://visio.example.org/abc", "CLASS:PRIVATE"))
    event = Event.objects.get()
    assert (event.mode, event.online_url, event.venue, event.private) == ("en-ligne", "https://visio.example.org/abc", "", True)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["DTSTART:20250911T120000Z"], "Le titre manque."),
        (["SUMMARY:Réunion", "DTSTART:quand on veut"], "n’a pas pu être lu"),
        (["SUMMARY:Réunion", "DTSTART:20250911T120000Z", "RRULE:FREQ=SECONDLY"], "Cette répétition"),
    ],
)
def test_event_that_cannot_be_read_is_refused_alone(lines, reason):
    good = calendar("SUMMARY:Bonne réunion", "DTSTART:20250911T120000Z")
    broken = calendar(*lines, uid="autre@example.org").split("VERSION:2.0\n")[1]
    run = bring(good.replace("END:VCALENDAR\n", broken))
    assert run.counts == {"nouveau": 1, "refuse": 1}
    assert reason in tables.told(run)


def test_calendar_cut_in_the_middle_gives_what_is_whole():
    run = bring(GOOGLE[: GOOGLE.index("END:VEVENT\nEND:VCALENDAR")].encode() + b"\0")
    assert run.counts == {"nouveau": 1, "refuse": 1}
    assert "Le fichier est coupé ici" in tables.told(run)


@pytest.mark.parametrize("content", [b"nom;date\nA;B\n", b"<html>BEGIN:VCALENDAR"])
def test_what_is_no_calendar_is_refused_whole(content):
    run = bring(content)
    assert (run.state, run.counts) == ("arrete", {})
    assert "n’est pas un calendrier" in run.error


def test_heavy_calendar_is_refused(monkeypatch):
    monkeypatch.setattr("network.events.importing.calendar.LARGEST", 10)
    assert "trop lourd" in bring(GOOGLE).error


def test_endless_repetition_is_cut():
    run = bring(calendar("SUMMARY:Réunion", "DTSTART:20250911T120000Z", "RRULE:FREQ=WEEKLY"))
    assert Event.objects.get().dates.count() == 104
    assert "Répétition trop longue" in tables.told(run)


def test_event_whose_days_are_all_taken_away_has_none():
    run = bring(calendar("SUMMARY:Réunion", "DTSTART:20250911T120000Z", "RRULE:FREQ=DAILY;COUNT=1", "EXDATE:20250911T120000Z"))
    assert (run.counts, "Aucune date" in tables.told(run)) == ({"nouveau": 1}, True)


def test_event_without_identity_is_known_by_its_title_and_day():
    text = calendar("SUMMARY:Réunion", "DTSTART:20250911T120000Z", "LOCATION:Besançon", uid="")
    assert [bring(text).counts, bring(text).counts] == [{"nouveau": 1}, {"inchange": 1}]


def ours() -> bytes:
    return ics.calendar(Event.objects.order_by("pk").for_cards(), "Agenda")


@time_machine.travel("2026-03-02 09:00:00+01:00")
def test_our_own_calendar_read_again_changes_nothing():
    made = events.event("Rencontre ; des « quartiers », à Besançon", days=(10, 11), summary="En deux jours.", venue="MJC")
    made.dates.update(label="Séance")
    made.themes.set(Theme.objects.all()[:2])
    events.event("Webinaire", mode="en-ligne", status="annule", days=(5,), status_note="Plus tard.")
    events.event("Atelier", status="reporte", address="1 rue Haute", place=Territory.objects.get(code="25056"))
    run = bring(ours())
    assert (run.counts, tables.told(run).strip()) == ({"inchange": 3}, "")


@time_machine.travel("2026-03-02 09:00:00+01:00")
def test_our_own_calendar_fills_an_empty_site():
    first = events.event("Rencontre", days=(10, 11), summary="En deux jours.", venue="MJC")
    first.dates.update(label="Séance")
    events.event("Webinaire", mode="en-ligne", status="reporte")
    written, told = ours(), {event.title: (event.uid, event.status, days(event)) for event in Event.objects.all()}
    Event.objects.all().delete()
    assert bring(written, published=True).counts == {"nouveau": 2}
    assert {event.title: (event.uid, event.status, days(event)) for event in Event.objects.all()} == told
    assert Event.objects.published().count() == 2
