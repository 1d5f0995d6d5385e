"""How well the right records come first, on the French test sets (tests/data/retrieval), in their plain and messy forms.

`python benchmarks/quality.py` prints the same scores by class of query.
"""

import csv
import json
import math
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tests.core.search.conftest import index  # noqa: F401  (an index of its own)
from trajectoire.core import search
from trajectoire.core.models import Page
from trajectoire.core.search import declarations, synonyms

DATA = Path(__file__).parents[2] / "data" / "retrieval"
GLOSSARY = Path(settings.BASE_DIR) / "network" / "data" / "glossary.csv"
GROUPS = ("type", "theme", "year", "territory", "publisher")
FORMS = ("records.jsonl", "records_messy.jsonl")
DEV, OWN, ONCE = "queries_dev.jsonl", "queries_own.jsonl", "queries_once.jsonl"
# What each set reached when this was written, a little rounded down; the goals were 0.87, 0.90, 0.97 and at most 0.01.
# "bare" is the first set without the thesaurus, which was first written beside it: what the engine does with words it was never told.
FLOORS = {"ndcg": 0.92, "recall": 0.96, "first": 0.975, "empty": 0.0}
ONCE_FLOORS = {"ndcg": 0.88, "recall": 0.96, "first": 0.96, "empty": 0.0}
OWN_FLOORS = {"ndcg": 0.905, "recall": 0.97, "first": 0.97, "empty": 0.0}
BARE_FLOORS = {"ndcg": 0.865, "recall": 0.89, "first": 0.96, "empty": 0.025}


def read(name: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def entry(page: Page) -> search.Entry:
    record = json.loads(page.body)
    year, territories = record["year"], record["territory"]
    values = (record["type"],), record["themes"], (str(year),), territories, (record["publisher"],)
    return search.Entry(
        pk=page.pk,
        title=record["title"],
        summary=record["abstract"],
        themes_text=" ; ".join(record["themes"]),
        places_text=" ; ".join(territories),
        names=record["publisher"] or "",
        date=date(year, 1, 1) if year else None,
        facets=dict(zip(GROUPS, values, strict=True)),
    )


def glossary() -> list[tuple[str, ...]]:
    """The abbreviations of the site, as network gives them to the engine."""
    with GLOSSARY.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [(row["abbreviation"], row["expansion"], *filter(None, row["successors"].split("|"))) for row in rows]


def fill(name: str) -> dict[int, str]:
    """Put the records of one form in the index; the name of each by its key."""
    declarations._sources.clear()
    search.register(search.Source("record", "Notices", queryset=Page.objects.order_by("pk").all, entry=entry))
    search.set_synonyms(glossary)
    Page.objects.all().delete()
    pages = [Page(slug=record["id"], title=record["id"], body=json.dumps(record)) for record in read(name)]
    Page.objects.bulk_create(pages)
    search.rebuild()
    return dict(Page.objects.values_list("pk", "slug"))


@pytest.fixture
def load(db, index):  # noqa: F811
    return fill


@pytest.fixture
def bare(monkeypatch):
    """The engine with the glossary alone."""
    monkeypatch.setattr(synonyms, "FILES", [])
    forget_words()
    yield
    monkeypatch.undo()
    forget_words()


def forget_words() -> None:
    for known in (synonyms.general, synonyms._with, synonyms.synonyms_at):
        known.cache_clear()


def gains(ranked: list[str], grades: dict[str, int]) -> float:
    got = sum((2 ** grades.get(name, 0) - 1) / math.log2(place + 2) for place, name in enumerate(ranked[:10]))
    best = sorted(grades.values(), reverse=True)[:10]
    return got / sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(best))


def scores(names: dict[int, str], queries: str = DEV) -> tuple[dict[str, float], dict[str, list[float]]]:
    """Means over the queries that have relevant records; nDCG by class of query."""
    sums: Counter[str] = Counter()
    classes: dict[str, list[float]] = defaultdict(list)
    judged = [query for query in read(queries) if query["relevant"]]
    for query in judged:
        ranked = [names[hit.pk] for hit in search.query(search.Query(query["query"])).hits]
        grades = query["relevant"]
        sure = {name for name, grade in grades.items() if grade == 2}
        classes[query["cls"]].append(gains(ranked, grades))
        sums["ndcg"] += classes[query["cls"]][-1]
        sums["recall"] += len(sure & set(ranked[:20])) / min(len(sure), 20)
        sums["first"] += bool(ranked) and grades.get(ranked[0], 0) > 0
        sums["empty"] += not ranked
    return {name: total / len(judged) for name, total in sums.items()}, classes


def check(found: dict[str, float], classes: dict[str, list[float]], floors: dict[str, float]) -> None:
    by_class = {name: round(sum(values) / len(values), 3) for name, values in classes.items()}
    for measure in ("ndcg", "recall", "first"):
        assert found[measure] >= floors[measure], (found, by_class)
    assert found["empty"] <= floors["empty"], (found, by_class)


@pytest.mark.parametrize("form", FORMS)
def test_quality_stays_above_its_floor(load, form):
    check(*scores(load(form)), FLOORS)


def test_quality_stays_above_its_floor_on_other_needs_and_other_words(load):
    names = load("records.jsonl")
    check(*scores(names, OWN), OWN_FLOORS)
    check(*scores(names, ONCE), ONCE_FLOORS)


@pytest.mark.usefixtures("bare")
def test_quality_stays_above_its_floor_without_the_thesaurus(load):
    check(*scores(load("records.jsonl")), BARE_FLOORS)


@pytest.mark.parametrize("queries", [DEV, OWN])
def test_messy_typography_changes_no_answer(load, queries):
    texts = [query["query"] for query in read(queries)]
    answers = []
    for form in FORMS:
        names = load(form)
        answers.append([[names[hit.pk] for hit in search.query(search.Query(text)).hits] for text in texts])
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "text",
    [
        "photosynthèse des algues marines",
        "mécanique quantique",
        "zzxqj",
        "recette de tarte aux pommes",
        *(query["query"] for query in read(OWN) if not query["relevant"]),
    ],
)
def test_query_without_relevant_record_finds_nothing_or_says_the_match_is_weak(load, text):
    load("records.jsonl")
    found = search.query(search.Query(text))
    assert not found.hits or found.loose


def test_facets_count_every_record_exactly(load):
    load("records.jsonl")
    expected = json.loads((DATA / "facets_expected.json").read_text("utf-8"))
    found = search.query(search.Query(facets=GROUPS)).facets
    for group in GROUPS:
        assert dict(found[group]) == expected[group]


def test_facet_counts_say_what_ticking_would_give(load):
    load("records.jsonl")
    asked = search.Query("quartier", filters={"type": ["étude", "rapport"]}, facets=GROUPS)
    found = search.query(asked)
    for group in ("type", "theme", "territory"):
        for value, count in found.facets[group][:6]:
            others = {name: values for name, values in asked.filters.items() if name != group}
            assert search.query(search.Query("quartier", filters={**others, group: [value]})).total == count
