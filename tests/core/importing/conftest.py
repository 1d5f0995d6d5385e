"""A format of the tests, and runs of it."""

import pytest
from django.core.files.base import ContentFile

from tests.core.importing.toy import TABLE, TOY
from trajectoire.core.importing import contract, running
from trajectoire.core.importing.records import ImportRun


@pytest.fixture(autouse=True)
def _toy(monkeypatch):
    monkeypatch.setattr(contract, "_importers", contract._importers | {TOY.name: TOY, TABLE.name: TABLE})


@pytest.fixture
def bring(db):
    """A function that stores a file, and does with it what is asked."""

    def one(text: str, *jobs: str, **fields) -> ImportRun:
        run = ImportRun(importer=TOY.name, name="structures.txt", **fields)
        run.file.save("structures.txt", ContentFile(text.encode()))
        for job in jobs:
            do(run, job)
        return run

    return one


def do(run: ImportRun, job: str) -> None:
    running.prepare(run, job)
    running.carry_out(run.pk)
    run.refresh_from_db()
