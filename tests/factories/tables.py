"""Tables and calendars brought through an importer, without the screens."""

from typing import Any

from django.core.files.base import ContentFile

from trajectoire.core.importing import running
from trajectoire.core.importing.records import ImportRun


def bring(
    importer: str, content: str | bytes, job: str = "import", *, name: str = "x.csv", mapping: Any = (), **options: Any
) -> ImportRun:
    """The run of a file, tried or imported; `options` are those that staff ticks."""
    run = ImportRun(importer=importer, name=name, options=options, mapping=dict(mapping))
    run.file.save(name, ContentFile(content.encode() if isinstance(content, str) else content), save=False)
    run.save()
    return do(run, job)


def do(run: ImportRun, job: str) -> ImportRun:
    running.prepare(run, job)
    running.carry_out(run.pk)
    run.refresh_from_db()
    return run


def told(run: ImportRun) -> str:
    """Every sentence of the report."""
    return "\n".join(run.lines.values_list("words", flat=True))
