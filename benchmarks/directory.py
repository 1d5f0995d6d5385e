"""The directory as it grows: CPU of its pages, of one saved entry found again, of the search for duplicates.

    python benchmarks/directory.py 250 20000

Each count has its own folder and SQLite database. Requests go through the whole site, without a network; medians of 20.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "list, all facets": "/reseau/",
    "list, filtered": "/reseau/?nature=structures&territoire=25&theme=education",
    "list, a word": "/reseau/?q=m%C3%A9diation",
    "list, page 100": "/reseau/?page=100",
    "an entry": "/reseau/o-7/",
}


def main(counts: list[int]) -> None:
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            environment = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
            for step in (["migrate"], ["load_reference"], ["load_pages"]):
                command = [sys.executable, "manage.py", *step, "--verbosity", "0"]
                subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
            subprocess.run([sys.executable, __file__, "--measure", str(count)], cwd=ROOT, env=environment, check=True)


def fill(count: int) -> None:
    """So many organisations, each with two territories, two themes, an offer and an audience."""
    from django.utils import timezone

    from network.models import Audience, DirectoryAddress, Offer, Organisation, OrganisationKind, Territory, Theme

    kinds, words = OrganisationKind.values, ("médiation", "jeunesse", "régie", "atelier", "maison", "jardin", "radio", "vélo")
    made = Organisation.objects.bulk_create(
        (
            Organisation(
                name=f"{words[n % 8].capitalize()} {words[n // 8 % 8]} de la ville {n}",
                slug=f"o-{n}",
                kind=kinds[n % len(kinds)],
                summary=f"Une structure de {words[n % 8]} et de {words[n // 3 % 8]}, numéro {n}.",
                published_at=timezone.now(),
            )
            for n in range(count)
        ),
        batch_size=1000,
    )
    DirectoryAddress.objects.bulk_create((DirectoryAddress(slug=o.slug, organisation=o) for o in made), batch_size=1000)
    for name, model, each in (
        ("territories", Territory, 2),
        ("themes", Theme, 2),
        ("offers", Offer, 1),
        ("audiences", Audience, 1),
    ):
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        link = getattr(Organisation, name).through
        column = f"{model.__name__.lower()}_id"
        rows = {(o.pk, keys[(n * 7 + k * 3) % len(keys)]) for n, o in enumerate(made) for k in range(each)}
        link.objects.bulk_create((link(organisation_id=a, **{column: b}) for a, b in sorted(rows)), batch_size=1000)


def measure(count: int) -> None:
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.test import Client

    from network.duplicates import Known
    from network.models import Organisation
    from trajectoire.core import search

    start = time.process_time()
    fill(count)
    print(f"\n{count} entries, made in {time.process_time() - start:.1f} s of CPU; ", end="")
    start = time.process_time()
    search.rebuild()
    print(f"indexed in {time.process_time() - start:.1f} s\n")
    client = Client(headers={"host": "localhost"})
    for name, path in PAGES.items():
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        print(f"{name:22} {milliseconds(lambda path=path: client.get(path)):7.1f} ms")
    entry = Organisation.objects.get(slug="o-7")
    print(f"{'saved, then found':22} {milliseconds(lambda: (entry.save(), client.get('/reseau/?q=jardin'))):7.1f} ms")
    print(f"{'duplicates, reading':22} {milliseconds(Known.read, 3):7.1f} ms")
    known = Known.read()
    print(f"{'duplicates, a name':22} {milliseconds(lambda: known.likely('Médiation jeunesse de la ville')):7.1f} ms", flush=True)


def milliseconds(act: Callable[[], object], times: int = 20) -> float:
    taken = []
    for _ in range(times):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return 1000 * statistics.median(taken)


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure(int(sys.argv[-1]))
    else:
        main([int(count) for count in sys.argv[1:]] or [250, 20_000])
