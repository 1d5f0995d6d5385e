"""Bringing a catalogue of so many records: seconds of processor, minutes, peak memory of the command; as UNIMARC and as a table.

    python benchmarks/importing.py 10000 100000

Each format in a folder and a SQLite database of its own (or the one of DATABASE_URL, that must be empty and migrated), by the command
`import_catalogue`, start of the program included: imported, then brought again, when nothing may change. Prints Markdown rows.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORDS = [
    "quartiers",
    "habitants",
    "conseils",
    "citoyens",
    "école",
    "mobilités",
    "santé",
    "emploi",
    "logement",
    "jeunesse",
    "médiation",
    "égalité",
    "laïcité",
    "culture",
    "sport",
    "rénovation",
    "participation",
    "prévention",
    "insertion",
    "numérique",
    "précarité",
    "associations",
    "territoires",
    "contrats",
    "évaluation",
    "récits",
    "paroles",
    "enfance",
    "parentalité",
    "discriminations",
    "mémoires",
    "accueil",
    "accès",
    "droits",
    "santé",
    "espaces",
    "publics",
    "commerce",
    "artisanat",
    "tranquillité",
]
NAMES = [
    "Vauthier",
    "Martin",
    "Müller",
    "Lefèvre",
    "Nguyen",
    "Çelik",
    "Benoît",
    "Dupont",
    "Garcia",
    "Diallo",
    "Rossi",
    "Perrin",
    "Girard",
    "Moreau",
]
FIRST = ["Ana", "Léo", "Zoë", "Karim", "Noémie", "Inès", "Théo", "Chloé", "Amina", "Jules"]


def books(count: int) -> Iterator[dict[str, str]]:
    """Titles, authors, years that look like those of a centre, always the same."""
    chance = random.Random(25)
    for number in range(count):
        yield {
            "key": str(number),
            "title": f"{' '.join(chance.choices(WORDS, k=6)).capitalize()} ({number})",
            "author": chance.choice(NAMES),
            "first": chance.choice(FIRST),
            "publisher": f"Centre {chance.choice(WORDS)}",
            "date": str(chance.randint(1980, 2024)),
            "pages": f"{chance.randint(8, 400)} p.",
            "subject": chance.choice(WORDS),
            "summary": " ".join(chance.choices(WORDS, k=25)),
        }


def unimarc(path: Path, count: int) -> None:
    from pymarc import Field, Indicators, Record, Subfield

    def field(tag: str, **parts: str) -> Field:
        return Field(tag, Indicators(" ", " "), [Subfield(code, text) for code, text in parts.items()])

    with path.open("wb") as out:
        for book in books(count):
            notice = Record(force_utf8=True)
            notice.add_field(Field("001", data=book["key"]))
            notice.add_field(field("100", a="20130402d2012    u  y0frey50      ba"), field("101", a="fre"))
            notice.add_field(field("200", a=book["title"], f=f"{book['first']} {book['author']}"))
            notice.add_field(field("210", a="Besançon", c=book["publisher"], d=book["date"]), field("215", a=book["pages"]))
            notice.add_field(field("330", a=book["summary"]), field("606", a=book["subject"]))
            notice.add_field(field("700", a=book["author"], b=book["first"]))
            out.write(notice.as_marc())


def table(path: Path, count: int) -> None:
    with path.open("w", encoding="cp1252", errors="replace", newline="") as out:
        out.write("Identifiant;Titre;Auteur;Éditeur;Date;Pages;Thèmes;Résumé\r\n")
        for book in books(count):
            author = f"{book['author']}, {book['first']}"
            cells = [book[name] for name in ("key", "title", "publisher", "date", "pages", "subject", "summary")]
            out.write(";".join([*cells[:2], author, *cells[2:]]) + "\r\n")


FORMATS = {"unimarc": ("catalogue.mrc", unimarc), "documents": ("catalogue.csv", table)}


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float, float, str]:
    """(seconds of processor, seconds, peak memory in MB, what it said) of a child, with what it started."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    said = child.stdout.read()  # type: ignore[union-attr]
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(said)
    return used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024, said.split("\n", 1)[0]


def main(counts: list[int]) -> None:
    for name, (file, make) in FORMATS.items():
        for count in counts:
            with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
                environment = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
                for step in (["migrate"], ["load_reference"], ["load_types"]):
                    command = [sys.executable, "manage.py", *step, "--verbosity", "0"]
                    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
                path = Path(folder) / file
                make(path, count)
                for what in ("import", "le même, une seconde fois"):
                    order = ["import_catalogue", str(path), "--format", name]
                    processor, elapsed, memory, said = measured(order, environment)
                    cells = f"{name}, {count} | {what} | {processor:.1f} s | {elapsed:.1f} s | {memory:.0f} Mo | {said}"
                    print(f"| {cells} |", flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [10_000])
