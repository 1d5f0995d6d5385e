"""Nothing has all the words: wider questions that find something, with how many objects each finds for this reader."""

from dataclasses import dataclass, replace

from . import analysis
from .answering import query
from .declarations import Query
from .parsing import parse

MOST_WORDS = 5


@dataclass(frozen=True)
class Wider:
    text: str
    total: int


def wider(asked: Query) -> list[Wider]:
    """The words without what restricts them, without the rarest, then each alone; what finds nothing is left out.

    One question a word: only for answers without any object that has all the words. Without an index, nothing.
    """
    words = words_of(asked.text)[:MOST_WORDS]
    alone = {word: _total(asked, word) for word in words}
    texts = [" ".join(words)] if parse(asked.text).restricted else []
    texts += [" ".join(_common(alone)), *alone]
    totals = alone | {text: _total(asked, text) for text in texts if text and text not in alone}
    return [Wider(text, totals[text]) for text in dict.fromkeys(texts) if totals.get(text) and text != asked.text]


def words_of(text: str) -> list[str]:
    """The meaningful words of a question, as typed, each once; what restricts it left out."""
    parsed = parse(text)
    text = " ".join((parsed.words, *parsed.phrases))
    typed = {token.stem: text[token.start : token.end] for token in reversed(analysis.tokens(text))}
    return list(reversed(typed.values()))


def _common(alone: dict[str, int]) -> list[str]:
    """The words that are known or, when all are, all but the rarest."""
    known = [word for word, total in alone.items() if total]
    if len(known) == len(alone) > 1:
        known.remove(min(known, key=lambda word: alone[word]))
    return known


def _total(asked: Query, text: str) -> int:
    """How many objects a question finds; 0 when it would not find all its words in one of them."""
    found = query(replace(asked, text=text, filters={}, facets=(), size=1, page=1, exact=True))
    return 0 if found.loose or found.degraded else found.total
