"""Every figure of the bilan, counted by hand on the year that story.py tells."""

import datetime

import pytest

from network.events import questionnaires
from tests.factories import vrl
from vrl.bilan import parts
from vrl.bilan.parts import Grid, Part, Scope, lines_of, of_year

from .story import comes, session, tell

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def told(world):
    questionnaires.load_bank()
    tell()


def values(scope: Scope) -> dict[str, float]:
    return {one.name: one.value for one in lines_of(parts.compute(scope))}


def grids(found: list[Part]) -> dict[str, Grid]:
    return {grid.slug: grid for part in found for grid in part.grids}


def filled(grid: Grid) -> dict[str, list[float]]:
    """{label: cells} of the rows where something is."""
    return {label: list(row) for label, row in zip(grid.labels, grid.cells, strict=True) if any(row)}


# Six sessions without the draft: three held, one to come, one put off, one cancelled.
SESSIONS = {"planned": 6, "sessions": 3, "to_come": 1, "postponed": 1, "cancelled": 1}
# Ada, Bob and Cléo in March, Ada in November; Dan waits; Cléo is absent; Ada, twice, and Bob came, half a day at least.
REGISTERED = {"registered": 4, "waiting": 1, "absent": 1, "present": 3}
# Ada has every half-day in March and one of two in November; one attestation; two people; 4 + 2 + 1 half-days.
STAYED = {"complete": 1, "attested": 1, "people": 2, "half_days": 7, "aware": 30, "young": 12}
# Two may lead at the end of the year: the one of 2025 is new, one left; the Doubs has one only.
TRAINERS = {"trainers": 2, "new_trainers": 1, "gone_trainers": 1, "short_departments": 1}
# Four questionnaires: 5, 4, 4 and 2 make 3.75; « oui » twice among three. Meals twice, signs once.
OPINIONS = {"answers": 4, "satisfaction": 3.8, "perception": 67, "later": 0, "perception_later": 0, "situations": 3}
# The meeting, the three sessions held, and the one that is open: 2 + 4 + 2 + 2 + 2 half-days; Ada twice, Bob, Fay and Gus.
ACTIVITY = {"events": 5, "event_half_days": 12, "attendees": 5, "event_presences": 10}
LIBRARY = {"publications": 2, "downloads": 15, "views": 7, "letters": 1, "recipients": 120, "clicks": 9, "subscribers": 2}
# Two requests, of which one was answered; Planoise is where the meeting was.
AROUND = {"help_received": 2, "help_answered": 1, "help_half_days": 1.5, "quarters_reached": 1, "quarters": 1}


def test_figures_of_the_year_are_those_counted_by_hand(told):
    assert values(of_year(2025)) == SESSIONS | REGISTERED | STAYED | TRAINERS | OPINIONS | ACTIVITY | LIBRARY | AROUND


def test_figures_of_a_department_are_its_own(told):
    found = values(of_year(2025, "25"))
    assert {
        name: found[name] for name in ("planned", "sessions", "registered", "present", "aware", "trainers", "gone_trainers")
    } == {"planned": 2, "sessions": 2, "registered": 1, "present": 1, "aware": 30, "trainers": 1, "gone_trainers": 1}
    # Of the centre: the meeting of Planoise; the note on Besançon and its downloads; the request of Besançon.
    assert {name: found[name] for name in ("events", "attendees", "publications", "downloads", "help_received", "quarters")} == {
        "events": 1,
        "attendees": 2,
        "publications": 1,
        "downloads": 10,
        "help_received": 1,
        "quarters": 1,
    }
    assert {"letters", "subscribers", "short_departments"}.isdisjoint(found)


def test_year_before_is_counted_alone(told):
    found = values(of_year(2024))
    assert {name: found[name] for name in ("sessions", "present", "half_days", "downloads", "letters", "situations")} == {
        "sessions": 1,
        "present": 1,
        "half_days": 2,
        "downloads": 4,
        "letters": 0,
        "situations": 0,
    }


def test_tables_of_sessions(told):
    found = grids(parts.compute(of_year(2025)))
    # Programmées, tenues, à venir, reportées, annulées.
    assert filled(found["sessions-level"]) == {
        "N2, formation de formateurs régionaux": [1, 1, 0, 0, 0],
        "N3, formation d’acteurs de terrain": [4, 1, 1, 1, 1],
        "Sensibilisation": [1, 1, 0, 0, 0],
    }
    assert filled(found["sessions-department"]) == {"Côte-d’Or": [4, 1, 1, 1, 1], "Doubs": [2, 2, 0, 0, 0]}
    assert filled(found["sessions-length"])["2 jours"] == [4, 1, 1, 1, 1]
    assert filled(found["sessions-funding"]) == {"État": [5, 2, 1, 1, 1], "Collectivité": [1, 1, 0, 0, 0]}
    assert filled(found["sessions-organiser"]) == {"Le centre": [6, 3, 1, 1, 1]}


def test_tables_of_people(told):
    found = grids(parts.compute(of_year(2025)))
    # Inscrites, présentes, parcours complets, attestations, demi-journées.
    assert filled(found["people-department"]) == {"Côte-d’Or": [3, 2, 1, 1, 6], "Doubs": [1, 1, 0, 0, 1]}
    assert filled(found["people-status"]) == {"Fonction publique territoriale": [2, 2], "Bénévole": [1, 1], "Non dit": [1, 0]}
    assert filled(found["people-home"]) == {"Côte-d’Or": [2, 2], "Autre département ou non dit": [2, 1]}
    assert filled(found["trainers-level"]) == {"N1": [1], "N2": [1]}
    assert filled(found["trainers-department"]) == {"Côte-d’Or": [2], "Doubs": [1]}


def test_tables_of_answers_and_situations(told):
    found = grids(parts.compute(of_year(2025)))
    assert filled(found["satisfaction"]) == {"2": [1], "4": [2], "5 – tout à fait": [1]}
    assert filled(found["perception"]) == {"Oui": [2, 0], "Non": [1, 0]}
    assert filled(found["situations"]) == {"Restauration": [2], "Signes": [1]}


def test_tables_of_activity_and_resources(told):
    found = grids(parts.compute(of_year(2025)))
    missions = dict(zip(found["half-days-mission"].heads[1:], zip(*found["half-days-mission"].cells, strict=True), strict=True))
    assert {label: sum(cells) for label, cells in missions.items() if any(cells)} == {
        "Animer les réseaux": 2,
        "Valeurs de la République et laïcité": 10,
    }
    assert filled(found["half-days-mode"]) == {"Formation": [10, 0, 0], "Activité de réseau": [0, 0, 2]}
    assert filled(found["half-days-theme"]) == {"Santé": [2], "Sans précision": [10]}
    assert filled(found["attendees-audience"]) == {"élus et élues": [2], "Sans précision": [3]}
    assert filled(found["publications"]) == {"Notes": [1, 15, 7], "Guides": [1, 0, 0]}
    assert filled(found["help-department"]) == {"Doubs": [1, 1], "Toute la région, ou lieu non dit": [1, 0]}


def test_every_figure_and_table_has_a_sentence(told):
    for part in parts.compute(of_year(2025)):
        assert all(one.definition.endswith(".") for one in [*part.lines, *part.grids]), part.slug


def test_names_of_the_lines_are_those_declared(told):
    found = [one.name for one in lines_of(parts.compute(of_year(2025)))]
    assert sorted(found) == sorted(parts.definitions())


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize(("department", "queries"), [("", 45), ("25", 38)])
def test_query_count_does_not_grow(count, department, queries, django_assert_num_queries):
    for _ in range(count):
        made = session("n3", "cloturee", (2025, 3, 4), department="25")
        comes(made.event, "Ada", 2)
        vrl.trainer(departments=("25",))
    with django_assert_num_queries(queries):
        parts.compute(of_year(2025, department))


def test_period_of_a_leap_day_and_its_year_before():
    asked = Scope(datetime.date(2024, 2, 29), datetime.date(2024, 3, 31), "25")
    assert asked.previous() == Scope(datetime.date(2023, 2, 28), datetime.date(2023, 3, 31), "25")
    assert (asked.year, of_year(2024).year, asked.everywhere().department) == (None, 2024, "")
