"""The degraded mode: without an index, the database answers. Plainer and bounded, never an error."""

from collections import Counter
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString

from . import analysis, changes, places, schema
from .declarations import Entry, Hit, Query, Results, Source, sources
from .parsing import Asked, parse

ROW_LIMIT = 5_000
EXCERPT = 240
Found = tuple[Source, Entry]


def answer(asked: Query) -> Results:
    """Objects whose entry holds every word, with the same filters, counts and order; no excerpt from pages."""
    found, kept = matching(asked)
    shown = kept[asked.offset : asked.offset + asked.bounded_size]
    facets = {group: _counts(found, asked, group) for group in asked.facets}
    return Results([_hit(*pair) for pair in shown], len(kept), facets, degraded=True)


def matching(asked: Query) -> tuple[list[Found], list[Found]]:
    """What the words find, and what the chosen facets keep of it, in order."""
    parsed = parse(asked.text)
    found = [pair for pair in _found(asked, parsed) if not _refused(pair[1], parsed)]
    return found, sorted((pair for pair in found if _chosen(*pair, asked)), key=_order(asked))


def _found(asked: Query, parsed: Asked) -> Iterator[Found]:
    text = " ".join((parsed.words, *parsed.phrases))
    words = [token.word for token in analysis.tokens(text)] or analysis.plain_words(text)
    typed = [text[token.start : token.end] for token in analysis.tokens(text)]
    for source in sources(asked.kinds):
        searched = bool(source.database_search and typed)
        rows = source.database_search(" ".join(typed), asked.access) if searched else source.queryset()  # type: ignore[misc]
        for entry in changes.entries(source, rows[:ROW_LIMIT]):
            if _readable(entry, asked) and (searched or _holds(entry, words)):
                yield source, entry


def _readable(entry: Entry, asked: Query) -> bool:
    if entry.access not in asked.access or (entry.visible_from and asked.now and entry.visible_from > asked.now):
        return False
    if asked.over is not None and asked.over != bool(entry.ends and asked.now and entry.ends < asked.now):
        return False
    return asked.published_after is None or bool(entry.visible_from and entry.visible_from > asked.published_after)


def _holds(entry: Entry, words: list[str]) -> bool:
    text = analysis.fold(" ".join((entry.title, entry.themes_text, entry.places_text, entry.names, entry.summary, entry.body)))
    return all(word in text for word in words)


def _refused(entry: Entry, parsed: Asked) -> bool:
    """Operators, as far as plain text goes."""
    year = entry.date.year if entry.date else 0
    if parsed.years and not parsed.years[0] <= year <= parsed.years[1]:
        return True
    if any(_holds(entry, analysis.fold(words).split()) for words in parsed.excluded):
        return True
    names = analysis.fold(entry.names)
    if any(analysis.fold(words) not in names for words in parsed.authors):
        return True
    return not all(_lies(entry, words) for words in parsed.places)


def _lies(entry: Entry, words: str) -> bool:
    """In the place of this name, or in one that it contains."""
    named = analysis.fold(words) in analysis.fold(entry.places_text)
    return named or bool(set(places.codes(words)) & set(entry.facets.get("territory", ())))


def _chosen(source: Source, entry: Entry, asked: Query, without: str = "") -> bool:
    groups = ((group, set(values)) for group, values in asked.filters.items() if values and group != without)
    return all(values & set(_values(source, entry, group)) for group, values in groups)


def _values(source: Source, entry: Entry, group: str) -> list[str]:
    return [source.kind] if group == "kind" else list(entry.facets.get(group, ()))


def _counts(found: list[Found], asked: Query, group: str) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for source, entry in found:
        if _chosen(source, entry, asked, without=group):
            counts.update(set(_values(source, entry, group)))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _order(asked: Query):
    if asked.sort == "titre":
        return lambda pair: analysis.fold(pair[1].title)
    if asked.sort == "ajout":
        return lambda pair: (-(schema.moment_number(pair[1].visible_from) if pair[1].visible_from else 0), -pair[1].pk)
    way = 1 if asked.over is False else -1
    return lambda pair: (way * (schema.day_number(pair[1].date) if pair[1].date else 0), way * pair[1].pk)


def _hit(source: Source, entry: Entry) -> Hit:
    text = analysis.clean(entry.summary)
    excerpt = text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + "…"
    return Hit(source.kind, entry.pk, entry.title, entry.url, excerpt=SafeString(escape(excerpt)), jump=entry.jump)
