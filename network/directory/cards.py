"""How an entry of the directory shows as a row of a list."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from trajectoire.core import search
from trajectoire.core.covers import GLAZES
from trajectoire.core.text import NBSP

from ..models import Initiative, Organisation, Person
from .entries import DirectoryEntry, EntryQuerySet

MODELS: dict[str, type[DirectoryEntry]] = {model.search_kind: model for model in (Organisation, Person, Initiative)}
COLOURS = {"organisation": GLAZES["n"], "person": GLAZES["m"], "initiative": GLAZES["b"]}
SMALL_WORDS = {"de", "du", "des", "la", "le", "les", "et", "en", "à", "au", "aux", "sur", "pour", "par", "dans", "une", "un"}


def nature(entry: DirectoryEntry) -> str:
    """« Centre social, MJC », « Experte ou expert », « Initiative en cours »."""
    if isinstance(entry, Initiative):
        return f"Initiative {entry.get_status_display()}"
    label = entry.get_kind_display()  # type: ignore[attr-defined]
    return label[:1].upper() + label[1:]


def initials(name: str) -> str:
    """At most two letters: of the first two words that mean something."""
    words = [word for word in name.replace("’", " ").replace("-", " ").split() if word.lower() not in SMALL_WORDS]
    return "".join(word[0] for word in words[:2] if word[0].isalnum()).upper()


def tile(entry: DirectoryEntry) -> SafeString:
    """A glazed tile with the initials: its colour says whether it is an organisation, a person or an initiative."""
    return format_html(
        '<svg class="cover" viewBox="0 0 12 9" aria-hidden="true"><path fill="{}" d="M0 0h12v9H0z"/>'
        '<path fill="{}" d="M0 1.5l3 3-3 3zM12 1.5l-3 3 3 3z"/><path fill="{}" d="M6 .2l4.3 4.3L6 8.8 1.7 4.5z"/>'
        '<text x="6" y="5.4" fill="{}" font-size="2.6" font-weight="700" text-anchor="middle">{}</text></svg>',
        GLAZES["c"],
        GLAZES["o"],
        COLOURS[entry.search_kind],
        GLAZES["c"],
        initials(entry.name),
    )


def card(entry: DirectoryEntry, hit: "search.Hit | None" = None) -> dict[str, Any]:
    """What components/card.html shows; `entry` comes from `for_cards()`."""
    themes = ", ".join(theme.short_name or theme.name for theme in entry.themes.all()[:2])
    places = f"{NBSP}· ".join(territory.name for territory in entry.territories.all()[:2])
    return {
        "title": entry.name,
        "url": entry.get_absolute_url(),
        "type_name": nature(entry),
        "summary": entry.summary,
        "excerpt": hit.excerpt if hit else "",
        "cover_url": "",
        "cover_alt": "",
        "cover_svg": tile(entry),
        "meta": [part for part in (themes, places, "à confirmer" if entry.is_stale else "") if part],
        "is_demo": entry.is_demo,
        "reserved": False,
        "language": "",
        "page_label": "",
        "page_url": "",
    }


def cards_of(hits: Sequence["search.Hit"]) -> list[dict[str, Any]]:
    """The cards of the engine's hits, in their order; a hit whose row has just gone is left out."""
    rows = {(entry.search_kind, entry.pk): entry for entry in load(hits)}
    return [card(rows[hit.kind, hit.pk], hit) for hit in hits if (hit.kind, hit.pk) in rows]


def load(keys: Iterable[Any]) -> list[DirectoryEntry]:
    """The published entries of these keys (`kind`, `pk`), in their order, in a constant number of queries."""
    wanted = list(keys)
    found: dict[tuple[str, int], DirectoryEntry] = {}
    for kind, model in MODELS.items():
        if pks := [key.pk for key in wanted if key.kind == kind]:
            rows: EntryQuerySet = model._default_manager.filter(pk__in=pks)  # type: ignore[assignment]
            found |= {(kind, row.pk): row for row in rows.published().for_cards()}
    return [found[key.kind, key.pk] for key in wanted if (key.kind, key.pk) in found]
