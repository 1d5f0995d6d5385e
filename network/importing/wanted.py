"""What a line says of a structure, checked: a cell that cannot be used is told and left aside, the line is kept."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from trajectoire.core.importing import cells
from trajectoire.core.text import fold

from .. import siret as numbers
from ..duplicates import normalised
from ..models import OrganisationKind, Theme
from .places import Places

PAGE = re.compile(r"/reseau/([-\w]+)/?$")
KIND_WORDS = (
    ("ccas", OrganisationKind.CCAS),
    ("action sociale", OrganisationKind.CCAS),
    ("mission locale", OrganisationKind.LOCAL_MISSION),
    ("regie", OrganisationKind.NEIGHBOURHOOD_BOARD),
    ("centre social", OrganisationKind.SOCIAL_CENTRE),
    ("mjc", OrganisationKind.SOCIAL_CENTRE),
    ("commune", OrganisationKind.AUTHORITY),
    ("ville", OrganisationKind.AUTHORITY),
    ("communaute", OrganisationKind.AUTHORITY),
    ("ligue enseignement", OrganisationKind.POPULAR_EDUCATION),
    ("federation", OrganisationKind.POPULAR_EDUCATION),
)


@dataclass
class Wanted:
    """`unknown`: places that nothing or two things answer to; `page`: the address of its page here, if the file has it."""

    name: str
    kind: str
    values: dict[str, str] = field(default_factory=dict)
    former_names: list[str] = field(default_factory=list)
    territories: list[int] = field(default_factory=list)
    themes: list[int] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    page: str = ""


class Reader:
    """Reads the vocabularies once, then line after line."""

    def __init__(self) -> None:
        self.places = Places()
        self.theme_names = list(Theme.objects.values_list("pk", "name"))
        self.themes = {fold(name): pk for pk, name in self.theme_names}
        self.kinds = cells.worded(OrganisationKind.choices)

    def wanted(self, line: Mapping[str, str], notes: list[str]) -> Wanted:
        line, page = _page_apart(line)
        checked = {name: check(line[name], notes) for name, check in CHECKS.items() if line[name]}
        kind = cells.among(line["kind"], self.kinds) if line["kind"] else None
        if line["kind"] and not kind:
            notes.append(f"Nature « {line['kind']} » inconnue : devinée d’après le nom.")
        wanted = Wanted(
            name=line["name"],
            kind=kind or guess_kind(line["name"]),
            values={name: value for name, value in checked.items() if value},
            former_names=[part.strip() for part in line["former_names"].split("|") if part.strip()],
            sources=[line["sources"]] if line["sources"] else [],
            page=page,
        )
        self._read_themes(wanted, line["themes"], notes)
        self._read_places(wanted, line, notes)
        return wanted

    def _read_themes(self, wanted: Wanted, text: str, notes: list[str]) -> None:
        for word in cells.several(text, [name for _, name in self.theme_names]):
            if fold(word) in self.themes:
                wanted.themes.append(self.themes[fold(word)])
            else:
                notes.append(f"Thème « {word} » inconnu : laissé de côté.")

    def _read_places(self, wanted: Wanted, line: Mapping[str, str], notes: list[str]) -> None:
        """The most precise known: the places, else those of its contrats, else the department."""
        department = self.places.department(line["department"]) if line["department"] else None
        if line["department"] and department is None:
            notes.append(f"Département « {line['department']} » inconnu.")
        whole = self.places.place(line["place"], department) if line["place"] else None
        for word in [] if whole else cells.several(line["place"]):
            place = self.places.place(word, department) or self._department(word)
            wanted.territories += [place] if place else []
            wanted.unknown += [] if place else [word]
        wanted.territories += [whole] if whole else []
        if not wanted.territories:
            wanted.territories = self.places.carriers(line["contracts"]) or ([department] if department is not None else [])

    def _department(self, word: str) -> int | None:
        found = self.places.department(word)
        return found if found and self.places.path[found].count("/") == 1 else None


def _page_apart(line: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The line, and the slug of the page here that it gives as an address; an address of another site is its website."""
    kept = dict(line)
    if "://" not in kept["address"]:
        return kept, ""
    url = urlsplit(kept["address"])
    found = PAGE.search(url.path) if url.hostname == urlsplit(settings.SITE_URL).hostname else None
    kept["website"] = kept["website"] or ("" if found else kept["address"])
    kept["address"] = ""
    return kept, found[1] if found else ""


def guess_kind(name: str) -> str:
    """From the words of the name; an association when they say nothing."""
    words = normalised(name)
    return next((kind for word, kind in KIND_WORDS if f" {word} " in f" {words} "), OrganisationKind.ASSOCIATION)


def _siret(text: str, notes: list[str]) -> str:
    """The first of the numbers: a structure with several establishments may come with several."""
    value, *others = [numbers.compact(part) for part in text.split("|")]
    if others:
        notes.append(f"Plusieurs SIRET : {value} est gardé, {', '.join(others)} laissé de côté.")
    try:
        numbers.check(value)
    except ValidationError:
        notes.append(f"SIRET « {text} » faux (sa clé ne correspond pas) : laissé de côté.")
        return ""
    return value


def _left_aside(read: Callable[[str], str]) -> Callable[[str, list[str]], str]:
    def checked(text: str, notes: list[str]) -> str:
        try:
            return read(text)
        except cells.Wrong as wrong:
            notes.append(f"{wrong} Laissé de côté.")
            return ""

    return checked


def _short(length: int, read: Callable[[str], str] = str) -> Callable[[str, list[str]], str]:
    def cut(text: str, notes: list[str]) -> str:
        if len(text) > length:
            notes.append(f"Texte coupé à {length} caractères.")
        return read(text)[:length]

    return cut


CHECKS: dict[str, Callable[[str, list[str]], str]] = {
    "siret": _siret,
    "email": _left_aside(lambda text: cells.email(text).lower()),
    "website": _left_aside(cells.website),
    "summary": _short(400),
    "phone": _short(30, cells.phone),
    "address": _short(300),
}
