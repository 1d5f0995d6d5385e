"""Closed years: stored with their definitions, never counted again; corrected figure by figure; opened again with the password."""

import datetime

import pytest

from network.events.models import Presence
from network.events.registering import Refused
from tests.factories import accounts
from tests.factories.admin import errors, save
from trajectoire.core.auditing import ActionLog
from vrl import figures
from vrl.bilan import closing, parts, reading
from vrl.bilan.parts import Scope, lines_of, of_year
from vrl.models import BilanCorrection, BilanTarget, BilanYear

from .story import comes, session

pytestmark = pytest.mark.usefixtures("world")
YEARS = "/admin/vrl/bilanyear/"


@pytest.fixture
def march(world):
    """An N3 in the Doubs where Ada and Bob come."""
    made = session("n3", "cloturee", (2025, 3, 4), department="25")
    comes(made.event, "Ada", 2)
    comes(made.event, "Bob", 2)
    return made


def close(year: int = 2025) -> BilanYear:
    return closing.close(year, None, today=datetime.date(2027, 1, 1))


def known(scope: Scope, *, outside: bool = False) -> dict[str, reading.ShownLine]:
    return {one.name: one for part in reading.read(scope, outside=outside) for one in part.lines}


def test_closed_year_is_not_counted_again(march):
    close()
    Presence.objects.all().delete()
    assert known(of_year(2025))["present"].value.text == "2"
    assert known(of_year(2025, "25"))["present"].value.text == "2"
    assert known(Scope(datetime.date(2025, 1, 1), datetime.date(2025, 12, 30)))["present"].value.text == "0"
    assert known(of_year(2026))["present"].previous.text == "2"


def test_closed_year_keeps_its_definitions(march, monkeypatch):
    close()
    monkeypatch.setitem(figures.DEFINITIONS, "sessions", figures.Told("Autre nom", "Autre définition.", False))
    assert known(of_year(2025))["sessions"].label == "Sessions tenues"


def test_closed_year_reads_as_it_was_counted(march):
    before = parts.compute(of_year(2025))
    stored = closing.stored(close())
    assert [(one.name, one.value) for one in lines_of(stored)] == [(one.name, one.value) for one in lines_of(before)]
    assert [grid.cells for part in stored for grid in part.grids] == [grid.cells for part in before for grid in part.grids]


def test_year_closes_once_and_only_when_over(march):
    close()
    with pytest.raises(Refused, match="déjà close"):
        close()
    with pytest.raises(Refused, match="n’est pas finie"):
        close(2027)


def test_correction_is_shown_and_what_was_stored_stays(march):
    bilan = close()
    closing.correct(BilanCorrection(bilan=bilan, name="present", becomes=31, why="Une feuille retrouvée."))
    closing.correct(BilanCorrection(bilan=bilan, name="present", becomes=32, why="Une ligne oubliée."))
    line = known(of_year(2025))["present"]
    assert (line.value.text, [told.partition(" (")[2] for told in line.corrections]) == (
        "32",
        ["2 auparavant)\xa0: Une feuille retrouvée.", "31 auparavant)\xa0: Une ligne oubliée."],
    )
    assert "auparavant" not in " ".join(known(of_year(2025), outside=True)["present"].corrections)
    assert known(of_year(2025, "25"))["present"].corrections == []
    assert known(of_year(2026))["present"].previous.text == "32"
    assert ActionLog.objects.filter(action="correction du bilan").count() == 2


def test_correction_of_what_is_not_there_is_refused(march):
    bilan = close()
    for name, department in (("letters", "25"), ("rien", "")):
        with pytest.raises(Refused, match="n’est pas dans le bilan"):
            closing.correct(BilanCorrection(bilan=bilan, name=name, department=department, becomes=1, why="Essai."))
    closing.reopen(bilan, None)
    with pytest.raises(Refused, match="n’est pas close"):
        closing.correct(BilanCorrection(bilan=bilan, name="present", becomes=1, why="Essai."))
    with pytest.raises(Refused, match="n’est pas close"):
        closing.reopen(bilan, None)


def test_opened_again_is_counted_and_forgets_corrections(march):
    bilan = close()
    closing.correct(BilanCorrection(bilan=bilan, name="present", becomes=31, why="Une feuille retrouvée."))
    closing.reopen(bilan, None)
    assert known(of_year(2025))["present"].value.text == "2"
    close()
    assert known(of_year(2025))["present"].value.text == "2"


def test_targets_are_beside_the_figures_of_the_region(march):
    BilanTarget.objects.create(year=2025, name="present", value=300)
    BilanTarget.objects.create(year=2025, name="satisfaction", value=4.5)
    lines = known(of_year(2025))
    assert (lines["present"].target, lines["satisfaction"].target, lines["sessions"].target) == ("300", "4,5", "")
    assert (
        known(of_year(2025, "25"))["present"].target
        == known(Scope(of_year(2025).first, of_year(2025).first))["present"].target
        == ""
    )


def test_last_part_compares_every_figure(march):
    session("n3", "cloturee", (2024, 3, 4))
    session("n3", "cloturee", (2024, 3, 5))
    last = reading.read(of_year(2025), outside=False)[-1]
    lines = {one.name: one for one in last.lines}
    assert (last.number, last.title, list(lines)) == (
        7,
        "D’une année à l’autre",
        [one.name for one in lines_of(parts.compute(of_year(2025)))],
    )
    assert (lines["sessions"].previous.text, lines["sessions"].difference) == ("2", "−1")
    assert (lines["present"].difference, lines["planned"].value.text, lines["cancelled"].difference) == ("+2", "1", "=")


def test_year_is_told_closed_and_made_public_in_the_administration(coordinator, march):
    coordinator.post(f"{YEARS}add/", {"year": "2025", "support": "<p>Trois visites.</p>", "public_parts": ["sessions"]})
    bilan = BilanYear.objects.get()
    assert (bilan.stories, bilan.public_titles) == ([("Accompagner les acteurs", "<p>Trois visites.</p>")], ["Sessions du plan"])
    assert list(BilanYear.objects.public()) == []
    assert "comptés à chaque lecture" in coordinator.get(YEARS).content.decode()
    save(coordinator, f"{YEARS}{bilan.pk}/change/", _step="clore")
    html = coordinator.get(f"{YEARS}{bilan.pk}/change/").content.decode()
    assert "L’année 2025 est close" in html
    assert "Corriger un chiffre" in html
    assert list(BilanYear.objects.public()) == [bilan]


def test_correction_is_made_in_the_administration(coordinator, march):
    bilan = close()
    page = "/admin/vrl/bilancorrection/add/"
    wrong = coordinator.post(page, {"bilan": bilan.pk, "department": "25", "name": "letters", "becomes": "3", "why": "Essai."})
    assert "n’est pas compté pour ce territoire" in errors(wrong)
    empty = coordinator.post(page, {"bilan": bilan.pk, "department": "25", "name": "present", "becomes": "", "why": "Essai."})
    assert errors(empty)
    coordinator.post(page, {"bilan": bilan.pk, "department": "25", "name": "present", "becomes": "3", "why": "Essai."})
    made = BilanCorrection.objects.get()
    assert (made.was, made.becomes, made.by.email) == (2, 3, coordinator.user.email)
    assert coordinator.get(f"/admin/vrl/bilancorrection/{made.pk}/delete/").status_code == 403
    assert "Personnes présentes" in coordinator.get("/admin/vrl/bilancorrection/").content.decode()
    told = coordinator.get(f"{YEARS}{bilan.pk}/change/").content.decode()
    assert "Personnes présentes (25), 2 → 3. Essai." in told
    assert "avant la dernière clôture" not in told
    closing.reopen(bilan, None)
    assert "avant la dernière clôture" in coordinator.get(f"{YEARS}{bilan.pk}/change/").content.decode()


def test_opening_again_asks_the_password(browser, march):
    bilan = close()
    page = f"{YEARS}{bilan.pk}/change/"
    lately, long_ago = accounts.administrator(), accounts.administrator()
    forgotten = browser(long_ago)
    accounts.open_session(forgotten, long_ago, age=3600)
    answer = save(forgotten, page, _step="rouvrir")
    assert (answer.status_code, BilanYear.objects.get().is_closed) == (302, True)
    save(browser(lately), page, _step="rouvrir")
    assert not BilanYear.objects.get().is_closed


def test_year_of_today_has_no_button_to_close(coordinator):
    bilan = BilanYear.objects.create(year=2099)
    assert "Clore l’année" not in coordinator.get(f"{YEARS}{bilan.pk}/change/").content.decode()
    save(coordinator, f"{YEARS}{bilan.pk}/change/", _step="clore")
    assert "n’est plus possible" in coordinator.get(f"{YEARS}{bilan.pk}/change/").content.decode()


def test_targets_are_set_in_the_administration(coordinator):
    coordinator.post("/admin/vrl/bilantarget/add/", {"year": "2026", "name": "sessions", "value": "40"})
    assert str(BilanTarget.objects.get()) == "sessions 2026"
    assert "Sessions tenues" in coordinator.get("/admin/vrl/bilantarget/").content.decode()
    twice = coordinator.post("/admin/vrl/bilantarget/add/", {"year": "2026", "name": "sessions", "value": "41"})
    assert "déjà fixée" in errors(twice)


def test_rows_say_what_they_are():
    bilan = BilanYear(year=2025)
    assert (str(bilan), str(BilanCorrection(bilan=bilan, name="present"))) == ("Bilan 2025", "Bilan 2025\xa0: present")
