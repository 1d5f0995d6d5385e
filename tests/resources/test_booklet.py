"""A document as a publication: a valid PDF/UA file with what the page of the site says."""

import datetime

import pytest

from resources import booklet, reference
from resources.demo import loader, texts
from resources.models import Collection, Document
from tests.core.test_pdf import opened, text_of
from tests.factories import documents


def flat(pdf: bytes) -> str:
    return " ".join(text_of(pdf).replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def fiche(world) -> Document:
    return documents.document(
        "La récré des parents",
        type="fiche-experience",
        themes=["education"],
        territories=["QN02503M"],
        audiences=["elus"],
        hook="Une accroche.",
        carrier="Centre social des Hauts",
        partners="Ville\n\nCAF",
        started_on=datetime.date(2021, 9, 1),
        ended_on=datetime.date(2023, 6, 30),
        context="<p>Il y avait #import une école.</p>",
        objectives="<h3>Un but</h3><h3>Un autre</h3>",
        quote="On est venus.",
        quote_author="Léa, mère",
        key_figures="14 | familles\n3 | écoles",
        surveyed_on=datetime.date(2023, 5, 11),
        up_to_date_on=datetime.date(2024, 1, 2),
        authors="Ana Vauthier",
        is_demo=True,
    )


def test_fiche_is_a_tagged_booklet(fiche):
    pdf = booklet.document_pdf(fiche)
    with opened(pdf) as document:
        assert len(document) >= 2
        assert document.is_tagged()
        assert document.get_metadata_value("Title") == "La récré des parents"


@pytest.mark.parametrize(
    "words",
    [
        "Une accroche.",
        "Contenu de démonstration",
        "Porteur Centre social des Hauts",
        "Partenaires Ville, CAF",
        "septembre 2021 – juin 2023",
        "14 familles",
        "Le contexte",
        "#import une école",
        "« On est venus. »",
        "Enquête 11 mai 2023",
        "À jour au 2 janvier 2024",
        "Rédaction Ana Vauthier",
        "Planoise",
        "Creative Commons",
        "2 / ",
    ],
)
def test_fiche_says_what_its_page_says(fiche, words):
    assert words in flat(booklet.document_pdf(fiche))


def test_document_of_a_collection_has_contents_and_number(world):
    made = documents.document(
        type="lettre-information",
        collection="lettre-information",
        number=7,
        body="".join(f"<h2>Partie {n}</h2><p>Texte.</p>" for n in range(1, 5)),
        subtitle="Le sous-titre",
        isbn="978-2-0000-0001-9",
        event_note="Journée du 12 mars",
    )
    text = flat(booklet.document_pdf(made))
    assert "SOMMAIRE Partie 1" in text
    assert "Lettre d’information, n° 7" in text
    assert "ISSN 2109-5582" in text
    assert "Le sous-titre" in text
    assert "démonstration" not in text


def test_short_document_has_no_contents(world):
    made = documents.document(body="<h2>Un</h2><p>Texte.</p>", number=None)
    assert booklet.contents(made)["contents"] is False


def test_collection_without_number(world):
    made = documents.document(collection="cetavou")
    assert ("Collection", "CETAVOU") in booklet.credit_lines(made)
    assert booklet.kind_label(made) == "Synthèse"


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (None, None, ""),
        (datetime.date(2021, 9, 1), None, "depuis septembre 2021"),
        (None, datetime.date(2023, 6, 1), "juin 2023"),
        (datetime.date(2021, 9, 1), datetime.date(2023, 6, 1), "septembre 2021 – juin 2023"),
    ],
)
def test_period_is_written_in_french(start, end, label):
    assert booklet.period(Document(started_on=start, ended_on=end)) == label


def test_reserved_document_says_so(world):
    made = documents.document(access="formateurs", territories=["25", "25056"])
    assert "Accès réservé : Formatrices et formateurs VRL" in flat(booklet.document_pdf(made))
    assert booklet.contents(made)["places"] == "Doubs\u00a0· Besançon"


def test_empty_facts_are_left_out(world):
    made = documents.document(type="fiche-experience", themes=[], carrier="Un centre")
    assert booklet.facts(made) == [("Porteur", "Un centre")]


@pytest.mark.parametrize("title", ["😀", "#panic()", 'Un "titre" \\ <b>', "中文", "x" * 250])
def test_any_title_makes_a_file(world, title):
    assert booklet.document_pdf(documents.document(title, slug="essai")).startswith(b"%PDF")


@pytest.mark.slow
def test_every_demonstration_pdf_is_valid_and_of_several_pages(db):
    """typst refuses a file that PDF/UA-1 would not accept."""
    reference.load_types()
    from network.management.commands.load_reference import load

    load()
    wanted = [text for text in texts.read() if text.wants_pdf]
    loader.load_documents(texts.read())
    assert Collection.objects.filter(documents__isnull=False).distinct().count() == 4
    for text in wanted:
        with opened(booklet.document_pdf(Document.objects.get(slug=text.slug))) as document:
            assert len(document) >= 3
            assert document.is_tagged()
