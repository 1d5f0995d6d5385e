"""Large files brought in: time and peak memory of the dry run, of the import, of the same import again.

    python benchmarks/imports.py                       # a WXR of 20 MB, 1 000 structures
    python benchmarks/imports.py --wxr 500 --read      # read only, as the dry run reads it, without a database
    python benchmarks/imports.py --lines 100000

The WXR is made of posts of 14 kB, one in fifty of 230 kB; the table as a spreadsheet of Windows writes it (cp1252, semicolons).
Each step is the command that staff would run.
"""

import argparse
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
STEPS = {"dry run": ["--essai"], "import": [], "the same again": []}
SITE = "https://ancien.example"
HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Grand</title><link>{SITE}</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>{SITE}</wp:base_blog_url>
"""
POST = """<item><title>Article {number}</title><link>{site}/a-{number}/</link><content:encoded><![CDATA[{body}]]></content:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>2019-01-01 10:00:00</wp:post_date><wp:post_name>a-{number}</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="sante"><![CDATA[Santé]]></category></item>
"""
PARAGRAPH = (
    "<!-- wp:paragraph --><p>Été comme hiver, on se retrouve autour d’un café, au pied des tours.</p><!-- /wp:paragraph -->\n"
)
READ = """
import django, sys
django.setup()
from resources.importing.wordpress.records import read
print(sum(1 for _ in read(sys.argv[1], {})), "contents")
"""


def write_table(path: Path, count: int) -> None:
    chance = random.Random(7)
    with gzip.open(COMMUNES, "rt", encoding="utf-8", newline="") as file:
        communes = [row["nom"] for row in csv.DictReader(file)]
    with path.open("w", encoding="cp1252", errors="ignore", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["Nom", "Commune", "Courriel", "Thèmes"])
        for number in range(count):
            name = f"{chance.choice(KINDS)} {chance.choice(SUBJECTS)} {number}"
            rows.writerow([name, chance.choice(communes), f"a{number}@example.org", "Santé"])


def write_site(path: Path, megabytes: int) -> None:
    number = written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        while written < megabytes * 1_000_000:
            number += 1
            post = POST.format(number=number, site=SITE, body=PARAGRAPH * (2000 if number % 50 == 0 else 120))
            file.write(post)
            written += len(post.encode())
        file.write("</channel></rss>\n")


def run(environment: dict[str, str], *words: str) -> tuple[float, float, int, str]:
    """Elapsed and CPU seconds, peak memory in MB, the last line said."""
    start = time.monotonic()
    command = [sys.executable, *words]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = (process.stdout.read() if process.stdout else "").strip().splitlines()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss // 1000, said[-1] if said else ""


def show(title: str, told: tuple[float, float, int, str]) -> None:
    elapsed, cpu, memory, said = told
    print(f"{title:30} {elapsed:6.1f} s, CPU {cpu:6.1f} s, {memory} MB: {said}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--wxr", type=int, default=20, help="megabytes")
    asked.add_argument("--lines", type=int, default=1000)
    asked.add_argument("--read", action="store_true", help="only read the WXR")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        environment = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings", "PYTHONPATH": str(ROOT)}
        site, table = Path(folder) / "site.xml", Path(folder) / "structures.csv"
        write_site(site, given.wxr)
        if given.read:
            show(f"WXR {given.wxr} MB, read", run(environment, "-c", READ, str(site)))
            return
        for step in ("migrate", "load_reference", "load_types"):
            run(environment, "manage.py", step)
        write_table(table, given.lines)
        for title, more in STEPS.items():
            show(f"WXR {given.wxr} MB, {title}", run(environment, "manage.py", "import_wordpress", str(site), *more))
        bring = ("manage.py", "import_table", str(table), "--format", "structures", "--option", "source=Essai")
        for title, more in STEPS.items():
            show(f"{given.lines} structures, {title}", run(environment, *bring, *more))


if __name__ == "__main__":
    main()
