"""The best passage of each hit, its words marked; from a file, the page it is on."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import tantivy
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ..text import NBSP
from . import analysis, backends, matching, schema, wording
from .backends import Occur, TQuery
from .engine import shape
from .parsing import Asked
from .reading import Reading

BLANKS = re.compile(r"[ \t\r\n\f\v]+")  # no-break spaces keep « and ! on the line of their words
LENGTH = 240
PAGES_A_HIT = 10
Passage = dict[str, Any]


def looked_for(text: str, asked: Asked, reading: Reading) -> list[str]:
    """The stems worth marking: words and phrases asked, their synonyms, their families."""
    tokens = analysis.tokens(" ".join((text, *asked.phrases)))
    found = dict.fromkeys(token.stem for token in tokens)
    for start in range(len(tokens)):
        for phrase in reading.synonyms.at(tokens, start)[1]:
            found |= dict.fromkeys(stem for _, stem in phrase)
    for token in tokens:
        found |= dict.fromkeys(wording.family(token.stem, reading))
    return list(found)


def best(documents: Sequence[tantivy.Document], stems: Sequence[str], reading: Reading) -> list[Passage]:
    """One passage a document, in order: of the abstract, of the text, else of the page that says most."""
    if not documents:
        return []
    makers = {field: _maker(field, stems, reading) for field in ("summary", "body", "page")} if stems else {}
    pages = _pages(documents, stems, reading) if stems else {}
    return [_passage(document, makers, pages.get(_key(document), [])) for document in documents]


def _key(document: tantivy.Document) -> str:
    card = schema.unpacked(document)
    return schema.key(card["kind"], card["pk"])


def _maker(field: str, stems: Iterable[str], reading: Reading) -> tantivy.SnippetGenerator:
    words = tantivy.Query.boolean_query([(Occur.Should, tantivy.Query.term_query(shape(), field, stem)) for stem in stems])
    searcher = backends.current().snippets(reading, stems)
    maker = tantivy.SnippetGenerator.create(searcher, words, shape(), field)
    maker.set_max_num_chars(LENGTH)
    return maker


def _pages(documents: Sequence[tantivy.Document], stems: Sequence[str], reading: Reading) -> dict[str, list[tantivy.Document]]:
    """The pages of these objects that hold the words, best first."""
    keys = [_key(document) for document in documents]
    words = TQuery.boolean_query([(Occur.Should, matching.term("page", stem)) for stem in stems])
    wanted = TQuery.boolean_query([(Occur.Must, words), (Occur.Must, matching.one_of("key", keys))])
    pages: dict[str, list[tantivy.Document]] = defaultdict(list)
    for _, address in reading.searcher.search(wanted, limit=len(keys) * PAGES_A_HIT).hits:
        page = reading.searcher.doc(address)
        pages[_key(page)].append(page)
    return pages


def _passage(document: tantivy.Document, makers: dict[str, tantivy.SnippetGenerator], pages: list[tantivy.Document]) -> Passage:
    """The abstract when it says as many of the words as the rest; without any word, its beginning."""
    tried = [(field, document) for field in ("summary", "body")] + [("page", page) for page in pages[:1]]
    chosen, most, excerpt = None, 0, opening(document)
    for field, holder in tried if makers else ():
        said, marked_text = _marked(makers[field].snippet_from_doc(holder), holder.get_first(field) or "")
        if said > most:
            chosen, most, excerpt = holder, said, marked_text
    if chosen is None or chosen is document:
        return {"excerpt": excerpt}
    card = schema.unpacked(chosen)
    return {"excerpt": excerpt, "page": card["page"], "file_id": card["file"], "more_pages": len(pages) - 1}


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
    passage = BLANKS.sub(" ", "".join(parts)).strip()
    cut = "…" if after.strip(f" .»{NBSP}") else ""
    return len(said), mark_safe(f"{'… ' if before.strip() else ''}{passage}{cut}")  # each part is escaped above


def opening(document: tantivy.Document) -> SafeString:
    """The first words of the abstract."""
    text = document.get_first("summary") or ""
    if len(text) > LENGTH:
        text = text[:LENGTH].rsplit(" ", 1)[0] + "…"
    return SafeString(escape(text))
