"""Structures brought in from a large CSV: time and peak memory of the dry run, of the import, of the same import again.

    python benchmarks/imports.py 1000 100000

The file is written as a spreadsheet of Windows writes it (cp1252, semicolons); each step is the command that staff would run.
"""

import csv
import gzip
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMUNES = ROOT / "network" / "data" / "communes_bfc.csv.gz"
KINDS = ("Association", "Maison", "Centre", "Régie", "Union", "Collectif", "Amicale", "Foyer", "Club", "Atelier")
SUBJECTS = ("des habitants", "de quartier", "pour l’emploi", "des jeunes", "de la culture", "du livre", "de la médiation")
STEPS = {"dry run": ["--dry-run"], "import": [], "the same again": []}


def write(path: Path, count: int) -> None:
    chance = random.Random(7)
    with gzip.open(COMMUNES, "rt", encoding="utf-8", newline="") as file:
        communes = [row["nom"] for row in csv.DictReader(file)]
    with path.open("w", encoding="cp1252", errors="ignore", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["Nom", "Commune", "Courriel", "Thèmes"])
        for number in range(count):
            name = f"{chance.choice(KINDS)} {chance.choice(SUBJECTS)} {number}"
            rows.writerow([name, chance.choice(communes), f"a{number}@example.org", "Santé"])


def run(environment: dict[str, str], *words: str) -> tuple[float, float, int, str]:
    """Elapsed and CPU seconds, peak memory in MB, the last line said."""
    start = time.monotonic()
    command = [sys.executable, "manage.py", *words]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = (process.stdout.read() if process.stdout else "").strip().splitlines()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss // 1000, said[-1] if said else ""


def main(counts: list[int]) -> None:
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            environment = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
            for step in ("migrate", "load_reference"):
                run(environment, step)
            path = Path(folder) / "structures.csv"
            write(path, count)
            for title, more in STEPS.items():
                elapsed, cpu, memory, said = run(environment, "import_organisations", str(path), "--source", "Essai", *more)
                print(f"{count:7} {title:15} {elapsed:6.1f} s, CPU {cpu:6.1f} s, {memory} MB: {said}", flush=True)


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [1_000, 100_000])
