"""The whole site exported, backed up, sealed, restored on SQLite and on PostgreSQL: time and peak memory of each command.

    python benchmarks/moving.py 10000

Each document has a file of 50 kB that cannot be compressed; each step is the command that staff would run, its start included.
PostgreSQL is that of the tests (`tests/postgres.py`). The sum of the content is the same at each step, or it stops.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import server  # noqa: E402

SIZE = 50_000
PREPARE = (["migrate"], ["load_reference"], ["load_types"], ["load_roles"], ["load_pages"])


def run(environment: dict[str, str], *words: str) -> tuple[str, str]:
    """A line of the table, and the sum of the content when the command says it."""
    start = time.monotonic()
    command = [sys.executable, "manage.py", *words]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss // 1000
    told = re.search(r"[0-9a-f]{64}", said)
    return f"{words[0]:12} {time.monotonic() - start:6.1f} s, CPU {cpu:6.1f} s, {memory} MB", told[0] if told else ""


def site(folder: Path, **more: str) -> dict[str, str]:
    return (
        os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "trajectoire.settings", "PYTHONWARNINGS": "ignore"} | more
    )


def attach_files() -> None:
    """One to each document, of this site."""
    import django

    django.setup()
    from django.core.files.base import ContentFile

    from resources.models import Document, DocumentFile

    made = []
    for pk in Document.objects.filter(files=None).values_list("pk", flat=True):
        file = DocumentFile(document_id=pk, name=f"{pk}.pdf", label="PDF", content_type="application/pdf", size=SIZE)
        file.file.save(f"{pk}.pdf", ContentFile(os.urandom(SIZE)), save=False)
        made.append(file)
    DocumentFile.objects.bulk_create(made)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        first = site(folder / "un")
        for step in (*PREPARE, ["make_documents", "--count", str(count)]):
            run(first, *step, "--verbosity", "0")
        subprocess.run([sys.executable, __file__, "--attach"], env=first, cwd=ROOT, check=True)
        key, public = keys(folder)
        archive, backups = str(folder / "site.zip"), folder / "sauvegardes"
        sums = [show("SQLite", run(first, "export_site", archive, "--complete"))]
        show("SQLite", run(first, "backup", str(backups)))
        sums.append(show("SQLite, sealed", run(first | {"BACKUP_KEY": public}, "backup", str(backups))))
        (folder / "un" / "media").rename(folder / "un" / "parti")
        sealed = str(next(backups.glob("*.age")))
        with server() as url:
            for title, target in (("SQLite", site(folder / "deux")), ("PostgreSQL", site(folder / "trois", DATABASE_URL=url))):
                for step in PREPARE:
                    run(target, *step, "--verbosity", "0")
                sums.append(show(f"to {title}", run(target, "restore", sealed, "--identity", str(key))))
            sums.append(show("PostgreSQL", run(target, "export_site", archive, "--complete")))
        assert len(set(sums)) == 1, sums
        print(f"{(Path(sealed).stat().st_size) // 1_000_000} MB, the same sum everywhere: {sums[0][:12]}…")


def keys(folder: Path) -> tuple[Path, str]:
    from pyrage import x25519

    identity, path = x25519.Identity.generate(), folder / "key.txt"
    path.write_text(str(identity))
    return path, str(identity.to_public())


def show(where: str, outcome: tuple[str, str]) -> str:
    print(f"{where:16} {outcome[0]}", flush=True)
    return outcome[1]


if __name__ == "__main__":
    if sys.argv[1:] == ["--attach"]:
        attach_files()
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
