"""A letter as a mail and as a page, from the same pieces; what is no longer public is left out of both."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from trajectoire.core import listing
from trajectoire.core.faces import FeedEntry
from trajectoire.core.search import Key

from .models import Item, Letter

HREF = re.compile(r'href="([^"]*)"')
ANCHOR = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
BLOCK_END = re.compile(r"</(?:p|h[2-4]|ul|ol|blockquote|table|tr)>")


@dataclass(frozen=True)
class Piece:
    """`html` is cleaned rich text, `text` the same to be read without markup; `url` may be empty."""

    title: str
    url: str
    html: SafeString
    text: str
    language: str = "fr"


@dataclass(frozen=True)
class Section:
    """Pieces that come from one list, under its name; or one free text, without a name."""

    title: str
    pieces: tuple[Piece, ...]


def absolute(url: str) -> str:
    """An address that works outside the site."""
    return urljoin(f"{settings.SITE_URL}/", url)


def sections(letter: Letter, follow: Callable[[str], str] = str) -> list[Section]:
    """What the letter holds, in order; `follow` gives the address to write for each one."""
    items = list(letter.items.all())
    public = entries_of(items)
    shown = [item for item in items if not item.key or item.key in public]
    made = []
    for name, group in groupby(shown, key=attrgetter("listing")):
        pieces = [_piece(item, public.get(item.key), follow) for item in group]
        found = listing.find(name)
        made += [Section(found.title, tuple(pieces))] if found else [Section("", (piece,)) for piece in pieces]
    return made


def _piece(item: Item, entry: FeedEntry | None, follow: Callable[[str], str]) -> Piece:
    url = entry.url if entry else item.url
    html = with_links(item.text, follow)
    language = entry.language if entry else "fr"
    return Piece(item.title, follow(url) if url else "", html, as_text(html), language)


def entries_of(items: Iterable[Item]) -> dict[str, FeedEntry]:
    """What everyone may read at this moment among these items: {key: entry}."""
    found: dict[str, FeedEntry] = {}
    for name in sorted({item.listing for item in items if item.listing}):
        if one := listing.find(name):
            keys = [Key(kind, int(pk)) for kind, pk in (item.key.split("/") for item in items if item.listing == name)]
            objects = one.faces.load(keys, one.access(AnonymousUser()))
            found |= {entry.key: entry for entry in map(one.faces.entry, objects)}
    return found


def with_links(html: str, follow: Callable[[str], str]) -> SafeString:
    """The same cleaned HTML, each link led elsewhere."""
    return mark_safe(HREF.sub(lambda found: f'href="{escape(follow(unescape(found[1])))}"', html))


def as_text(html: str) -> str:
    """Cleaned HTML without markup: a line a paragraph, a dash before each point of a list, links between parentheses."""
    text = ANCHOR.sub(lambda found: f"{found[2]} ({found[1]})", html).replace("<br>", "\n").replace("<li>", "\n- ")
    text = BLOCK_END.sub("\n\n", re.sub(r"</t[dh]>(?=<t)", " | ", text))
    lines = (" ".join(line.split(" ")).strip() for line in unescape(strip_tags(text)).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).replace("- \n\n", "- ").strip()


def context(letter: Letter, follow: Callable[[str], str] = absolute) -> dict[str, Any]:
    """What emails/letter.* needs, but for the links of each person and the address of the page."""
    intro = with_links(letter.intro, follow)
    return {"letter": str(letter), "intro": intro, "intro_text": as_text(intro), "sections": sections(letter, follow)}


def page_html(letter: Letter) -> str:
    """The body of the document that the letter becomes: only what the rich text of documents holds."""
    parts: list[str] = [str(letter.intro)]
    for section in sections(letter):
        if section.title:
            parts.append(format_html("<h2>{}</h2>", section.title))
        parts += [_heading(piece, 3 if section.title else 2) + piece.html for piece in section.pieces]
    return mark_safe("".join(parts))


def _heading(piece: Piece, level: int) -> SafeString:
    if not piece.title:
        return mark_safe("")
    words = format_html('<a href="{}">{}</a>', piece.url, piece.title) if piece.url else piece.title
    return format_html("<h{0}>{1}</h{0}>", level, words)
