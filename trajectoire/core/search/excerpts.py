"""The best passage of each hit, its words marked; from a file, the page it is on."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import tantivy
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ..text import NBSP
from . import analysis, backends, engine, matching, schema, wording
from .backends import Occur, TQuery
from .engine import shape
from .parsing import Asked
from .reading import Reading

BLANKS = re.compile(r"[ \t\r\n\f\v]+")  # no-break spaces keep « and ! on the line of their words
LENGTH = 240
PAGES_A_HIT = 10
OTHER_PAGES = 5
Passage = dict[str, Any]
Forms = list[str]  # the stems that say one word: itself, its family, its synonyms


@dataclass
class Pages:
    """The best pages of an object, and how many hold the words as well."""

    best: list[tantivy.Document] = field(default_factory=list)
    total: int = 0


def looked_for(text: str, asked: Asked, reading: Reading) -> list[Forms]:
    """What is worth marking, word by word: words and phrases asked, their families, their synonyms."""
    tokens = analysis.tokens(" ".join((text, *asked.phrases)))
    words = [[token.stem, *wording.family(token.stem, reading)] for token in tokens]
    for start in range(len(tokens)):
        length, phrases = reading.synonyms.at(tokens, start)
        for word in words[start : start + length]:
            word.extend(stem for phrase in phrases for _, stem in phrase)
    return words


def best(documents: Sequence[tantivy.Document], words: Sequence[Forms], reading: Reading) -> list[Passage]:
    """One passage a document, in order: of the abstract, of the text, else of the page that says most."""
    if not documents:
        return []
    stems = list(dict.fromkeys(stem for word in words for stem in word))
    makers = {name: _maker(name, stems, reading) for name in ("summary", "body", "page")} if stems else {}
    pages = _pages([_key(document) for document in documents], words, reading) if stems else {}
    return [_passage(document, makers, len(words), pages.get(_key(document), Pages())) for document in documents]


def _key(document: tantivy.Document) -> str:
    card = schema.unpacked(document)
    return schema.key(card["kind"], card["pk"])


def _maker(field: str, stems: Iterable[str], reading: Reading) -> tantivy.SnippetGenerator:
    words = tantivy.Query.boolean_query([(Occur.Should, tantivy.Query.term_query(shape(), field, stem)) for stem in stems])
    searcher = backends.current().snippets(reading, stems)
    maker = tantivy.SnippetGenerator.create(searcher, words, shape(), field)
    maker.set_max_num_chars(LENGTH)
    return maker


def _pages(keys: list[str], words: Sequence[Forms], reading: Reading) -> dict[str, Pages]:
    """The pages of these objects that hold all the words, else some of them; best first."""
    forms = [TQuery.boolean_query([(Occur.Should, matching.term("page", stem)) for stem in word]) for word in words]
    found = _holding(keys, TQuery.boolean_query([(Occur.Must, form) for form in forms]), reading)
    without = [key for key in keys if key not in found]
    if without and len(forms) > 1:
        found |= _holding(without, TQuery.boolean_query([(Occur.Should, form) for form in forms]), reading)
    return found


def _holding(keys: list[str], words: TQuery, reading: Reading) -> dict[str, Pages]:
    """One question for all the objects; one for each when the pages of some would crowd out the others."""
    wanted = TQuery.boolean_query([(Occur.Must, words), (Occur.Must, matching.one_of("key", keys))])
    limit = len(keys) * PAGES_A_HIT
    result = reading.searcher.search(wanted, limit=limit)
    total = engine.count(result)
    if total > limit and len(keys) > 1:
        return {name: pages for key in keys for name, pages in _holding([key], words, reading).items()}
    found: dict[str, Pages] = defaultdict(Pages)
    for _, address in result.hits:
        page = reading.searcher.doc(address)
        found[_key(page)].best.append(page)
    for pages in found.values():
        pages.total = max(len(pages.best), total if len(keys) == 1 else 0)
    return found


def _passage(document: tantivy.Document, makers: dict[str, tantivy.SnippetGenerator], words: int, pages: Pages) -> Passage:
    """The abstract when it says as many of the words as the rest; without any word, its beginning."""
    tried = [(name, document) for name in ("summary", "body")] + [("page", page) for page in pages.best[:1]]
    chosen, most, excerpt = document, 0, opening(document)
    for name, holder in tried if makers else ():
        if most >= words:  # nothing can say more: the rest, often long, is not read
            break
        said, marked_text = _marked(makers[name].snippet_from_doc(holder), holder.get_first(name) or "")
        if said > most:
            chosen, most, excerpt = holder, said, marked_text
    places = [(card["file"], card["page"]) for card in map(schema.unpacked, pages.best)]
    if chosen is document:
        return {"excerpt": excerpt, "more_pages": pages.total, "other_pages": sorted(places[:OTHER_PAGES])}
    others = {"more_pages": pages.total - 1, "other_pages": sorted(places[1 : OTHER_PAGES + 1])}
    return {"excerpt": excerpt, "file_id": places[0][0], "page": places[0][1], **others}


def _marked(snippet: tantivy.Snippet, whole: str) -> tuple[int, SafeString]:
    """How many different words it says, and the passage with them marked (the engine gives offsets in bytes)."""
    before, _, after = whole.partition(snippet.fragment()) if snippet.fragment() else ("", "", "")
    text, said, parts, end = snippet.fragment().encode(), set(), [], 0
    for span in snippet.highlighted():
        word = text[span.start : span.end].decode()
        said.update(analysis.analyser(analysis.STEMMED).analyze(word))
        parts += [escape(text[end : span.start].decode()), f"<mark>{escape(word)}</mark>"]
        end = span.end
    parts.append(escape(text[end:].decode()))
    passage = BLANKS.sub(" ", "".join(parts)).strip(f" ·{NBSP}")
    cut = "…" if after.strip(f" .»{NBSP}") else ""
    return len(said), mark_safe(f"{'… ' if before.strip() else ''}{passage}{cut}")  # each part is escaped above


def opening(document: tantivy.Document) -> SafeString:
    """The first words of the abstract."""
    text = document.get_first("summary") or ""
    if len(text) > LENGTH:
        text = text[:LENGTH].rsplit(" ", 1)[0] + "…"
    return SafeString(escape(text))
