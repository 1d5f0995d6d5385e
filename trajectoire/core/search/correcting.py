"""One correction: a word nobody could find here, replaced by the nearest word of what this reader may read."""

from collections import Counter
from collections.abc import Iterator

import tantivy

from . import analysis, schema, wording
from .analysis import Token
from .backends import Occur, TQuery
from .engine import shape
from .matching import Clause
from .reading import Reading

SHORTEST = 5
TWO_ERRORS_FROM = 8
LOOKED_AT = 30


def corrected(text: str, reading: Reading, base: list[Clause]) -> str | None:
    """The text with its unknown words replaced, or None when there is nothing to correct."""
    better, shift = text, 0
    for token in analysis.tokens(text):
        word = _correction(token, reading, base)
        if word:
            better = better[: token.start + shift] + word + better[token.end + shift :]
            shift += len(word) - (token.end - token.start)
    return better if better != text else None


def _correction(token: Token, reading: Reading, base: list[Clause]) -> str | None:
    if len(token.word) < SHORTEST or token.word.isdigit() or _known(token, reading, base):
        return None
    for distance in range(1, 3 if len(token.word) >= TWO_ERRORS_FROM else 2):
        if word := _nearest(token.word, distance, reading, base) or _equivalent(token.word, distance, reading):
            return word
    return None


def _equivalent(word: str, distance: int, reading: Reading) -> str | None:
    """The nearest word that documents may not say, but that the synonyms lead to them from: « décrochage »."""
    long_enough = range(max(SHORTEST, len(word) - distance), len(word) + distance + 1)
    close = [other for other in reading.synonyms.words if len(other) in long_enough and edits(other, word) <= distance]
    ranked = sorted(close, key=lambda other: (edits(other, word), other[:1] != word[:1], other))
    return reading.synonyms.words[ranked[0]] if ranked else None


def _known(token: Token, reading: Reading, base: list[Clause]) -> bool:
    """Known to this reader: a word only reserved documents hold must look like any unknown word."""
    if reading.synonyms.knows(token):
        return True
    return reading.count(TQuery.boolean_query([*base, (Occur.Must, wording.with_family(token, reading).match)])) > 0


def _nearest(word: str, distance: int, reading: Reading, base: list[Clause]) -> str | None:
    """The most frequent word at this distance, as written in the objects found (with its accents)."""
    fuzzy = TQuery.fuzzy_term_query(shape(), "words", word, distance)
    found = reading.searcher.search(TQuery.boolean_query([*base, (Occur.Must, fuzzy)]), limit=LOOKED_AT).hits
    seen: Counter[str] = Counter()
    for _, address in found:
        seen.update(set(_candidates(reading.searcher.doc(address), word, distance)))
    ranked = sorted(seen, key=lambda other: (analysis.fold(other)[:1] != word[:1], -seen[other], other))
    return ranked[0] if ranked else None


def _candidates(document: tantivy.Document, word: str, distance: int) -> Iterator[str]:
    """The words of an object at this distance of the one typed, as written there."""
    card = schema.unpacked(document)
    text = analysis.clean(" ".join((card["title"], card["more"], document.get_first("summary") or "")))
    for token in analysis.analyser(analysis.PLAIN).pre_tokenize(text).tokens:
        if abs(len(token.text) - len(word)) <= distance and edits(token.text, word) <= distance:
            yield text[token.char_offset_from : token.char_offset_to].lower()


def edits(one: str, other: str) -> int:
    """Letters added, dropped, replaced or swapped with their neighbour (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
