"""A harvest of the whole library over OAI-PMH while documents change: how long, and whether any is missed.

    python benchmarks/harvest.py [--count 10000] [--changes 100]

A server in a process of its own, a harvester that others wrote (oaipmh-scythe), and changes made while it works: a third saved
again, a third withdrawn, a third new. Its own folder and SQLite database. Prints one line; fails when a document is missed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
        steps = [["migrate"], ["load_reference"], ["load_types"], ["make_documents", "--count", str(options.count)]]
        for step in steps:
            command = [sys.executable, "manage.py", *step, "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        from tests.e2e.server import served

        with served(dict(os.environ), Path(folder)) as address:
            print(harvest(address, options.count, options.changes))


def harvest(address: str, count: int, changes: int) -> str:
    import django

    django.setup()
    from oaipmh_scythe import Scythe

    from resources.models import Document

    pks = list(Document.objects.order_by("pk").values_list("pk", flat=True))
    every = count // changes
    state: dict[int, bool] = {}
    given, start = 0, time.monotonic()
    with Scythe(f"{address}/oai") as harvester:
        for record in harvester.list_records(metadata_prefix="oai_dc"):
            if given % every == 0 and given < count:
                change(given // every, pks)
            given += 1
            state[int(record.header.identifier.rsplit(":", 1)[1])] = not record.header.deleted
    spent = time.monotonic() - start
    public = set(Document.objects.public().values_list("pk", flat=True))
    here = {pk for pk, kept in state.items() if kept}
    assert not public - here, f"{len(public - here)} documents missed"
    assert not here - public, f"{len(here - public)} documents that went were not told"
    return f"{count} documents, {changes} changes: {given} records in {spent:.0f} s, {given / spent:.0f} a second, none missed"


def change(number: int, pks: list[int]) -> None:
    """Save, withdraw or add a document: somewhere in what was given, or in what was not."""
    from resources.models import Document

    document = Document.objects.get(pk=pks[number * 7919 % len(pks)])
    if number % 3 == 1:
        document.status = Document.Status.WITHDRAWN
    elif number % 3 == 2:
        document.pk, document.slug, document.number = None, "", None
        document._state.adding = True
    document.save()


if __name__ == "__main__":
    main()
