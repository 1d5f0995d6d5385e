"""One correction: a word nobody could find here, replaced by the nearest word of what this reader may read."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice

import tantivy

from . import analysis, matching, schema, sounding, wording
from .analysis import Token
from .backends import Occur, TQuery
from .engine import shape
from .matching import Clause
from .reading import Reading

SHORTEST = 5
SOUND_FROM, TWO_ERRORS_FROM = 6, 8
SHORTEST_PART = 3
LOOKED_AT = 30
MOST_UNKNOWN = 5  # words looked for elsewhere: each costs dozens of questions
ELIDED, VOWELS = ("l", "d", "qu"), tuple("aeiouyh")


def corrected(text: str, reading: Reading, base: list[Clause]) -> str | None:
    """The text with its unknown words replaced, or None when there is nothing to correct."""
    better, shift = text, 0
    unknown = (token for token in analysis.tokens(text) if _unknown(token, reading, base))
    for token in islice(unknown, MOST_UNKNOWN):
        if word := _instead_of(token.word, reading, base):
            better = better[: token.start + shift] + word + better[token.end + shift :]
            shift += len(word) - (token.end - token.start)
    return better if better != text else None


def _instead_of(word: str, reading: Reading, base: list[Clause]) -> str | None:
    """What explains most with fewest errors comes first."""
    tries = (partial(_elided, word, 0), partial(_apart, word), partial(_near, word), partial(_elided, word, 1))
    return next(filter(None, (attempt(reading, base) for attempt in tries)), None)


def _unknown(token: Token, reading: Reading, base: list[Clause]) -> bool:
    word = token.word
    return not (len(word) < SHORTEST or word.isdigit() or word in analysis.EMPTY_WORDS or _known(token, reading, base))


def _near(word: str, reading: Reading, base: list[Clause]) -> str | None:
    """One letter away; then two, in a long word or where they sound the same (« scolère »)."""
    for distance in (1, 2) if len(word) >= SOUND_FROM else (1,):
        if other := _nearest(word, distance, reading, base) or _equivalent(word, distance, reading):
            return other
    return None


def _elided(word: str, distance: int, reading: Reading, base: list[Clause]) -> str | None:
    """An elision without its apostrophe (« dinsertion », « lecolle »)."""
    for elided in ELIDED:
        rest = word.removeprefix(elided)
        if rest == word or rest[:1] not in VOWELS or len(rest) < (SHORTEST if distance else SHORTEST_PART):
            continue
        other = _nearest(rest, distance, reading, base)
        if other and analysis.fold(other)[0] in VOWELS:
            return f"{elided}’{other}"
    return None


def _apart(word: str, reading: Reading, base: list[Clause]) -> str | None:
    """Two words written as one, that stand together in an object."""
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        parts = word[:cut], word[cut:]
        if _stand_together(parts, reading, base):
            return " ".join(_nearest(part, 0, reading, base) or part for part in parts)
    return None


def _stand_together(parts: tuple[str, str], reading: Reading, base: list[Clause]) -> bool:
    both = [(Occur.Must, matching.term("words", part)) for part in parts]
    phrase = matching.as_phrase(analysis.tokens(" ".join(parts)))
    return bool(phrase) and reading.count(TQuery.boolean_query([*base, *both, (Occur.Must, matching.anywhere(phrase))])) > 0


def _equivalent(word: str, distance: int, reading: Reading) -> str | None:
    """The nearest word that documents may not say, but that the synonyms lead to them from: « décrochage »."""
    close = [other for other in reading.synonyms.words if len(other) >= SHORTEST and _close(other, word, distance)]
    ranked = sorted(close, key=lambda other: (edits(other, word), other[:1] != word[:1], other))
    return reading.synonyms.words[ranked[0]] if ranked else None


def _known(token: Token, reading: Reading, base: list[Clause]) -> bool:
    """Known to this reader: a word only reserved documents hold must look like any unknown word."""
    if reading.synonyms.knows(token):
        return True
    return reading.count(TQuery.boolean_query([*base, (Occur.Must, wording.with_family(token, reading).match)])) > 0


def _nearest(word: str, distance: int, reading: Reading, base: list[Clause]) -> str | None:
    """The most frequent word at this distance, as written in the objects found (with its accents)."""
    return reading.remembered(("nearest", word, distance), partial(_look, word, distance, reading, base))


def _look(word: str, distance: int, reading: Reading, base: list[Clause]) -> str | None:
    fuzzy = TQuery.fuzzy_term_query(shape(), "words", word, distance) if distance else matching.term("words", word)
    found = reading.searcher.search(TQuery.boolean_query([*base, (Occur.Must, fuzzy)]), limit=LOOKED_AT).hits
    seen: Counter[str] = Counter()
    for _, address in found:
        seen.update(set(_candidates(reading.searcher.doc(address), word, distance)))
    ranked = sorted(seen, key=lambda other: (*_unlike(analysis.fold(other), word), -seen[other], other))
    return ranked[0] if ranked else None


def _unlike(other: str, word: str) -> tuple[bool, bool]:
    return sounding.sound(other) != sounding.sound(word), other[:1] != word[:1]


def _candidates(document: tantivy.Document, word: str, distance: int) -> Iterator[str]:
    """The words of an object at this distance of the one typed, as written there."""
    card = schema.unpacked(document)
    text = analysis.clean(" ".join((card["title"], card["more"], document.get_first("summary") or "")))
    for token in analysis.analyser(analysis.PLAIN).pre_tokenize(text).tokens:
        if _close(token.text, word, distance):
            yield text[token.char_offset_from : token.char_offset_to].lower()


def _close(other: str, word: str, distance: int) -> bool:
    """Two errors in a short word make another word, unless both sound the same."""
    if abs(len(other) - len(word)) > distance or len(set(other) ^ set(word)) > 2 * distance:
        return False
    if edits(other, word) > distance:
        return False
    return distance < 2 or len(word) >= TWO_ERRORS_FROM or sounding.sound(other) == sounding.sound(word)


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
