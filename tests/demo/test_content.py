"""The rules that the written demonstration keeps: how many, of which types, with which codes, long enough."""

import datetime
import re
from collections import Counter

import pytest

from network.reference import tables
from resources import reference
from resources.demo import texts
from resources.fiches import SECTIONS
from resources.models import Document
from trajectoire.core.prose import plain

ALL = texts.read()
BY_SLUG = {text.slug: text.values for text in ALL}
TYPES = {row["slug"] for row in reference.rows("types.toml")}
COLLECTIONS = {row["slug"] for row in reference.rows("collections.toml")}
KEYS = """
    title type summary date date_precision themes territories audiences authors publisher language pages collection number external
    url isbn licence access up_to_date_on review_on paper_available event_note replaced_by status pdf body fiche
"""


def words(values: dict) -> int:
    fiche = values.get("fiche", {})
    return len(plain(values.get("body", "") + "".join(fiche.get(name, "") for name, _, _ in SECTIONS)).split())


def of_type(code: str) -> list[dict]:
    return [values for values in BY_SLUG.values() if values["type"] == code]


def test_library_is_large_and_of_all_types():
    assert len(ALL) >= 120
    assert {values["type"] for values in BY_SLUG.values()} == TYPES
    assert len(TYPES) == 22


def test_fiches_are_long_and_structured():
    fiches = of_type("fiche-experience")
    assert len(fiches) == 20
    assert all(words(values) >= 500 for values in fiches)
    assert all(values["fiche"].get(name) for values in fiches for name, _, _ in SECTIONS)
    assert all(2 <= len(values["fiche"]["key_figures"]) <= 4 for values in fiches)


def test_enough_documents_become_long_pdfs():
    wanted = [values for values in BY_SLUG.values() if values.get("pdf")]
    assert len(wanted) >= 40
    assert min(map(words, wanted)) >= 700


def test_collections_are_numbered():
    numbers = Counter((v["collection"], v["number"]) for v in BY_SLUG.values() if "collection" in v)
    assert max(numbers.values()) == 1
    assert {number for series, number in numbers if series == "cetavou"} == set(range(1, 12))
    assert {series for series, _ in numbers} == COLLECTIONS


def test_letters_come_over_several_years():
    assert len({values["date"].year for values in of_type("lettre-information")}) >= 5


def test_titles_and_summaries_are_all_different():
    for key in ("title", "summary"):
        assert max(Counter(values[key] for values in BY_SLUG.values()).values()) == 1


def test_no_paragraph_is_repeated():
    paragraphs = Counter(
        paragraph
        for values in BY_SLUG.values()
        for html in [values.get("body", ""), *(str(part) for part in values.get("fiche", {}).values())]
        for paragraph in re.findall(r"<p>(.{120,}?)</p>", html, re.DOTALL)
    )
    assert len(paragraphs) > 400
    assert [text for text, count in paragraphs.items() if count > 1] == []


def test_access_and_states_are_varied():
    assert {values.get("access", "public") for values in BY_SLUG.values()} == {"public", "formateurs"}
    assert {values.get("status", "published") for values in BY_SLUG.values()} == set(Document.Status.values)
    assert any(values.get("external") for values in BY_SLUG.values())


@pytest.fixture(scope="module")
def codes() -> dict[str, set[str]]:
    return {
        "themes": {row["slug"] for row in tables.rows("themes.csv")},
        "audiences": {row["slug"] for row in tables.rows("audiences.csv")},
        "territories": {place.code for place in tables.places()},
    }


@pytest.mark.parametrize("slug", BY_SLUG)
def test_document_is_well_formed(slug, codes):
    values = BY_SLUG[slug]
    assert set(values) <= set(KEYS.split())
    assert not values["title"].endswith(".")
    assert len(values["title"]) <= 150
    assert 100 <= len(values["summary"]) <= 400
    assert datetime.date(1905, 1, 1) <= values["date"] <= datetime.date(2026, 12, 31)
    for name, most in (("themes", 3), ("territories", 3), ("audiences", 4)):
        assert set(values[name]) <= codes[name]
        assert len(values[name]) <= most
    assert values["themes"]
    assert values["audiences"]
    assert values.get("replaced_by", slug) in BY_SLUG


@pytest.mark.parametrize("slug", [slug for slug, values in BY_SLUG.items() if values.get("isbn")])
def test_isbn_has_its_check_digit(slug):
    digits = [int(character) for character in BY_SLUG[slug]["isbn"].replace("-", "")]
    assert len(digits) == 13
    assert sum(digit * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10 == 0


@pytest.mark.parametrize("slug", BY_SLUG)
def test_columns_fit_the_model(slug):
    """No file has a key that the model lacks, nor a value too long for its column."""
    text = next(text for text in ALL if text.slug == slug)
    document = Document(slug=slug, is_demo=True, **text.columns)
    document.clean_fields(exclude=["type"])
