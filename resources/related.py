"""« À lire aussi »: documents near one another, with what they have in common."""

from network import vocabulary
from network.models import TerritoryKind
from trajectoire.core import search
from trajectoire.core.text import NBSP

from .cards import cards_of
from .listings import collections
from .models import KIND, Document

SHOWN = 4
SUBJECT = "sujet proche"


def related(document: Document, access: frozenset[str]) -> list[dict]:
    """[{card, reason}] of the nearest documents that this reader may open: « même thème : Santé »."""
    hits = search.similar(KIND, document.pk, access, size=SHOWN)
    reasons = {hit.url: reason(hit) for hit in hits}
    return [{"card": found, "reason": reasons[found["url"]]} for found in cards_of(hits)]


def reason(hit: "search.Hit") -> str:
    """What the two documents share, named. The region is not a reason: everything is in it."""
    words = vocabulary.current()
    themes = [words.theme_by_slug[slug] for slug in hit.shared.get("theme", ()) if slug in words.theme_by_slug]
    known = [words.territory_by_code[code] for code in hit.shared.get("territory", ()) if code in words.territory_by_code]
    places = [place for place in known if place.kind != TerritoryKind.REGION]
    series = [collections()[slug] for slug in hit.shared.get("collection", ()) if slug in collections()]
    parts = [
        # The most precise of each: a theme under another, the place furthest from the region.
        *(f"même thème{NBSP}: {theme.label}" for theme in sorted(themes, key=lambda theme: not theme.parent)[:1]),
        *(f"même territoire{NBSP}: {place.name}" for place in sorted(places, key=lambda place: -len(place.path))[:1]),
        *(f"même collection{NBSP}: {one.name}" for one in series[:1]),
    ]
    return ", ".join(parts) or SUBJECT
