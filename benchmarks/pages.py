"""CPU per request of the main pages as the library grows, as a ratio to an empty view of the same run.

    python benchmarks/pages.py --counts 120 10000 [--repeat 30]

Requests go through the whole stack of the site (middlewares, templates, search) without a network; time is the CPU time of
this process. Each count has its own folder and SQLite database, or DATABASE_URL's if one is given (it must be empty).
Prints a Markdown table.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = "/ressources/"
PAGES = {
    "liste, toutes les facettes": LIST,
    "liste filtrée": "/ressources/?theme=education&territoire=25",
    "liste, un mot": "/ressources/?q=m%C3%A9diation",
    "accueil": "/",
    "recherche": "/recherche/?q=m%C3%A9diation",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[120, 10_000])
    parser.add_argument("--repeat", type=int, default=30)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.repeat)))
        return
    print(table({count: in_own_process(count, options.repeat) for count in options.counts}))


def in_own_process(count: int, repeat: int) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        environment = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
        steps = [["migrate"], ["load_reference"], ["load_types"], ["load_pages"], ["make_documents", "--count", str(count)]]
        for step in steps:
            command = [sys.executable, "manage.py", *step, "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, __file__, "--measure", "--repeat", str(repeat)]
        answer = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def measure(repeat: int) -> dict[str, list[float]]:
    """{page: [milliseconds of CPU, bytes]}, medians; the empty view under the name « vide »."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.contrib.auth.decorators import login_not_required
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import path

    from resources.models import Document
    from trajectoire import urls

    urls.urlpatterns.append(path("vide/", login_not_required(lambda request: HttpResponse("Bonjour"))))
    document = Document.objects.published().order_by("pk")[Document.objects.published().count() // 2]
    pages = {"vide": "/vide/", **PAGES, "document": document.get_absolute_url()}
    client = Client(SERVER_NAME="localhost")
    times: dict[str, list[float]] = {name: [] for name in pages}
    weights = {}
    for turn in range(repeat + 3):  # pages in turn, so that a busy moment weighs on all of them; the first turns fill caches
        for name, address in pages.items():
            start = time.process_time()
            response = client.get(address)
            spent = time.process_time() - start
            assert response.status_code == 200, f"{address} answered {response.status_code}"
            weights[name] = len(response.content)
            if turn >= 3:
                times[name].append(spent * 1000)
    return {name: [statistics.median(spent), weights[name]] for name, spent in times.items()}


def table(results: dict[int, dict[str, list[float]]]) -> str:
    counts = list(results)
    heads = [f"{spaced(count)} documents" for count in counts]
    lines = ["| page | " + " | ".join(heads) + " | croissance |", "|---|" + "--:|" * (len(counts) + 1)]
    for name in results[counts[0]]:
        cells = [f"{number(results[c][name][0])} ms (× {number(results[c][name][0] / results[c]['vide'][0])})" for c in counts]
        growth = results[counts[-1]][name][0] / results[counts[0]][name][0]
        lines.append(f"| {name} | {' | '.join(cells)} | × {number(growth)} |")
    return "\n".join(lines)


def number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def spaced(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


if __name__ == "__main__":
    main()
