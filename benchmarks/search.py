"""Search at 1 000, 100 000 and 1 000 000 documents: CPU of a query, of an update, of a rebuild, size; ratios of one run.

    python benchmarks/search.py [--folder FOLDER] [--workers N] [--readers 20] 1000 100000 [1000000]

Documents come from corpus.py, as entries an app would give. Each size has its own process, SQLite database and index, in a
folder that is removed at the end, unless one is given: what is already there is then measured again without being rebuilt.
Times are CPU times of this process (medians), so that another one at work beside it changes little. Prints a Markdown table.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FACETS = ("type", "theme", "territory", "audience", "year")
OTHER_KINDS = ("event", "initiative", "organisation", "page", "person", "territory", "theme")  # declared, and empty
REPEATS, PATIENCE = 30, 20.0
PAUSE = 0.25  # seconds between two pages of one reader: twenty of them keep both cores busy
SAVES = 3
WORDS = "rénovation mobilité parents"
INSERT = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
INSERT INTO core_page ({columns}) SELECT {values} FROM n"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[1_000, 100_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--step", choices=["measure", "ready"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        set_up(options.folder)
        print(json.dumps(ready() if options.step == "ready" else measure(options)))
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        tables = {size: in_own_process(options, options.folder or Path(folder), size) for size in options.sizes}
    print(table(tables))


def in_own_process(options: argparse.Namespace, folder: Path, size: int) -> dict[str, float]:
    where = (folder / str(size)).resolve()
    where.mkdir(parents=True, exist_ok=True)
    given = ["--workers", str(options.workers), "--readers", str(options.readers), "--folder", str(where), str(size)]
    command = [sys.executable, __file__, "--step", "measure", *given]
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    print({size: answer.stdout.splitlines()[-1]}, file=sys.stderr, flush=True)
    return json.loads(answer.stdout.splitlines()[-1])


def set_up(folder: Path) -> None:
    """Django on the database and the index of this folder, with one kind that has documents."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "trajectoire.settings", "VAR_DIR": str(folder)}
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'documents.sqlite3'}"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from corpus import Corpus

    from trajectoire.core import search
    from trajectoire.core.models import Page
    from trajectoire.core.search import declarations

    corpus = Corpus()
    declarations._sources.clear()
    search.register(
        search.Source("document", "Documents", lambda: Page.objects.order_by("pk"), lambda page: corpus.entry(page.pk))
    )
    for kind in OTHER_KINDS:
        search.register(search.Source(kind, kind, Page.objects.none, lambda page: None))
    search.set_synonyms(corpus.synonyms)


def ready() -> dict[str, float]:
    """In a process that has just started: until the index can be read, and until it has answered."""
    from trajectoire.core import search
    from trajectoire.core.search import engine

    start = time.perf_counter()
    engine.opened()
    opened = time.perf_counter()
    search.query(search.Query(WORDS, facets=FACETS))
    return {"opened": (opened - start) * 1_000, "answered": (time.perf_counter() - start) * 1_000}


def measure(options: argparse.Namespace) -> dict[str, float]:
    from trajectoire.core import search
    from trajectoire.core.search import storage

    figures = built(options)
    figures["size on disk (MB)"] = sum(path.stat().st_size for path in storage.current().iterdir()) / 1e6
    command = [sys.executable, __file__, "--step", "ready", "--folder", str(options.folder)]
    starts = [json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout) for _ in range(5)]
    figures["index ready after a start (ms, elapsed)"] = statistics.median(start["opened"] for start in starts)
    for label, asked in questions():
        figures[f"{label} (ms)"] = cpu(lambda asked=asked: search.query(asked))
    again = search.Query(WORDS, facets=FACETS)
    figures["the same three words again, or their second page (ms)"] = cpu(lambda: search.query(again), forgetting=False)
    reader = frozenset({"public"})
    figures["suggestion, three letters (ms)"] = cpu(lambda: search.suggest("réno", reader))
    figures["related documents (ms)"] = cpu(lambda: search.similar("document", 7, reader))
    figures["one document updated (ms)"] = cpu(lambda: search.record_change("document", 7))
    return figures | crowd(options.readers)


def built(options: argparse.Namespace) -> dict[str, float]:
    """The database and the index, made if they are not there; what making the index cost."""
    from django.core.management import call_command
    from django.db import connection

    from trajectoire.core import search
    from trajectoire.core.models import Page
    from trajectoire.core.search import storage

    call_command("migrate", verbosity=0)
    notes, [size] = options.folder / "rebuild.json", options.sizes
    if Page.objects.count() != size:
        Page.objects.all().delete()
        columns = [field.column for field in Page._meta.concrete_fields]
        values = {"id": "i", "slug": "'d' || i", "title": "'d'", **dict.fromkeys(("created_at", "updated_at"), "'2026-01-01'")}
        with connection.cursor() as cursor:
            given = ", ".join(values.get(column, "''") for column in columns)
            cursor.execute(INSERT.format(columns=", ".join(columns), values=given), [size])
    try:
        storage.current()
    except search.Unavailable:
        start = os.times()
        search.rebuild(workers=options.workers)
        end = os.times()
        spent = sum(end[:4]) - sum(start[:4])
        notes.write_text(json.dumps({"rebuild (s)": spent, "rebuild (s, elapsed)": end.elapsed - start.elapsed}))
    return json.loads(notes.read_text())


def questions() -> Iterator[tuple[str, "object"]]:
    from trajectoire.core.search import Query

    yield "three words, 5 facets, 20 results, excerpts", Query(WORDS, facets=FACETS)
    chosen = {"theme": ["theme-3"], "year": ["2018", "2019"]}
    yield "three words, a theme and years chosen", Query(WORDS, filters=chosen, facets=FACETS)
    yield "very common word, 5 facets", Query("quartier", facets=FACETS)
    yield "three very common words, 5 facets", Query("quartiers ville habitants", facets=FACETS)
    yield "abbreviation of a common expression (QPV), 5 facets", Query("QPV", facets=FACETS)
    yield "two words and one that nobody wrote", Query("rénovation mobilité zzyzx", facets=FACETS)
    yield "a typing error", Query("rénovaton", facets=FACETS)
    yield "everything by date, 5 facets", Query(facets=FACETS, sort="date")
    yield "everything by title, page 100", Query(sort="titre", page=100)


def cpu(work: Callable[[], object], *, forgetting: bool = True) -> float:
    """The median CPU time of a call, in milliseconds; the engine's memory of answers is emptied before each."""
    from trajectoire.core.search import remembering

    work()
    times, deadline = [], time.monotonic() + PATIENCE
    while len(times) < REPEATS and (time.monotonic() < deadline or len(times) < 3):
        if forgetting:
            remembering.forget()
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1_000)
    return statistics.median(times)


def crowd(readers: int) -> dict[str, float]:
    """Readers who search, each in its process, first alone, then while documents are saved (elapsed times)."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    waits: dict[str, list[float]] = {"alone": [], "saving": []}
    found: list[float] = []
    for name, times in waits.items():
        stop, said = context.Event(), context.SimpleQueue()
        team = [context.Process(target=read, args=(stop, said)) for _ in range(readers)]
        for one in team:
            one.start()
        if name == "saving":
            found = [saved_and_found() for _ in range(SAVES)]
        else:
            time.sleep(10)
        stop.set()
        for _ in team:
            times.extend(said.get())
        for one in team:
            one.join()
    return {
        f"a query among {readers} readers (ms, elapsed)": statistics.median(waits["alone"]),
        f"a query among {readers} readers, documents being saved (ms, elapsed)": statistics.median(waits["saving"]),
        f"saved document found by others, {readers} readers (s, elapsed, worst of {SAVES})": max(found),
    }


def read(stop, said) -> None:
    """A reader: the time each page took, in milliseconds."""
    from trajectoire.core import search
    from trajectoire.core.search import engine

    engine.forget()
    times = []
    while not stop.is_set():
        start = time.perf_counter()
        search.query(search.Query(WORDS, facets=FACETS))
        times.append((time.perf_counter() - start) * 1_000)
        time.sleep(PAUSE)
    said.put(times)


def saved_and_found() -> float:
    """Save one document; the seconds until another process finds it as it is now."""
    from django.db import connections

    context = multiprocessing.get_context("fork")
    before, seen = context.Event(), context.SimpleQueue()
    connections.close_all()
    watcher = context.Process(target=watch, args=(before, seen))
    watcher.start()
    before.wait(60)
    from trajectoire.core import search

    start = time.time()
    search.record_change("document", 7)
    end = seen.get()
    watcher.join()
    return end - start


def watch(before, seen) -> None:
    """Wait for another state of the index than the present one."""
    from trajectoire.core import search
    from trajectoire.core.search import engine

    engine.forget()
    search.query(search.Query(WORDS))
    last = engine.opened().state.last
    before.set()
    while engine.opened().state.last == last:
        search.query(search.Query(WORDS))
    seen.put(time.time())


def table(tables: dict[int, dict[str, float]]) -> str:
    sizes = list(tables)
    lines = [f"| CPU, median of {REPEATS} | " + " | ".join(f"{size:,}" for size in sizes) + " | ratio |"]
    lines.append("|---|" + "---|" * (len(sizes) + 1))
    for label in tables[sizes[0]]:
        values = [tables[size][label] for size in sizes]
        shown = " | ".join(f"{value:.1f}" for value in values)
        lines.append(f"| {label} | {shown} | {values[-1] / max(values[0], 1e-9):.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
