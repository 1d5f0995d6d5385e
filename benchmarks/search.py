"""Search at 1 000, 100 000 and 1 000 000 documents: CPU per query, update, rebuild, size. Ratios within one run.

    python benchmarks/search.py 1000 100000 [1000000]

Documents are generated with the frequencies of words of a real language (Zipf) and realistic facets; each one is an entry as
an app would give it. The database is SQLite in memory and holds one row a document. Figures go to standard output.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trajectoire.settings")
os.environ["DATABASE_URL"] = "sqlite://:memory:"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="benchmark-")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from trajectoire.core import search  # noqa: E402
from trajectoire.core.models import Page  # noqa: E402
from trajectoire.core.search import declarations, engine, storage  # noqa: E402

COMMON = """quartier ville habitant politique jeune social action projet logement emploi éducation santé association participation
rénovation urbaine prévention laïcité insertion formation territoire commune réseau partenaire accompagnement médiation culture sport
mobilité égalité femmes discriminations mémoire écologie évaluation contrat conseil citoyen école famille parents droit accès
numérique service public élus agents bailleurs tranquillité sécurité animation atelier rencontre journée étude fiche expérience""".split()  # noqa: SIM905
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi lo ma ne pi ro su ta ve mi go ca de".split()  # noqa: SIM905
FACETS = ("type", "theme", "territory", "audience", "year")
REPEATS = 30
BATCH = 5_000


def vocabulary(chosen: random.Random, size: int = 40_000) -> list[str]:
    made = {"".join(chosen.choices(SYLLABLES, k=chosen.randint(2, 5))) for _ in range(size)}
    return [*COMMON, *sorted(made)]


class Generator:
    """The same documents at each run."""

    def __init__(self) -> None:
        chosen = random.Random(21)
        self.words = vocabulary(chosen)
        self.weights = list(accumulate(1 / (rank + 8) for rank in range(len(self.words))))

    def text(self, chosen: random.Random, count: int) -> str:
        return " ".join(chosen.choices(self.words, cum_weights=self.weights, k=count))

    def entry(self, pk: int) -> search.Entry:
        chosen = random.Random(pk)
        day = date(2006, 1, 1) + timedelta(days=chosen.randrange(7_000))
        department = chosen.choice(["21", "25", "39", "58", "70", "71", "89", "90"])
        facets = {
            "type": [f"type-{int(chosen.triangular(0, 22, 2))}"],
            "theme": list({f"theme-{int(chosen.triangular(0, 29, 3))}" for _ in range(2)}),
            "territory": ["27", department, f"{department}{chosen.randrange(400):03}"],
            "audience": list({f"public-{chosen.randrange(19)}" for _ in range(2)}),
            "year": [str(day.year)],
        }
        title = self.text(chosen, 8)
        return search.Entry(
            pk=pk,
            title=title,
            summary=self.text(chosen, 40),
            body=self.text(chosen, 120),
            names=self.text(chosen, 2),
            access="formateurs" if chosen.random() < 0.05 else "public",
            facets=facets,
            date=day,
            url=f"/d/{pk}/",
            jump="Document",
        )


def load(count: int, generator: Generator) -> None:
    declarations._sources.clear()
    search.register(
        search.Source("document", "Documents", lambda: Page.objects.order_by("pk"), lambda page: generator.entry(page.pk))
    )
    Page.objects.all().delete()
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        Page.objects.bulk_create([Page(pk=start + n + 1, slug=f"d{start + n}", title="d") for n in range(size)])


def cpu(work) -> float:
    """The median CPU time of a call, in milliseconds."""
    work()
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1_000)
    return sorted(times)[REPEATS // 2]


def questions() -> Iterator[tuple[str, search.Query]]:
    yield "three words, 5 facets, 20 results, excerpts", search.Query("rénovation mobilité parents", facets=FACETS)
    yield (
        "three words, a theme and a year chosen",
        search.Query("rénovation mobilité parents", filters={"theme": ["theme-3"], "year": ["2018", "2019"]}, facets=FACETS),
    )
    yield "very common word, 5 facets", search.Query("quartier", facets=FACETS)
    yield "three very common words, 5 facets", search.Query("quartier ville habitant", facets=FACETS)
    yield "everything by date, 5 facets", search.Query(facets=FACETS, sort="date")
    yield "everything by title, page 100", search.Query(sort="titre", page=100)
    yield "a typing error", search.Query("rénovaton")


def measure(count: int, generator: Generator) -> dict[str, float]:
    settings.SEARCH_INDEX_DIR = Path(tempfile.mkdtemp(prefix="index-"))
    load(count, generator)
    start = time.perf_counter()
    search.rebuild(workers=1)
    figures = {"rebuild (s)": time.perf_counter() - start}
    folder = storage.current()
    figures["size on disk (MB)"] = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    engine.forget()
    start = time.perf_counter()
    engine.opened()
    figures["opening (ms)"] = (time.perf_counter() - start) * 1_000
    for label, asked in questions():
        figures[f"{label} (ms)"] = cpu(lambda asked=asked: search.query(asked))
    figures["suggestion, three letters (ms)"] = cpu(lambda: search.suggest("réno", frozenset({"public"})))
    figures["related documents (ms)"] = cpu(lambda: search.similar("document", 7, frozenset({"public"})))
    figures["one document updated and found (ms)"] = cpu(lambda: search.record_change("document", 7))
    return figures


def main(sizes: list[int]) -> None:
    call_command("migrate", verbosity=0)
    generator = Generator()
    tables = {}
    for size in sizes:
        tables[size] = measure(size, generator)
        print(json.dumps({size: tables[size]}), flush=True)
    print(f"\n| CPU, median of {REPEATS} | " + " | ".join(f"{size:,}" for size in sizes) + " | ratio |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for label in tables[sizes[0]]:
        values = [tables[size][label] for size in sizes]
        print(f"| {label} | " + " | ".join(f"{value:.1f}" for value in values) + f" | {values[-1] / max(values[0], 1e-9):.1f} |")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 100_000])
