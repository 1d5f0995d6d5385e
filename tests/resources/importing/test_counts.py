"""For every format: as many records told as brought, each refusal with its reason, and nothing changed by bringing it again."""

import json

import pytest

from resources.models import Document
from tests.resources.importing.conftest import sample
from trajectoire.core.importing import registered
from trajectoire.core.spreadsheets import write_ods, write_xlsx

pytestmark = pytest.mark.django_db
RIS, BIB, CSV = (sample(name).decode("utf-8-sig") for name in ("bibutils.ris", "latex.bib", "zotero.csv"))
TABLE = [
    ["Titre", "Auteurs", "Date", "ISBN"],
    ["Un", "Vauthier, Ana", "s.d.", ""],
    ["Un", "Vauthier, Ana", "", "978-2-906164-28-4"],
    ["", "x", "", ""],
]
NO_TITLE = (
    "<record><leader>00000nam  2200000   4500</leader><datafield tag='{}'><subfield code='a'>2012</subfield></datafield></record>"
)

# Format, content, name, how many records it holds, what becomes of them.
FILES = {
    "unimarc": (
        "unimarc",
        sample("unimarc-utf8.mrc") * 2 + b"00020nam a22\x1e\x1d",
        "",
        7,
        {"nouveau": 3, "inchange": 3, "refuse": 1},
    ),
    "unimarc-xml": (
        "unimarc",
        sample("koha-unimarc.xml").replace(b"</collection>", NO_TITLE.format("210").encode() + b"</collection>"),
        "",
        4,
        {"nouveau": 3, "refuse": 1},
    ),
    "marc21": ("marc21", sample("marc21.mrc") + sample("marc21.mrc")[:60], "", 3, {"nouveau": 2, "refuse": 1}),
    "marcxml": (
        "marc21",
        sample("marc21.xml").replace(b"</collection>", NO_TITLE.format("260").encode() + b"</collection>"),
        "",
        3,
        {"nouveau": 2, "refuse": 1},
    ),
    "ris": (
        "ris",
        RIS + "TY  - BOOK\nAU  - X\nER  - \n" + RIS.replace("PB  - ", "AB  - Un bilan.\nPB  - "),
        "",
        5,
        {"nouveau": 2, "refuse": 1, "complete": 1, "inchange": 1},
    ),
    "bibtex": ("bibtex", BIB + "\n@book{c, title={Deux\n", "", 3, {"nouveau": 2, "refuse": 1}),
    "zotero": ("zotero", CSV + '"Z3","book","2016","","",""\n', "", 3, {"nouveau": 2, "refuse": 1}),
    "csl-json": (
        "csl-json",
        json.dumps([*json.loads(sample("zotero-csl.json")), 3, {"type": "book"}]),
        "",
        4,
        {"nouveau": 2, "refuse": 2},
    ),
    "csv": ("documents", "\n".join(";".join(row) for row in TABLE), "t.csv", 3, {"nouveau": 1, "complete": 1, "refuse": 1}),
    "xlsx": (
        "documents",
        b"".join(write_xlsx(TABLE[0], TABLE[1:], "x")),
        "t.xlsx",
        3,
        {"nouveau": 1, "complete": 1, "refuse": 1},
    ),
    "ods": ("documents", b"".join(write_ods(TABLE[0], TABLE[1:], "x")), "t.ods", 3, {"nouveau": 1, "complete": 1, "refuse": 1}),
}


def test_every_format_of_documents_is_counted():
    held = {importer.name for importer in registered() if importer.permission == "resources.add_document"}
    assert held == {name for name, *_ in FILES.values()} | {"oai", "wordpress"}  # counted in their own tests


@pytest.mark.parametrize("case", FILES)
def test_as_many_records_are_told_as_brought_and_twice_changes_nothing(bring, case):
    importer, content, name, records, counts = FILES[case]
    run = bring(importer, content, name=name)
    assert run.counts == counts
    assert sum(counts.values()) == run.done == run.lines.count() == records
    assert all(words for words in run.lines.filter(action="refuse").values_list("words", flat=True))
    before = list(Document.objects.order_by("pk").values())
    again = bring(importer, content, name=name)
    assert again.counts == {"inchange": records - counts["refuse"], "refuse": counts["refuse"]}
    assert list(Document.objects.order_by("pk").values()) == before
