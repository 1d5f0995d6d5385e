"""The command that brings catalogues, on the samples of every format: tried, done, done again."""

import io

import pytest
from django.core.management import CommandError, call_command

from resources.models import Document
from tests.resources.importing.conftest import SAMPLES
from trajectoire.core.importing.records import ImportRun

pytestmark = pytest.mark.django_db


def said(name: str, *words: str) -> str:
    out = io.StringIO()
    call_command("import_catalogue", str(SAMPLES / name), *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "words", "count"),
    [
        ("unimarc-iso5426.mrc", [], 3),
        ("marc21.mrc", ["--format", "marc21"], 2),
        ("bibutils.ris", [], 2),
        ("documents.csv", [], 1),
        ("zotero.csv", ["--format", "zotero"], 2),
        ("zotero-csl.json", [], 2),
        ("latex.bib", ["--option", "series=oui"], 2),
    ],
)
def test_catalogue_is_tried_then_brought_then_found_again(world, name, words, count):
    assert f"nouveau\u00a0: {count}," in said(name, *words, "--essai")
    assert not Document.objects.exists()
    assert f"nouveau\u00a0: {count}," in said(name, *words)
    before = list(Document.objects.order_by("pk").values())
    assert len(before) == count
    again = said(name, *words)
    assert f"nouveau\u00a0: 0, complété\u00a0: 0, inchangé\u00a0: {count}," in again
    assert list(Document.objects.order_by("pk").values()) == before


def test_format_that_is_not_the_one_of_the_file_is_told(world):
    with pytest.raises(CommandError, match="choisissez l’autre format MARC"):
        said("marc21.mrc")
    assert ImportRun.objects.get().state == "arrete"
