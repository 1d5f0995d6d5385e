"""How a situation shows as a row of a list."""

from collections.abc import Iterable, Sequence
from typing import Any

from trajectoire.core import search
from trajectoire.core.covers import cover_svg
from trajectoire.core.text import NBSP, day

from .situation import Situation

TO_VALIDATE = "À valider par le centre"


def card(situation: Situation, hit: "search.Hit | None" = None) -> dict[str, Any]:
    """What components/card.html shows; `situation` comes with its theme."""
    theme = situation.theme
    told = "" if situation.validated else TO_VALIDATE
    facts = (theme.short_name or theme.name if theme else "", f"à jour au{NBSP}{day(situation.up_to_date_on)}", told)
    return {
        "title": situation.question,
        "url": situation.get_absolute_url(),
        "type_name": "Situation",
        "summary": situation.summary,
        "excerpt": hit.excerpt if hit else "",
        "cover_url": "",
        "cover_alt": "",
        "cover_svg": cover_svg(situation.slug, Situation.search_kind, theme.slug if theme else ""),
        "meta": [fact for fact in facts if fact],
        "is_demo": situation.is_demo,
        "reserved": False,
        "language": "",
        "page_label": "",
        "page_url": "",
    }


def load(keys: "Iterable[search.Key | search.Hit]") -> list[Situation]:
    """The situations of these keys that are on the site, in their order; two queries."""
    wanted = [key.pk for key in keys if key.kind == Situation.search_kind]
    rows = Situation.objects.published().select_related("theme__parent").prefetch_related("sources").in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows]


def cards_of(hits: Sequence["search.Hit"]) -> list[dict[str, Any]]:
    """The cards of the engine's hits, in their order; a hit whose row has just gone is left out."""
    rows = {situation.pk: situation for situation in load(hits)}
    return [card(rows[hit.pk], hit) for hit in hits if hit.pk in rows]
