"""Which documents are the same, and which only look so."""

from dataclasses import replace

import pytest

from resources.importing.recognition import Facts, Known, where

HELD = Facts(
    1,
    "Les conseils citoyens",
    "un bilan",
    "2016",
    "3",
    7,
    "978-2-906164-28-4",
    "2109-5582",
    publisher="FRMJC",
    authors="Ana Vauthier",
)


def found(wanted: Facts, held: Facts = HELD) -> tuple[int | None, str, list[tuple[int, str]]]:
    return Known([held]).find(wanted)


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        (Facts(2, "Conseils citoyens", isbn="2-906164-28-3"), (1, "même ISBN", [])),
        (Facts(2, "Histoire du vélo", isbn="2906164283"), (None, "", [(1, "même ISBN, mais un autre titre")])),
        (Facts(2, "Les conseils citoyens", number="3", collection=7), (1, "même numéro de la même collection", [])),
        (Facts(2, "Tout autre chose", number="3", collection=7), (None, "", [])),
        (Facts(2, "Les conseils citoyens", issn="2109-5582", year="2016"), (1, "même ISSN et même titre", [])),
        (Facts(2, "Les conseils citoyens", number="4"), (None, "", [])),
        (Facts(2, "Les conseils citoyens", "un guide"), (None, "", [])),
        (Facts(2, "Les conseils citoyens", year="2017"), (None, "", [])),
        (Facts(2, "LES CONSEILS CITOYENS : un bilan", year="2016"), (1, "même titre et même année", [])),
        (
            Facts(2, "Les conseils citoyens", year="2016", isbn="978-2-7073-0307-3"),
            (None, "", [(1, "même titre, mais un autre ISBN\u00a0: une autre édition\u202f?")]),
        ),
        (
            Facts(2, "Les conseils citoyens", year="2016", publisher="Ville de Dijon", authors="Léo Martin"),
            (None, "", [(1, "même titre, mais d’autres auteurs et un autre éditeur")]),
        ),
        (
            Facts(2, "Les conseils citoyens", year="2016", publisher="Ville de Dijon", authors="Vauthier, A."),
            (1, "même titre et même année", []),
        ),
    ],
)
def test_document_is_told_from_another(wanted, answer):
    assert found(wanted) == answer


def test_publisher_that_differs_alone_makes_a_doubt():
    wanted = Facts(2, "Les conseils citoyens", year="2016", publisher="Ville de Dijon")
    assert found(wanted)[0] is None
    assert found(wanted, replace(HELD, publisher=""))[0] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.exemple.fr/a.pdf", "https://exemple.fr/a.pdf/"),
        ("https://dx.doi.org/10.1234/ABC", "https://doi.org/10.1234/abc"),
        ("https://exemple.fr/?p=12", "http://exemple.fr/?p=12"),
    ],
)
def test_one_address_in_two_ways_of_writing_it_is_one(one, other):
    assert where(one) == where(other) != ""


def test_front_page_or_broken_address_tells_nothing():
    assert [where(url) for url in ("https://exemple.fr/", "http://[abc/x", "")] == ["", "", ""]
