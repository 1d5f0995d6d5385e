"""What an export says, item by item: WXR 1.0 to 1.2, whole or cut, in bounded memory whatever its size."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from .stream import Stream

# Kept of the custom fields; all others belong to extensions.
FIELDS = frozenset(
    {
        *("_thumbnail_id", "_wp_attached_file", "_wp_attachment_image_alt", "_wp_old_slug", "_elementor_data"),
        *("_yoast_wpseo_metadesc", "rank_math_description", "_aioseop_description"),
    }
)
# Elements of the head that say a term: where they say its taxonomy, its slug, its name, its parent.
TERMS = {
    "category": ("", "category_nicename", "cat_name", "category_parent"),
    "tag": ("", "tag_slug", "tag_name", ""),
    "term": ("term_taxonomy", "term_slug", "term_name", "term_parent"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A category, a tag, a term of another taxonomy: `kind` is « category », « post_tag » or that taxonomy's name."""

    kind: str
    slug: str
    name: str
    id: int = 0
    parent: str = ""  # slug


@dataclass(frozen=True, slots=True)
class Item:
    """A content of the site as the export says it; `place`: its rank in the file, from 1. Dates are texts, HTML is raw."""

    place: int
    id: int = 0
    type: str = ""
    title: str = ""
    link: str = ""
    slug: str = ""
    status: str = ""
    password: str = ""
    date: str = ""
    date_gmt: str = ""
    parent: int = 0
    content: str = ""
    excerpt: str = ""
    author: str = ""
    attachment: str = ""  # address of the file
    comments: int = 0
    terms: tuple[Term, ...] = ()
    fields: dict[str, list[str]] = field(default_factory=dict)
    cut: bool = False  # the file ends in the middle of it

    def first(self, *names: str) -> str:
        """The first of these custom fields that holds something."""
        return next((value for name in names for value in self.fields.get(name, ()) if value.strip()), "")


@dataclass
class Export:
    """A file and what its head says, which is known once the first item has been given."""

    path: Path
    sites: list[str] = field(default_factory=list)  # addresses of the site, without their last bar
    blog: str = ""  # the one among them that was exported
    authors: dict[str, str] = field(default_factory=dict)  # login → name shown
    terms: list[Term] = field(default_factory=list)
    whole: bool = True
    repaired: int = 0  # forbidden characters taken out

    @property
    def hosts(self) -> set[str]:
        """Without their « www. »."""
        return {host_of(site) for site in self.sites} - {"", "wordpress.com"}

    @property
    def identity(self) -> str:
        """Of the site among those of its host, whatever becomes of its scheme and its « www. »."""
        return host_of(self.blog) + self.home

    @property
    def home(self) -> str:
        """The folder of the site, « » when it has its host for itself: « /ville »."""
        return urlsplit(self.blog).path if host_of(self.blog) else ""

    def items(self) -> Iterator[Item]:
        """In the order of the file. Raises Unreadable."""
        stream = Stream(self.path)
        try:
            yield from self._items(stream)
        finally:
            stream.close()

    def _items(self, stream: Stream) -> Iterator[Item]:
        place, held = 0, None
        options: dict[str, Any] = {"recover": True, "resolve_entities": False, "no_network": True, "load_dtd": False}
        options |= {"remove_comments": True, "remove_pis": True, "huge_tree": False, "encoding": "utf-8"}
        for _, element in etree.iterparse(stream, events=("end",), tag=("{*}*",), **options):
            parent, name = element.getparent(), local(element)
            if name == "item":
                if held:
                    yield held
                place, held, stream.since = place + 1, _item(element, place + 1), 0
            elif parent is None or local(parent) != "channel":
                continue
            else:
                self._told(name, element)
            _forget(element)
        self.whole, self.repaired = stream.whole, stream.repaired
        if held:
            yield Item(place, held.id, held.type, held.title, link=held.link, cut=True) if _cut(stream) else held

    def _told(self, name: str, element: Any) -> None:
        """What stands beside the items."""
        told = {local(child): text_of(child) for child in element}
        number = int(told.get("term_id", "")) if told.get("term_id", "").isdecimal() else 0
        if name in ("link", "base_site_url", "base_blog_url"):
            if site := text_of(element).strip().rstrip("/"):
                self.sites += [site] if site not in self.sites else []
                self.blog = site if name == "base_blog_url" or not self.blog else self.blog
        elif name == "author" and told.get("author_login"):
            self.authors[told["author_login"]] = told.get("author_display_name", "").strip()
        elif name in TERMS:
            kind, slug, shown, parent = (told.get(key, "").strip() for key in TERMS[name])
            kind = kind or {"category": "category", "tag": "post_tag"}.get(name, "")
            if kind and slug:
                self.terms.append(Term(kind, slug, shown or slug, number, parent))


def _cut(stream: Stream) -> bool:
    return stream.inside and not stream.whole


def local(element: Any) -> str:
    """Its name without its namespace: addresses of the namespaces change with versions and exporters."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: Any) -> str:
    """All its text; when the HTML was left unescaped in the XML, as HTML again."""
    if len(element) == 0:
        return element.text or ""
    inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
    return re.sub(r' xmlns(?::\w+)?="[^"]*"', "", (element.text or "") + inner)


def _forget(element: Any) -> None:
    """Free what was read: the element, and what stands before it in the channel."""
    element.clear()
    parent = element.getparent()
    if parent is not None and local(parent) == "channel":
        while element.getprevious() is not None:
            del parent[0]


def _item(element: Any, place: int) -> Item:
    told: dict[str, str] = {}
    terms: list[Term] = []
    fields: dict[str, list[str]] = {}
    comments = 0
    for child in element:
        name = local(child)
        if name == "category":
            terms.append(_term(child))
        elif name == "postmeta":
            key, value = _pair(child)
            if key in FIELDS:
                fields.setdefault(key, []).append(value)
        elif name == "comment":
            comments += 1
        elif name == "encoded":
            told["excerpt" if "excerpt" in str(child.tag) else "content"] = text_of(child)
        elif name not in told:
            told[name] = text_of(child).strip()
    return Item(
        place=place,
        id=_number(told, "post_id"),
        type=told.get("post_type", "") or "post",
        title=told.get("title", ""),
        link=told.get("link", ""),
        slug=told.get("post_name", ""),
        status=told.get("status", "") or "publish",
        password=told.get("post_password", ""),
        date=told.get("post_date", ""),
        date_gmt=told.get("post_date_gmt", ""),
        parent=_number(told, "post_parent"),
        content=told.get("content", ""),
        excerpt=told.get("excerpt", ""),
        author=told.get("creator", ""),
        attachment=told.get("attachment_url", ""),
        comments=comments,
        terms=tuple(dict.fromkeys(terms)),
        fields=fields,
    )


def _term(element: Any) -> Term:
    """WXR 1.0 called tags « tag », and wrote each term twice."""
    kind = element.get("domain") or "category"
    name = text_of(element).strip()
    return Term("post_tag" if kind == "tag" else kind, element.get("nicename") or name, name)


def _pair(element: Any) -> tuple[str, str]:
    told = {local(child): text_of(child) for child in element}
    return told.get("meta_key", "").strip(), told.get("meta_value", "")


def _number(told: dict[str, str], name: str) -> int:
    text = told.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def host_of(address: str) -> str:
    """« https://www.example.org/x » → « example.org »."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
