"""Documents as a resource centre has them, made by chance, the same at each run.

Words come with their real frequencies from the records of tests/data/retrieval (grammatical words included), followed by a
long tail of made-up French words and real names of communes: about 60 000 forms, distributed as in a language (Zipf). Each
document speaks mostly of the subjects of three records, so that words that go together stand together.
"""

import csv
import gzip
import json
import random
import re
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

from trajectoire.core import search

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "tests" / "data" / "retrieval" / "records.jsonl"
GLOSSARY, THEMES = ROOT / "network" / "data" / "glossary.csv", ROOT / "network" / "data" / "themes.csv"
COMMUNES = ROOT / "network" / "data" / "communes_bfc.csv.gz"
ROOTS = "accompagn anim aménag assembl boul cart chant circul coll concert conseil construct décor dessin développ échang équip".split()  # noqa: SIM905
CONSONANTS, VOWELS = "b c d f g l m n p r s t v ch gr pl tr br".split(), "a e i o u é ou an on eau oi".split()  # noqa: SIM905
ENDINGS = "er é ée és ement ation ations eur eurs euse ité ités age ages ique iques iste istes al ale aux able ons ait".split()  # noqa: SIM905
TAIL, HEAD_SHARE, SUBJECT_SHARE = 60_000, 0.78, 0.35
WITH_FILE = 0.04  # documents with a file read page by page
PAGES, PAGE_WORDS = 3, 180
TZ = ZoneInfo("Europe/Paris")


class Corpus:
    def __init__(self) -> None:
        texts = [json.loads(line) for line in RECORDS.read_text("utf-8").splitlines()]
        self.subjects = [re.findall(r"[\w’'-]+", f"{text['title']} {text['abstract']}") for text in texts]
        counts = Counter(word for words in self.subjects for word in words)
        head = [word for word, _ in counts.most_common()]
        tail = made_up_words(random.Random(21))
        self.words = [*head, *tail]
        weights = [count * HEAD_SHARE / counts.total() for count in counts.values()]
        weights.sort(reverse=True)
        rest = [1 / (rank + 300) for rank in range(len(tail))]
        weights += [weight * (1 - HEAD_SHARE) / sum(rest) for weight in rest]
        self.weights = list(accumulate(weights))
        with gzip.open(COMMUNES, "rt", encoding="utf-8") as lines:
            self.places = [(row["insee"], row["departement"], row["nom"]) for row in csv.DictReader(lines)]

    def text(self, chosen: random.Random, subjects: list[list[str]], count: int) -> str:
        """Words of the language, with runs of the subjects' own words."""
        parts: list[str] = []
        while len(parts) < count:
            if chosen.random() < SUBJECT_SHARE:
                subject = chosen.choice(subjects)
                start = chosen.randrange(len(subject))
                parts += subject[start : start + 6]
            else:
                parts += chosen.choices(self.words, cum_weights=self.weights, k=6)
        return " ".join(parts[:count])

    def entry(self, pk: int) -> search.Entry:
        chosen = random.Random(pk)
        subjects = chosen.choices(self.subjects, k=3)
        day = date(2006, 1, 1) + timedelta(days=chosen.randrange(7_000))
        code, department, place = chosen.choice(self.places)
        themes = {f"theme-{int(chosen.triangular(0, 29, 3))}" for _ in range(2)}
        pages = range(PAGES if chosen.random() < WITH_FILE else 0)
        return search.Entry(
            pk=pk,
            title=self.text(chosen, subjects, 8),
            summary=self.text(chosen, subjects, 40),
            body=self.text(chosen, subjects, 120),
            pages=[search.PageText(pk, number + 1, self.text(chosen, subjects, PAGE_WORDS)) for number in pages],
            names=" ".join(chosen.choices(self.words, cum_weights=self.weights, k=2)),
            places_text=place,
            access="formateurs" if chosen.random() < 0.05 else "public",
            visible_from=datetime(day.year, day.month, day.day, 9, tzinfo=TZ),
            facets={
                "type": [f"type-{int(chosen.triangular(0, 22, 2))}"],
                "theme": sorted(themes),
                "territory": ["27", department, code],
                "audience": sorted({f"public-{chosen.randrange(19)}" for _ in range(2)}),
                "year": [str(day.year)],
            },
            date=day,
            url=f"/d/{pk}/",
            jump="Document",
        )

    def synonyms(self) -> list[tuple[str, ...]]:
        """Those of a site that has just been installed: abbreviations, and the words of each theme."""
        glossary, themes = rows(GLOSSARY), rows(THEMES)
        groups = [(row["abbreviation"], row["expansion"], *filter(None, row["successors"].split("|"))) for row in glossary]
        return [*groups, *((row["name"], word) for row in themes for word in filter(None, row["synonyms"].split("|")))]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def made_up_words(chosen: random.Random) -> list[str]:
    """French-looking words in families: each root with several endings."""
    words = dict.fromkeys(root + ending for root in ROOTS for ending in ENDINGS)
    while len(words) < TAIL:
        root = "".join(chosen.choice(CONSONANTS) + chosen.choice(VOWELS) for _ in range(chosen.randint(1, 3)))
        words |= dict.fromkeys(root + chosen.choice(CONSONANTS) + ending for ending in chosen.sample(ENDINGS, 4))
    made = list(words)
    chosen.shuffle(made)
    return made
