"""What the page of the plan shows: figures that name nobody, what comes, the next 9 December."""

import pytest
import time_machine

from tests.factories import events, vrl
from tests.factories.documents import document
from tests.vrl.test_figures import held

pytestmark = pytest.mark.usefixtures("world")


def test_figures_are_rounded_and_small_ones_left_out(visitor):
    """A total that is read before a session and after it must not tell how many came."""
    made = held()
    for number in range(9):
        person = events.registration(made.event, name=f"Nom {number}")
        person.presences.create(date=made.event.dates.get(), half_day="matin", present=True)
    vrl.trainer()
    shown = {figure["label"]: figure["value"] for figure in visitor.get("/vrl/").context["figures"]}
    assert shown == {"Sessions tenues": "1", "Personnes présentes": "10"}
    assert "Comment ces nombres sont comptés" in visitor.get("/vrl/").content.decode()


def test_without_anything_no_figure_is_shown(visitor):
    assert visitor.get("/vrl/").context["figures"] == []


def test_next_sessions_lead_to_their_page_and_other_events_stay_in_the_agenda(visitor):
    made = vrl.session(title="Session de Dijon")
    vrl.session(title="Brouillon", state="brouillon")
    vrl.session(title="Passée", days=(-3,))
    vrl.session(title="Reportée", state="reportee", status="reporte")
    events.event("Une rencontre")
    cards = visitor.get("/vrl/").context["sessions"]
    assert [(card["title"], card["url"]) for card in cards] == [("Session de Dijon", f"/vrl/formations/{made.event.slug}/")]


def test_situations_and_journal_are_one_click_away(visitor):
    one = vrl.situation("Peut-on porter un signe\u202f?")
    vrl.situation("Pas encore en ligne", published=False)
    html = visitor.get("/vrl/").content.decode()
    assert (one.get_absolute_url() in html, "Pas encore en ligne" in html) == (True, False)
    document(themes=["laicite"])
    assert "CETAVOU" in visitor.get("/vrl/").content.decode()


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-12-09", "mercredi 9 décembre 2026"),
        ("2026-12-10", "jeudi 9 décembre 2027"),
        ("2026-01-01", "mercredi 9 décembre 2026"),
    ],
)
def test_next_ninth_of_december(visitor, today, expected):
    with time_machine.travel(f"{today} 12:00 +0100", tick=False):
        assert visitor.get("/vrl/").context["the_day"]["label"] == expected


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(visitor, count, django_assert_num_queries):
    for _ in range(count):
        held()
        vrl.session()
        vrl.situation()
        document(themes=["laicite"])
    visitor.get("/vrl/")
    with django_assert_num_queries(18):
        visitor.get("/vrl/")


def test_figures_that_partners_read_there_are_in_the_bilan(visitor):
    assert visitor.get("/vrl/chiffres/").headers["Location"] == "/bilan/"
