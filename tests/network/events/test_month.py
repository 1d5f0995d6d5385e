"""A month of the agenda: a calendar with the filters of the list."""

import datetime

import pytest

from network.events.models import Event, EventDate, Series
from network.models import Theme
from tests.factories import events

pytestmark = pytest.mark.usefixtures("world")


def dated(title: str, *dates: tuple[str, str], **given) -> Event:
    made = Event.objects.create(**{"title": title, "published": True} | given)
    for begins, ends in dates:
        EventDate.objects.create(
            event=made, starts_at=datetime.datetime.fromisoformat(begins), ends_at=datetime.datetime.fromisoformat(ends)
        )
    made.keep_bounds()
    return made


def days(client, address: str) -> dict[str, list[str]]:
    """The titles of each day that has some, by the day in ISO."""
    weeks = client.get(address).context["weeks"]
    return {day["iso"]: [entry["title"] for entry in day["entries"]] for week in weeks for day in week if day["entries"]}


def test_each_date_stands_on_its_day_in_paris(visitor):
    dated("Midi", ("2026-05-22T10:00Z", "2026-05-22T11:00Z"), ("2026-05-29T10:00Z", "2026-05-29T11:00Z"))
    dated("Matin", ("2026-05-22T07:00Z", "2026-05-22T08:00Z"))
    dated("Minuit passé", ("2026-04-30T22:30Z", "2026-04-30T23:00Z"))
    dated("Deux jours", ("2026-05-30T18:00Z", "2026-05-31T10:00Z"))
    dated("Juin", ("2026-06-01T10:00Z", "2026-06-01T11:00Z"))
    dated("Privé", ("2026-05-22T10:00Z", "2026-05-22T11:00Z"), private=True)
    assert days(visitor, "/agenda/mois/2026/5/") == {
        "2026-05-01": ["Minuit passé"],
        "2026-05-22": ["Matin", "Midi"],
        "2026-05-29": ["Midi"],
        "2026-05-30": ["Deux jours"],
        "2026-05-31": ["Deux jours"],
    }
    page = visitor.get("/agenda/mois/2026/5/")
    assert {len(week) for week in page.context["weeks"]} == {7}
    assert page.context["title"] == "Mai 2026"
    shown = [day for week in page.context["weeks"] for day in week if day["iso"] == "2026-05-30"]
    assert shown[0]["entries"][0]["hours"] == "jusqu’au dimanche 31 mai 2026"


def test_filters_of_the_list_hold_and_follow_the_links(visitor):
    made = dated("Santé", ("2026-05-22T10:00Z", "2026-05-22T11:00Z"))
    made.themes.set(Theme.objects.filter(slug="sante"))
    made.announce(made.pk)
    dated("Autre", ("2026-05-23T10:00Z", "2026-05-23T11:00Z"))
    assert days(visitor, "/agenda/mois/2026/5/?theme=sante") == {"2026-05-22": ["Santé"]}
    page = visitor.get("/agenda/mois/2026/5/?theme=sante&mois=2019-01&periode=passes").context
    assert page["previous"] == {"label": "avril 2026", "url": "/agenda/mois/2026/4/?theme=sante"}
    assert page["next"] == {"label": "juin 2026", "url": "/agenda/mois/2026/6/?theme=sante"}
    assert page["list_url"] == "/agenda/?theme=sante"
    assert "mois" not in {facet["name"] for facet in page["facets"]}
    assert [active["remove_url"] for active in page["active"]] == ["/agenda/mois/2026/5/"]
    assert visitor.get("/agenda/?theme=sante&periode=passes").context["month_url"].endswith("/?theme=sante")


def test_empty_month_says_so(visitor):
    page = visitor.get("/agenda/mois/2031/2/")
    assert page.context["status_message"] == "Aucun événement"
    assert "Aucun événement ce mois-ci." in page.content.decode()


@pytest.mark.parametrize("month", ["2026/13", "2026/0", "2005/12", "2101/1", "99999999999/1"])
def test_month_that_does_not_exist_is_not_found(visitor, month):
    assert visitor.get(f"/agenda/mois/{month}/").status_code == 404


def test_first_and_last_months_lead_no_further(visitor):
    assert visitor.get("/agenda/mois/2006/1/").context["previous"] is None
    assert visitor.get("/agenda/mois/2100/12/").context["next"] is None


def test_query_count_of_a_month(visitor, django_assert_num_queries):
    for count in (1, 3):
        for number in range(count):
            made = dated(f"Rencontre {count} {number}", ("2026-05-22T10:00Z", "2026-05-22T11:00Z"))
            made.themes.set(Theme.objects.all()[:2])
            made.announce(made.pk)
        visitor.get("/agenda/mois/2026/5/")
        with django_assert_num_queries(8):
            visitor.get("/agenda/mois/2026/5/")


def series(**given) -> Series:
    return Series.objects.create(**{"title": "Un cycle", "published": True} | given)


def test_series_shows_its_sessions_and_one_registration_for_all(visitor):
    cycle = series(summary="En bref", body="<p>Le cycle.</p>")
    cycle.themes.set(Theme.objects.filter(slug="sante"))
    past, lead = events.event("Passée", series=cycle, days=(-5,)), events.event("À venir", series=cycle, days=(5,))
    events.event("Privée", series=cycle, private=True)
    cycle.lead = lead
    cycle.save()
    page = visitor.get(cycle.get_absolute_url()).context
    assert [card["title"] for card in page["coming"]] == ["À venir"]
    assert [card["title"] for card in page["past"]] == [past.title]
    assert page["registering"]["url"] == f"{lead.get_absolute_url()}inscription/"
    assert page["series"]["span"].startswith("2\u00a0séances, du ")
    assert page["series"]["themes"] == [{"label": "Santé", "url": "/agenda/?theme=sante"}]


def test_series_with_a_registration_for_each_session_has_no_box(visitor):
    group = series(kind="groupe-de-travail", scope="seance")
    made = events.event("Séance", series=group)
    page = visitor.get(group.get_absolute_url()).context
    assert page["registering"] is None
    assert page["series"]["span"].startswith("1\u00a0séance, le ")
    assert visitor.get(made.get_absolute_url()).context["registering"]["note"] == ""


def test_series_without_a_date_and_one_led_by_a_private_event(visitor):
    cycle = series()
    assert visitor.get(cycle.get_absolute_url()).context["series"]["span"] == "Date à préciser"
    events.event("Privée", series=cycle, private=True)
    assert visitor.get(cycle.get_absolute_url()).context["registering"] is None


def test_series_that_is_not_online_does_not_exist_but_for_staff(visitor, administrator):
    cycle = series(published=False)
    assert visitor.get(cycle.get_absolute_url()).status_code == 404
    page = administrator.get(cycle.get_absolute_url())
    assert "Aperçu" in page.content.decode()
    assert page.context["edit_url"].endswith("/change/")


def test_query_count_of_a_series(visitor, django_assert_num_queries):
    cycle = series()
    for count in (1, 3):
        for number in range(count):
            events.event(f"Séance {count} {number}", series=cycle, days=(number + 1,))
        visitor.get(cycle.get_absolute_url())
        with django_assert_num_queries(8):
            visitor.get(cycle.get_absolute_url())
