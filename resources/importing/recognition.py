"""Which documents are the same: by ISBN, by ISSN with the title or the number, by DOI or address, by normalised title and year.

Read once, kept in memory: a few numbers and short texts a document.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz
from stdnum import isbn as isbns

from trajectoire.core.text import fold

from ..models import Document

CLOSE = 60.0  # from 0 to 100: below, two titles are those of two works, whatever their numbers say
SAME_HOUSE = 60.0
LETTERS = re.compile(r"[^a-z0-9]+")
SUBTITLE = re.compile(r"\s[:;]\s|\s?[–—]\s")
COLUMNS = ("pk", "title", "subtitle", "date", "number", "collection", "isbn", "issn", "url", "publisher", "authors")


@dataclass(frozen=True, slots=True)
class Facts:
    """What tells a document from another. `year` and `number` are empty when they are not known."""

    pk: int
    title: str
    subtitle: str = ""
    year: str = ""
    number: str = ""
    collection: int = 0
    isbn: str = ""
    issn: str = ""
    url: str = ""
    publisher: str = ""
    authors: str = ""

    def tells(self) -> Iterator[tuple[int, str]]:
        """(key, what it is in French); in the order of trust."""
        main, _ = parts(self.title, self.subtitle)
        if self.isbn:
            yield hash(("isbn", compact_isbn(self.isbn))), "même ISBN"
        if self.url and (place := where(self.url)):
            yield hash(("url", place)), "même DOI" if place.startswith("doi.org/") else "même adresse en ligne"
        if self.collection and self.number:
            yield series_key(self.collection, self.number), "même numéro de la même collection"
        if self.issn:
            yield hash(("issn", self.issn, main)), "même ISSN et même titre"
        yield hash(("title", main)), "même titre"


def series_key(collection: int | str, number: str) -> int:
    return hash(("series", collection, number))


class Known:
    """`find` looks among what was added, the database first."""

    def __init__(self, rows: Iterable[Facts] = ()) -> None:
        self.rows: dict[int, Facts] = {}
        self.by_key: dict[int, tuple[int, ...]] = {}
        for row in rows:
            self.add(row)

    @classmethod
    def read(cls) -> "Known":
        return cls(facts(row) for row in Document.objects.order_by("pk").values_list(*COLUMNS).iterator())

    def add(self, row: Facts) -> None:
        self.rows[row.pk] = row
        for key, _ in row.tells():
            self.by_key[key] = (*self.by_key.get(key, ()), row.pk)

    def forget(self, pk: int) -> Facts:
        row = self.rows.pop(pk)
        for key, _ in row.tells():
            self.by_key[key] = tuple(other for other in self.by_key[key] if other != pk)
        return row

    def renumber(self, old: int, new: int) -> None:
        """What was planned now exists."""
        self.add(replace(self.forget(old), pk=new))

    def numbered(self, collection: int | str, number: int) -> bool:
        """Whether a collection has this number."""
        return bool(self.by_key.get(series_key(collection, str(number))))

    def find(self, wanted: Facts) -> tuple[int | None, str, list[tuple[int, str]]]:
        """(the document it is, why, [(one that it may be, why)])."""
        close: dict[int, str] = {}
        for key, reason in wanted.tells():
            for pk in self.by_key.get(key, ()):
                row = self.rows[pk]
                if pk == wanted.pk or pk in close:
                    continue
                difference = differs(wanted, row, reason)
                if not difference:
                    return pk, reason if reason != "même titre" or not row.year else "même titre et même année", []
                if difference != TWO:
                    close[pk] = f"{reason}, {difference}"
        return None, "", list(close.items())


NUMBERED = ("même ISBN", "même DOI", "même adresse en ligne", "même numéro de la même collection")
TWO = "two works"  # not even alike


def differs(one: Facts, other: Facts, reason: str) -> str:
    """Nothing when they are one; TWO; or what makes it doubtful, in French."""
    (main, rest), (other_main, other_rest) = parts(one.title, one.subtitle), parts(other.title, other.subtitle)
    if fuzz.token_set_ratio(main, other_main) < CLOSE:
        return TWO if reason.startswith("même numéro") else "mais un autre titre"
    if _two(one.number, other.number) or _two(rest, other_rest):
        return TWO
    if _two(compact_isbn(one.isbn), compact_isbn(other.isbn)):
        return "mais un autre ISBN : une autre édition ?"
    return "" if reason in NUMBERED else _differ_unnumbered(one, other)


def _differ_unnumbered(one: Facts, other: Facts) -> str:
    """What only their titles bring together."""
    if _two(one.year, other.year):
        return TWO
    if one.year != other.year:
        return "mais l’année n’est connue que d’un côté"
    return "" if _same_house(one, other) else "mais d’autres auteurs et un autre éditeur"


def _two(one: str, other: str) -> bool:
    """Both known, and not the same."""
    return bool(one and other and one != other)


def _same_house(one: Facts, other: Facts) -> bool:
    """The publisher or an author in common, or nothing said against it on one of the sides."""
    houses, hands = (normal(one.publisher), normal(other.publisher)), (normal(one.authors), normal(other.authors))
    if all(houses) and fuzz.token_set_ratio(*houses) >= SAME_HOUSE:
        return True
    if all(hands):
        return bool(_names(hands[0]) & _names(hands[1]))
    return not all(houses)


def _names(folded: str) -> set[str]:
    return {word for word in folded.split() if len(word) > 2}


def facts(row: Sequence[Any]) -> Facts:
    """Of a row of COLUMNS, or of the same values from a file."""
    pk, title, subtitle, date, number, collection, *others = row
    return Facts(pk, title, subtitle, str(date)[:4] if date else "", str(number or ""), collection or 0, *others)


def parts(title: str, subtitle: str) -> tuple[str, str]:
    """(main title, rest) normalised: « Titre : suite » with no subtitle is « Titre » with the subtitle « suite »."""
    main, *rest = SUBTITLE.split(title.replace("\u00a0", " ").replace("\u202f", " "), maxsplit=1)
    return normal(main), normal(" ".join([*rest, subtitle]))


def normal(text: str) -> str:
    """Letters and figures only: « L’Accueil, à Besançon ! » → « l accueil a besancon »."""
    return LETTERS.sub(" ", fold(text)).strip()


def compact_isbn(isbn: str) -> str:
    """Thirteen figures; ten become thirteen."""
    digits = isbns.compact(isbn)
    return isbns.to_isbn13(digits) if isbns.is_valid(digits) else digits


def where(url: str) -> str:
    """An address without what changes nothing: scheme, www, last slash, capitals of the host; a DOI under its one name."""
    try:
        cut = urlsplit(url.strip())
        host = (cut.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""
    path = unquote(cut.path).rstrip("/")
    if host in ("doi.org", "dx.doi.org"):
        return f"doi.org{path.lower()}"
    return f"{host}{path}{'?' + cut.query if cut.query else ''}" if path or cut.query else ""
