"""What may be the same thing: numbers, names however they are written, places."""

import time

import pytest

from network.duplicates import Known, Row, likely_duplicates, normalised
from network.models import Initiative, Territory
from tests.factories.directory import OTHER_SIRET, SAME_COMPANY, SIRET, initiative, organisation

pytestmark = pytest.mark.usefixtures("network")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ASS. Grand Dijon Médiation", "grand dijon mediation"),
        ("L’association des habitants de St-Jean", "habitants saint jean"),
        ("  ADEXPRA ", "adexpra"),
        ("Association", "association"),
        ("🎉", ""),
    ],
)
def test_names_keep_what_says_who_it_is(written, kept):
    assert normalised(written) == kept


def found(*asked, **named) -> list[tuple[str, str]]:
    return [(candidate.name, candidate.reason) for candidate in likely_duplicates(*asked, **named)]


def test_same_siret_is_the_same_whatever_the_name():
    organisation("La Coursive", siret=SIRET)
    assert found("Tout autre chose", "732 829 320 00074") == [("La Coursive", "même numéro SIRET")]
    assert likely_duplicates("x", SIRET)[0].score == 100


def test_same_company_is_another_establishment():
    organisation("La Coursive", siret=SIRET)
    (one,) = likely_duplicates("Tout autre chose", SAME_COMPANY)
    assert (one.score, one.reason) == (90, "même numéro SIREN : un autre établissement de la même structure")


@pytest.mark.parametrize(
    "written",
    ["ASSOCIATION GRAND DIJON MEDIATION", "Grand Dijon Médiation", "Médiation Grand Dijon", "Grand-Dijon Mediations"],
)
def test_names_are_compared_however_they_are_written(written):
    organisation("Association Grand Dijon Médiation")
    organisation("Grand Besançon Habitat")
    assert [name for name, _ in found(written)] == ["Association Grand Dijon Médiation"]


def test_former_names_are_known():
    organisation("Maison des Buis", former_names="Amicale des Buis\n\nFoyer des Buis")
    assert found("Foyer des Buis") == [("Maison des Buis", "même nom (ancien nom)")]


def test_place_tells_two_of_the_same_name_apart():
    organisation("Mission locale", territories=["25056"])
    here, elsewhere = Territory.objects.get(code="QN02503M"), Territory.objects.get(code="21231")
    assert found("Mission locale", territory=here) == [("Mission locale", "même nom")]
    assert found("Mission locale", territory=elsewhere) == [("Mission locale", "même nom, dans un autre département")]
    assert found("Missions locale", territory=elsewhere) == []


def test_another_siret_lowers_a_name():
    organisation("Mission locale", siret=SIRET)
    assert found("Mission locale", OTHER_SIRET) == [("Mission locale", "même nom, mais un autre SIRET")]
    assert likely_duplicates("Mission locale", OTHER_SIRET)[0].score < likely_duplicates("Mission locale")[0].score


def test_unlike_names_are_not_proposed():
    organisation("Centre social des Longs Traits")
    assert found("Centre social La Traversière") == []
    assert found("") == []
    assert found("🎉") == []


def test_likeliest_comes_first_and_five_at_most():
    for number in range(8):
        organisation(f"Régie de quartier {number}")
    organisation("Régie de quartier")
    names = [name for name, _ in found("Régie de quartier")]
    assert (names[0], len(names)) == ("Régie de quartier", 5)


def test_initiatives_have_theirs():
    initiative("La ressourcerie du Mail")
    assert [c.name for c in likely_duplicates("Ressourcerie du Mail", model=Initiative)] == ["La ressourcerie du Mail"]
    assert likely_duplicates("Ressourcerie du Mail") == []


def test_new_row_is_known_at_once():
    assert likely_duplicates("Les Lilas") == []
    organisation("Les Lilas")
    assert likely_duplicates("Les Lilas")


def test_import_tells_what_it_has_just_made():
    known = Known.read()
    known.add(Row(7, "Les Lilas", SIRET, frozenset({"25"})), ["Les Lilas", "Amicale des Lilas"])
    assert [c.pk for c in likely_duplicates("amicale des lilas", among=known)] == [7]
    assert [c.pk for c in likely_duplicates("", SIRET, among=known)] == [7]


def test_reading_takes_two_queries_whatever_the_number(django_assert_num_queries):
    for count in (1, 2):
        for _ in range(count):
            organisation(territories=["25056", "21231"])
        with django_assert_num_queries(2):
            Known.read()


def test_twenty_thousand_names_are_compared_quickly():
    known = Known(
        (Row(n, f"Association du quartier {n:05}", "", frozenset()), [f"Association du quartier {n:05}"]) for n in range(20_000)
    )
    start = time.process_time()
    assert known.likely("Régie de quartier du Grand Mail") == []
    assert time.process_time() - start < 0.5
