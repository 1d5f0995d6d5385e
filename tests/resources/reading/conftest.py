"""Files written for a test, PDFs made by typst, and a look at what is left behind."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typst

REPORT = """
#set document(title: "Rapport d’essai")
#set text(lang: "fr", hyphenate: true)
#set page(width: 200pt, height: 300pt)
= Dijon, quartier de la Fontaine d’Ouche
Un été à l’œuvre : « citoyenneté », laïcité.
#pagebreak()
== Constat
Développement de l’accompagnement socioprofessionnel.
"""


@pytest.fixture(autouse=True)
def nothing_left(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every temporary file of the test goes to one folder, which must be empty in the end."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


@pytest.fixture
def drop(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes bytes as an upload and gives its path."""

    def write(data: bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return path

    return write


@pytest.fixture(scope="session")
def tagged_pdf() -> bytes:
    """Two pages, PDF/UA-1."""
    return typst.compile(REPORT.encode(), pdf_standards=["ua-1"])


@pytest.fixture(scope="session")
def untagged_pdf() -> bytes:
    return typst.compile(b"#box[Sans balise]", pdf_tags=False)
