"""What the page of the plan shows: figures that name nobody, what comes, the next 9 December."""

import pytest
import time_machine

from tests.factories import events, vrl
from tests.factories.documents import document
from tests.vrl.test_figures import held

pytestmark = pytest.mark.usefixtures("world")


def test_figures_of_the_data_are_masked_under_five(visitor):
    made = held()
    for _ in range(6):
        events.registration(made.event)
    vrl.trainer()
    shown = {figure["label"]: figure["value"] for figure in visitor.get("/vrl/").context["figures"]}
    assert shown == {"Sessions tenues": "1", "Personnes présentes": "moins de 5", "Personnes habilitées": "moins de 5"}
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
    with django_assert_num_queries(17):
        visitor.get("/vrl/")


class TestPartners:
    URL = "/vrl/chiffres/"

    def test_partners_and_the_team_read_them_and_nobody_else(self, partner, powerless, stranger, trainer, visitor):
        assert [client.get(self.URL).status_code for client in (partner, powerless, stranger, trainer)] == [200, 200, 404, 404]
        assert visitor.get(self.URL).status_code == 302
        assert "no-store" in partner.get(self.URL).headers["Cache-Control"]

    @time_machine.travel("2026-11-23 12:00 +0100", tick=False)
    def test_a_year_by_level_and_department_without_names(self, partner):
        made = held()
        for number in range(5):
            person = events.registration(made.event, name=f"Nom {number}")
            date = made.event.dates.get()
            person.presences.create(date=date, half_day="matin", present=True)
        held(department=vrl.department("25"))
        held(day=-400)
        page = partner.get(self.URL)
        levels, departments, years = ({row["label"]: row["cells"] for row in table["rows"]} for table in page.context["tables"])
        assert levels["N3, formation d’acteurs de terrain"] == ("2", "9", "7", "moins de 5", "0", "9")
        assert departments["Doubs"][:3] == ("1", "moins de 5", "moins de 5")
        assert departments["Côte-d’Or"][:3] == ("1", "masqué", "masqué")
        assert list(years) == ["2025", "2026"]
        assert "Nom 1" not in page.content.decode()
        before = partner.get(self.URL, {"annee": "2025"}).context
        assert (before["year"], before["figures"][0]["value"]) == (2025, "1")

    @pytest.mark.parametrize("asked", ["1999", "x", "99999999999", "²"])
    def test_unknown_year_is_the_current_one(self, partner, asked):
        with time_machine.travel("2026-11-23 12:00 +0100", tick=False):
            assert partner.get(self.URL, {"annee": asked}).context["year"] == 2026

    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count(self, partner, count, django_assert_num_queries):
        for _ in range(count):
            held()
            vrl.trainer()
        partner.get(self.URL)
        with django_assert_num_queries(20):
            partner.get(self.URL)
