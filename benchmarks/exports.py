"""Time and memory of each export of a large list, from the first row to the last.

    python benchmarks/exports.py [--count 20000 | --folder VAR_DIR]

Each format has its own process, which takes the whole list through the whole stack of the site, without a network, and keeps
nothing of it. « first part » is the time before anything is sent; memory is the growth of the process's peak over what it
needed for an export of nothing. SQLite in a folder of its own, or DATABASE_URL's database if one is given (it must be empty).
Prints a Markdown table.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = "/ressources/"
FORMATS = ["export.csv", "export.ods", "export.xlsx", "export.ris", "export.bib", "export.csl.json"]
PAGED = ["export.json", "flux.atom"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--folder", help="VAR_DIR of a site already filled, in place of a new one")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        environment = os.environ | {"VAR_DIR": options.folder or folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
        if not options.folder:
            fill(environment, options.count)
        lines = [line(name, in_own_process(name, environment)) for name in [*FORMATS, *PAGED]]
    print("| format | first part | whole | CPU | size | memory |\n|---|--:|--:|--:|--:|--:|")
    print("\n".join(lines))


def fill(environment: dict[str, str], count: int) -> None:
    steps = [["migrate"], ["load_reference"], ["load_types"], ["load_pages"], ["make_documents", "--count", str(count)]]
    for step in steps:
        command = [sys.executable, "manage.py", *step, "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def in_own_process(name: str, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", name]
    answer = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def measure(name: str) -> dict[str, float]:
    """Seconds, bytes and kilobytes of one format; every page of those that have pages."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    assert client.get(f"{LIST}{name}?type=inconnu").status_code == 200
    before = peak()
    start, spent = time.monotonic(), time.process_time()
    first, size, address = 0.0, 0, f"{LIST}{name}"
    while address:
        response = client.get(address)
        assert response.status_code == 200, f"{address} answered {response.status_code}"
        first = first or time.monotonic() - start
        size += sum(len(piece) for piece in response) if response.streaming else len(response.content)
        address = following(name, response)
        response.close()
    return {
        "first": first,
        "whole": time.monotonic() - start,
        "cpu": time.process_time() - spent,
        "bytes": size,
        "memory": peak() - before,
    }


def following(name: str, response) -> str:
    """The address of the next page, from the root, or nothing."""
    if name not in PAGED:
        return ""
    if name == "export.json":
        address = response.json()["links"]["next"] or ""
    else:
        found = re.search(r'<link href="([^"]+)" rel="next"', response.content.decode())
        address = found[1].replace("&amp;", "&") if found else ""
    return address and "/" + address.split("/", 3)[3]


def peak() -> int:
    """The most memory this process ever held, in kilobytes (bytes on macOS: not for there)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def line(name: str, found: dict[str, float]) -> str:
    times = " | ".join(f"{found[key]:.1f} s" for key in ("first", "whole", "cpu"))
    pages = ", every page" if name in PAGED else ""
    return f"| {name}{pages} | {times} | {found['bytes'] / 1e6:.1f} MB | {found['memory'] / 1000:.0f} MB |"


if __name__ == "__main__":
    main()
