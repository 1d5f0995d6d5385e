"""The contents of WordPress as the rich text of the site: blocks, builders, old editor and Word alike. See trajectoire/core/prose.py."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from trajectoire.core.prose import clean_html, plain

from .names import DROPPED, PARAGRAPHS
from .shortcodes import Expansion

BLOCK_OF = re.compile(r'<!--\s*wp:block\s+\{[^}<"]*"ref":\s*(\d+)[^}<]*\}\s*/?-->')
CONDITIONAL = re.compile(r"<!--\[if\b(?:(?!<!--\[if\b).)*?<!\[endif\]-->", re.DOTALL)
HAS_BLOCKS = re.compile(r"<!--\s*wp:")
BARE_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
ALONE = re.compile(r"\s*(https?://[^\s<>\"']+)\s*")
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)", re.IGNORECASE)
FRAMES = frozenset(("iframe", "embed", "video", "audio"))
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
LISTS = frozenset(("ul", "ol"))
TABLE = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"))
BLOCKS = PARAGRAPHS | LISTS | TABLE | {"li", "blockquote", "summary"} | {f"h{level}" for level in range(1, 7)} | FRAMES
SCHEMES = ("http", "https", "mailto", "tel", "")
EMPTY = re.compile(r"(?:\s|&nbsp;|\u200b|\ufeff|<br>)*+")
HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)


@dataclass(frozen=True)
class Image:
    """`id`: of the attachment, when the content says it; else its address. `alt`: what it shows."""

    src: str = ""
    id: int = 0
    alt: str = ""


@dataclass(frozen=True)
class Cleaned:
    """`images` in their order: in the text each is a link to it. `left_out`: codes that showed what is made elsewhere."""

    html: str
    images: tuple[Image, ...] = ()
    left_out: tuple[str, ...] = ()
    gallery: bool = False


def clean(content: str, blocks: Mapping[int, str] | None = None) -> Cleaned:
    """`blocks`: {id: content} of the reusable blocks of the site."""
    content = BLOCK_OF.sub(lambda match: (blocks or {}).get(int(match[1]), ""), content)
    old_editor = not HAS_BLOCKS.search(content)
    expansion = Expansion(CONDITIONAL.sub("", content).replace("\r\n", "\n").replace("\r", "\n"))
    root = _tree(expansion.html)
    if root is None:
        return Cleaned("", (), tuple(expansion.left_out), expansion.gallery)
    writer = Writer(breaks=old_editor)
    try:
        writer.children(root)
    except RecursionError:  # boxes in boxes by the thousand, which no editor makes: the words alone
        writer = Writer()
        writer.line.append(escape(root.text_content(), quote=False))
    html = clean_html(in_order("".join(writer.finished())))
    return Cleaned(html, tuple(writer.images), tuple(expansion.left_out), expansion.gallery)


def _tree(text: str) -> Any:
    if not text.strip():
        return None
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8", huge_tree=True)
    try:
        return lxml_html.fragment_fromstring(text.encode("utf-8", "ignore"), create_parent="div", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def in_order(html: str) -> str:
    """Headings from the second level, without a jump (RGAA 9.1); the field takes three levels."""
    levels = [int(match[1]) for match in HEADING.finditer(html)]
    shift, last = (2 - min(levels) if levels else 0), 1

    def leveled(match: re.Match[str]) -> str:
        nonlocal last
        last = min(int(match[1]) + shift, last + 1, 4)
        return f"<h{last}>{match[2]}</h{last}>"

    return HEADING.sub(leveled, html)


class Writer:
    """Writes a tree as paragraphs, lists, tables: `blocks` are finished, `line` is the paragraph being written."""

    def __init__(self, *, breaks: bool = False, images: list[Image] | None = None) -> None:
        self.breaks = breaks  # the old editor: an empty line begins a paragraph, an end of line goes to the line
        self.images: list[Image] = [] if images is None else images
        self.blocks: list[str] = []
        self.line: list[str] = []

    def finished(self) -> list[str]:
        self.flush()
        return self.blocks

    def flush(self, tag: str = "p") -> None:
        """End the paragraph; two line breaks in a row end one too."""
        text = re.sub(r"\s{2,}|[\t\n]", " ", "".join(self.line))
        self.line = []
        for part in re.split(r"(?:\s*<br>){2,}", text) if tag == "p" else [text]:
            words = _trimmed(part)
            if not EMPTY.fullmatch(re.sub(r"</?(?:strong|em)>", "", words)):
                self.blocks.append(f"<{tag}>{re.sub(r' *<br> *', '<br>', words)}</{tag}>")

    def children(self, element: Any) -> None:
        self.text(element.text)
        for child in element:
            self.element(child)
            self.text(child.tail)

    def text(self, text: str | None) -> None:
        if not text:
            return
        if not self.breaks:
            self.line.append(_linked(text))
            return
        for rank, part in enumerate(re.split(r"\n[ \t\u00a0]*\n\s*", text)):
            if rank:
                self.flush()
            self.line.append(_linked(part).replace("\n", "<br>"))

    def element(self, element: Any) -> None:
        tag = element.tag.lower()
        if tag in DROPPED:
            return
        if tag in FRAMES:
            self.frame(element)
        elif tag in BLOCKS:
            self.flush()
            self.block(element, tag)
            self.flush()
        elif tag != "a" and any(child.tag in BLOCKS for child in element.iterdescendants()):
            self.children(element)
        else:
            self.line.append(self.inline(element))

    def block(self, element: Any, tag: str) -> None:
        if tag[0] == "h" and tag[1:].isdigit():
            self.line.append(self.within(element, marks=False))
            self.flush(tag)
        elif tag in LISTS:
            self.list(element, tag)
        elif tag == "blockquote":
            if inner := self.nested(element):
                self.blocks.append(f"<blockquote>{''.join(inner)}</blockquote>")
        elif tag == "table":
            self.table(element)
        elif tag in ("dt", "summary", "figcaption"):
            mark = "em" if tag == "figcaption" else "strong"
            if text := self.within(element).strip():
                self.line.append(f"<{mark}>{text}</{mark}>")
        elif tag == "figure":
            self.figure(element)
        else:
            self.others(element, tag)

    def others(self, element: Any, tag: str) -> None:
        """What begins a paragraph; ends of lines count in a poem or in code, never in a paragraph marked as such."""
        if tag == "pre":
            self.line.append(escape(element.text_content(), quote=False).strip("\n").replace("\n", "<br>"))
            return
        was, self.breaks = self.breaks, self.breaks and tag not in ("p", "li")
        self.children(element)
        self.breaks = was

    def figure(self, element: Any) -> None:
        """An image, then its words in a paragraph of their own."""
        self.text(element.text)
        for child in element:
            self.element(child)
            self.flush()
            self.text(child.tail)

    def nested(self, element: Any) -> list[str]:
        inner = Writer(breaks=False, images=self.images)
        inner.children(element)
        return inner.finished()

    def list(self, element: Any, tag: str) -> None:
        lines: list[str] = []
        for child in element:
            if child.tag in DROPPED:
                continue
            if child.tag in LISTS and lines:
                lines[-1] += "".join(self.nested_list(child))
            elif inner := self.nested(child):
                first, *rest = inner
                lines.append((first[3:-4] if first.startswith("<p>") and not _paragraphs(rest) else first) + "".join(rest))
        if lines:
            self.blocks.append(f"<{tag}>{''.join(f'<li>{line}</li>' for line in lines)}</{tag}>")

    def nested_list(self, element: Any) -> Iterable[str]:
        inner = Writer(images=self.images)
        inner.list(element, element.tag)
        return inner.finished()

    def table(self, element: Any) -> None:
        """Rows and cells; a table inside a cell, or a table of one cell, only placed things on the page."""
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        for caption in element.findall("caption"):
            self.line.append(f"<strong>{self.within(caption)}</strong>")
            self.flush()
        if sum(len(row) for row in cells) <= 1 or next(element.iterancestors("table"), None) is not None:
            for cell in (cell for row in cells for cell in row):
                self.flush()
                self.children(cell)
            return
        written = ["".join(self.cell(cell) for cell in row) for row in cells]
        if EMPTY.fullmatch(re.sub(r"<[^>]+>", "", "".join(written))):
            return
        self.blocks.append(f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in written if row)}</tbody></table>")

    def cell(self, cell: Any) -> str:
        spans = "".join(f' {name}="{cell.get(name)}"' for name in ("colspan", "rowspan") if (cell.get(name) or "").isdecimal())
        inner = self.nested(cell)
        return f"<{cell.tag}{spans}>{''.join(inner) or '<p></p>'}</{cell.tag}>"

    def frame(self, element: Any) -> None:
        """A film or a sound from elsewhere: its address; nothing of a third party is ever shown in the page."""
        source = element.get("src") or element.get("data-src") or next((s.get("src", "") for s in element.iter("source")), "")
        source = f"https:{source}" if source.startswith("//") else source
        if href := _href(source):
            host = (urlsplit(source).hostname or "").removeprefix("www.")
            words = element.get("title") or ("Enregistrement sonore" if element.tag == "audio" else "Vidéo ou contenu")
            self.flush()
            self.line.append(f'<a href="{escape(href)}">{escape(words)}{escape(f" ({host})") if host else ""}</a>')
            self.flush()

    def within(self, element: Any, *, marks: bool = True) -> str:
        """The inside of an element as one line."""
        parts = [escape(element.text or "", quote=False)]
        for child in element:
            if child.tag not in DROPPED:
                apart = " " if child.tag in BLOCKS else ""
                parts.append(f"{apart}{self.inline(child, marks=marks)}{apart}")
            parts.append(escape(child.tail or "", quote=False))
        return "".join(parts)

    def inline(self, element: Any, *, marks: bool = True) -> str:
        tag = element.tag.lower()
        if tag == "br":
            return "<br>" if marks else " "
        if tag == "img":
            return self.image(element)
        if tag == "a":
            return self.link(element)
        inner = self.within(element, marks=marks)
        mark = MARKS.get(tag) if marks and not EMPTY.fullmatch(inner) else None
        return f"<{mark}>{inner}</{mark}>" if mark else inner

    def link(self, element: Any) -> str:
        href = _href(element.get("href") or "")
        if "wp-block-file__button" in (element.get("class") or ""):
            return ""  # the same link as beside it
        pictures = list(element.iter("img"))
        if pictures and PICTURE.search(urlsplit(href).path if href else "") and not element.text_content().strip():
            return "".join(self.image(picture, href) for picture in pictures)  # a thumbnail that leads to the whole image
        inner = re.sub(r"</?a\b[^>]*>", "", self.within(element))
        if EMPTY.fullmatch(inner) or not href:
            return inner
        return f'<a href="{escape(href)}">{inner}</a>'

    def image(self, element: Any, whole: str = "") -> str:
        """A link to the image, which the field cannot hold; decoration, trackers and smileys go."""
        src = element.get("data-src") or element.get("data-lazy-src") or element.get("src") or ""
        alt, kind = " ".join((element.get("alt") or "").split()), element.get("class") or ""
        if "smiley" in kind or "emoji" in kind:
            return escape(alt, quote=False)
        number = re.search(r"wp-image-(\d+)", kind)
        id_ = int(number[1] if number else element.get("data-id") or 0) if (element.get("data-id") or "0").isdecimal() else 0
        src = _href(whole or src)
        if (not src and not id_) or element.get("width") == "1":
            return ""
        self.images.append(Image(src, id_, alt[:200]))
        return f'<a href="{escape(src or f"#image-{id_}")}">{escape(alt, quote=False) or "Image"}</a>'


def _trimmed(text: str) -> str:
    """Without spaces nor line breaks around it."""
    while (shorter := text.strip().removeprefix("<br>").removesuffix("<br>")) != text:
        text = shorter
    return text


def _paragraphs(blocks: list[str]) -> bool:
    return any(block.startswith("<p>") for block in blocks)


def _linked(text: str) -> str:
    """An address alone on its line shows what it leads to: it becomes a link."""
    escaped = escape(text, quote=False)
    if "://" not in text:
        return escaped
    lines = [BARE_ADDRESS.sub(_anchor, line) if ALONE.fullmatch(line) else escape(line, quote=False) for line in text.split("\n")]
    return "\n".join(lines)


def _anchor(match: re.Match[str]) -> str:
    return f'<a href="{escape(match.group())}">{escape(match.group(), quote=False)}</a>'


def _href(address: str) -> str:
    """The address if it may be a link: no script, no anchor of the old page, nothing broken."""
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not address or address.startswith("#") or parts.scheme.lower() not in SCHEMES:
        return ""
    return f"https:{address}" if address.startswith("//") else address


def summary_of(html: str, longest: int = 400) -> str:
    """The first sentences of a text, whole when they can be."""
    text = re.sub(r"<h[2-4]>.*?</h[2-4]>|<table>.*?</table>", " ", html, flags=re.DOTALL)
    text = plain(re.sub(r"</?(?:a|em|strong)\b[^>]*>", "", text))
    if len(text) <= longest:
        return text
    begun = text[:longest]
    end = max(begun.rfind(mark) for mark in (". ", "! ", "? ", "… "))
    return begun[: end + 1] if end > longest // 3 else begun[: begun.rfind(" ")].rstrip(",;:") + "…"
