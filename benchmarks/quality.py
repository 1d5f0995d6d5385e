"""How well the right records come first: the scores of tests/core/retrieval, by class of query.

    python benchmarks/quality.py

For each set of queries of tests/data/retrieval: in plain then messy typography, then without the thesaurus.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trajectoire.settings")
os.environ["DATABASE_URL"] = "sqlite://:memory:"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="quality-")

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from tests.core.retrieval import test_quality as quality  # noqa: E402
from trajectoire.core.search import synonyms  # noqa: E402

PLAIN, MESSY = quality.FORMS
COLUMNS = {
    "given": (PLAIN, quality.DEV, True),
    "given, messy": (MESSY, quality.DEV, True),
    "given, no thesaurus": (PLAIN, quality.DEV, False),
    "own": (PLAIN, quality.OWN, True),
    "own, messy": (MESSY, quality.OWN, True),
    "own, no thesaurus": (PLAIN, quality.OWN, False),
    "once": (PLAIN, quality.ONCE, True),
    "once, messy": (MESSY, quality.ONCE, True),
    "once, no thesaurus": (PLAIN, quality.ONCE, False),
}


def measure(form: str, queries: str, thesaurus: bool) -> tuple[dict[str, str], int]:
    """Each score as text, nDCG@10 for a class; how many queries."""
    files = list(synonyms.FILES)
    if not thesaurus:
        synonyms.FILES.clear()
    quality.forget_words()
    found, classes = quality.scores(quality.fill(form), queries)
    synonyms.FILES[:] = files
    by_class = {f"{name} ({len(values)})": sum(values) / len(values) for name, values in sorted(classes.items())}
    rows = {"nDCG@10": found["ndcg"], "recall@20": found["recall"], "success@1": found["first"], "empty": found["empty"]}
    return {name: f"{value:.3f}" for name, value in {**rows, **by_class}.items()}, sum(map(len, classes.values()))


def main() -> None:
    call_command("migrate", verbosity=0)
    for queries in (quality.DEV, quality.OWN, quality.ONCE):
        tables = {label: measure(*column) for label, column in COLUMNS.items() if column[1] == queries}
        [count] = {count for _, count in tables.values()}
        print(f"\n| {count} queries, by class | " + " | ".join(tables) + " |\n|---" + "|---" * len(tables) + "|")
        first, _ = next(iter(tables.values()))
        for name in first:
            print(f"| {name} | " + " | ".join(table[name] for table, _ in tables.values()) + " |")


if __name__ == "__main__":
    main()
