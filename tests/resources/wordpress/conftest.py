"""An old site, as WordPress exports it, and the runs that bring it."""

import io
from pathlib import Path

import pypdfium2
import pytest
from django.core.files.base import ContentFile

from tests.conftest import ROOT
from tests.factories.admin import picture
from trajectoire.core.importing import running
from trajectoire.core.importing.records import ImportRun

CENTRE = ROOT / "tests/data/import/wordpress/centre.xml"
PDFS = ("2019/06/compte-rendu.pdf", "2018/11/rapport-2018.pdf", "2019/03/dossier-sante.pdf", "2019/05/fiche-cafe.pdf")
PICTURES = ("2019/03/permanence.jpg", "2019/03/une.png", "2018/11/fond.png")


def pdf() -> bytes:
    out = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    document.save(out)
    document.close()
    return out.getvalue()


@pytest.fixture
def uploads(tmp_path) -> Path:
    """The « uploads » folder of the old site, but for one file."""
    folder = tmp_path / "uploads"
    for names, content in ((PDFS, pdf()), (PICTURES, picture((60, 40)))):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def bring(world):
    """A function that brings an export, with what came along."""

    def one(content: bytes, job: str = "import", place: Path | str = "", **options) -> ImportRun:
        run = ImportRun(importer="wordpress", name="site.xml", options=options, attachments_place=str(place))
        run.file.save("site.xml", ContentFile(content))
        return do(run, job)

    return one


def do(run: ImportRun, job: str) -> ImportRun:
    running.prepare(run, job)
    running.carry_out(run.pk)
    run.refresh_from_db()
    return run
