"""Files of catalogues, brought as staff does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from trajectoire.core.importing import Record, running
from trajectoire.core.importing.records import ImportRun

SAMPLES = Path("tests/data/import/catalogues")


@pytest.fixture
def bring(world):
    """A function that stores a file and does with it what is asked: an import, unless told otherwise."""

    def one(importer: str, content: bytes | str, *jobs: str, name: str = "", mapping: dict | None = None, **options) -> ImportRun:
        data = content.encode() if isinstance(content, str) else content
        run = ImportRun(importer=importer, name=name or f"fichier.{importer}", options=options, mapping=mapping or {})
        run.file.save("fichier", ContentFile(data))
        for job in jobs or ("import",):
            running.prepare(run, job)
            running.carry_out(run.pk)
            run.refresh_from_db()
        assert run.state == ImportRun.State.DONE, run.error
        return run

    return one


@pytest.fixture
def read(tmp_path) -> Callable[..., list[Record]]:
    """A function that writes a file and reads it in a format."""

    def one(format_, content: bytes | str) -> list[Record]:
        path = tmp_path / "fichier"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(format_.read(path, {}))

    return one


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def told(run: ImportRun) -> list[tuple[str, str]]:
    return list(run.lines.values_list("action", "words"))


def labels(records: list[Record]) -> list[str]:
    return [record.refused or record.label for record in records]
