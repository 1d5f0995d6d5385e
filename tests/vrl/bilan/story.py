"""A year made by hand, told in words: what the tests of the bilan count."""

import datetime
from typing import Any

from django.utils import timezone

from network.accompaniment.requests import HelpNote, HelpRequest
from network.events import attestations, questionnaires
from network.events.models import Event, Presence, Registration, RegistrationState, SurveyAnswer
from network.models import Audience, Territory, Theme
from resources.alerts.models import Subscriber
from resources.counts import DocumentCount
from resources.letters.models import Letter, Link, Subscription
from tests.factories import documents, events, vrl
from vrl.models import Session


def at(year: int, month: int, day: int, hour: int = 9) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(year, month, day, hour))


def dated(made: Event, *days: tuple[int, int, int]) -> Event:
    """Whole days: two half-days each."""
    for day in days:
        events.add_date(made, 0, starts_at=at(*day), ends_at=at(*day, 17))
    return made


def session(level: str, state: str, *days: tuple[int, int, int], department: str = "21", **given: Any) -> Session:
    made = vrl.session(level, state=state, days=(), department=vrl.department(department), **given)
    dated(made.event, *days)
    return made


def comes(event: Event, name: str, half_days: int, **given: Any) -> Registration:
    """Registered under this name, there for the first half-days."""
    person = events.registration(event, **{"name": name, "email": f"{name.lower()}@example.org"} | given)
    halves = [(date, half) for date in event.dates.order_by("starts_at") for half in date.half_days]
    for date, half in halves[:half_days]:
        Presence.objects.create(registration=person, date=date, half_day=half, present=True)
    return person


def tell() -> None:
    """2025, with a little of 2024."""
    plan()
    centre()
    library()


def plan() -> None:
    """Côte-d’Or: in March an N3 of two days where Ada comes 4 half-days and Bob 2, Cléo never, Dan waits, Eve cancelled; she and Ada are
    attested. In June in the Doubs, 30 people of whom 12 are young at a moment of awareness, where meals were met twice and signs once;
    Ada comes again in November to an N2 of one day in the Doubs. One N3 cancelled, one put off, one still open, one draft. In 2024, one N3.
    """
    march = session("n3", "cloturee", (2025, 3, 4), (2025, 3, 5), length="2-jours", funding="etat")
    comes(march.event, "Ada", 4, status="fpt", department="21")
    comes(march.event, "Bob", 2, status="benevole", department="75")
    comes(march.event, "Cleo", 0)
    comes(march.event, "Dan", 0, state=RegistrationState.WAITING)
    comes(march.event, "Eve", 0, state=RegistrationState.CANCELLED)
    attestations.issue(march.event, now=at(2025, 3, 6))
    june = session("sensibilisation", "a-cloturer", (2025, 6, 10), department="25", length="heures", funding="collectivite")
    vrl.report(june, people=30, young_people=12, met={"restauration": 2, "signes": 1})
    november = session("n2", "realisee", (2025, 11, 3), department="25", length="1-jour", funding="etat")
    comes(november.event, "Ada", 1, status="fpt", department="21")
    for state, status, month in (
        ("annulee", "annule", 9),
        ("reportee", "reporte", 10),
        ("ouverte", "programme", 12),
        ("brouillon", "programme", 12),
    ):
        session("n3", state, (2025, month, 2), length="2-jours", funding="etat", status=status)
    before = session("n3", "cloturee", (2024, 3, 4), length="2-jours", funding="etat")
    comes(before.event, "Ada", 2)
    asked = questionnaires.prepare(march.event, "chaud")
    questions = {item.code: str(item.pk) for item in asked.items.all()}
    for satisfaction, perception in (("5", "oui"), ("4", "oui"), ("4", "non"), ("2", "")):
        replies = {questions["satisfaction"]: satisfaction, questions["perception"]: perception}
        SurveyAnswer.objects.create(survey=asked, day=at(2025, 3, 6).date(), replies=replies)
    old = vrl.trainer("", departments=("21", "25"))
    vrl.habilitation(old, "n1", obtained_on=datetime.date(2020, 1, 1))
    new = vrl.trainer("", departments=("21",))
    vrl.habilitation(new, "n2", obtained_on=datetime.date(2025, 2, 1))
    gone = vrl.trainer("", departments=("25",), left_on=datetime.date(2025, 5, 1))
    vrl.habilitation(gone, "n2", obtained_on=datetime.date(2019, 1, 1))


def centre() -> None:
    """In May a meeting of the network on health, in Planoise, half of it online, for elected people: Fay and Gus come, Gus half the day.
    A study day was cancelled. In the Doubs one request for help, answered, took a half-day and a half; another, of no place, none.
    """
    meeting = events.event(
        days=(), kind="reunion-de-reseau", mission="animer", mode="mixte", place=Territory.objects.get(code="QN02503M")
    )
    dated(meeting, (2025, 5, 6))
    meeting.themes.add(Theme.objects.get(slug="sante"))
    meeting.audiences.add(Audience.objects.get(slug="elus"))
    comes(meeting, "Fay", 2)
    comes(meeting, "Gus", 1)
    dated(events.event(days=(), status="annule"), (2025, 5, 7))
    helped = HelpRequest.objects.create(
        subject="Un conseil citoyen", territory=Territory.objects.get(code="25056"), answered_at=at(2025, 4, 9)
    )
    HelpNote.objects.create(request=helped, text="Une visite.", half_days="1.5")
    other = HelpRequest.objects.create(subject="Une fiche")
    HelpRequest.objects.filter(pk__in=[helped.pk, other.pk]).update(created_at=at(2025, 4, 2))


def library() -> None:
    """Two documents of 2025, one of 2020; 10 downloads and 7 readings of the first, 5 downloads of the old one, 4 more in 2024.
    One letter to 120 people, with a link followed 9 times; two people subscribed in 2025, one in 2026.
    """
    new = documents.document(type="note", territories=("25056",), publish_at=at(2025, 2, 1))
    documents.document(type="guide", publish_at=at(2025, 12, 31, 23))
    old = documents.document(type="note")
    for document, kind, day, count in (
        (new, "download", datetime.date(2025, 2, 1), 10),
        (new, "view", datetime.date(2025, 12, 31), 7),
        (old, "download", datetime.date(2025, 6, 1), 5),
        (old, "download", datetime.date(2024, 12, 31), 4),
    ):
        DocumentCount.objects.create(document=document, kind=kind, day=day, count=count)
    letter = Letter.objects.create(title="mars", number=1, status="sent", sent_at=at(2025, 3, 1), recipients=120)
    Link.objects.create(letter=letter, url="https://example.org/", clicks=9)
    for number, agreed in enumerate([at(2025, 1, 1), at(2025, 12, 31, 23), at(2026, 1, 1, 0)]):
        person = Subscriber.objects.create(email=f"abonnee{number}@example.org")
        Subscription.objects.create(subscriber=person, confirmed_at=agreed)
