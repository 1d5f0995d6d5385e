"""What must be known of a whole export before its first content is brought: attachments, who shows them, sorts of contents."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path

from trajectoire.core.prose import plain

from . import elementor, uploads
from .choices import PAGE, TYPE, Key
from .names import TECHNICAL
from .wxr import Export, Item, Term

LARGEST_BLOCKS = 5_000_000  # characters of reusable blocks that are kept at hand
CUT = "La fin du fichier manque, et ce contenu avec elle : exportez à nouveau le site."
DUSTBIN = "Dans la corbeille de l’ancien site."


@dataclass(frozen=True, slots=True)
class Attachment:
    id: int
    path: str  # under uploads: « 2019/03/guide.pdf »
    address: str
    title: str
    alt: str
    link: str  # its own page
    parent: int

    @property
    def is_picture(self) -> bool:
        return uploads.is_picture(self.path)


@dataclass
class Survey:
    """Kept in memory: one line by attachment, none by content but for those that show files."""

    export: Export
    attachments: dict[int, Attachment] = field(default_factory=dict)
    by_path: dict[str, int] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=dict)
    shown: dict[int | str, str] = field(default_factory=dict)  # attachment (its number or its path) → title of who shows it
    titles: dict[int, str] = field(default_factory=dict)  # of contents to which something is attached
    galleries: set[int] = field(default_factory=set)
    blocks: dict[int, str] = field(default_factory=dict)
    days: set[str] = field(default_factory=set)  # « 2019-06-03 », of what was published
    found: Counter[Key] = field(default_factory=Counter)
    names: dict[Key, str] = field(default_factory=dict)

    def owner(self, attachment: Attachment) -> str:
        """The title of the content it goes with; nothing when no content shows it."""
        shown = self.shown.get(attachment.id) or self.shown.get(uploads.original(attachment.path))
        if shown or attachment.parent not in self.titles:
            return shown or ""
        follows = not attachment.is_picture or attachment.parent in self.galleries
        return self.titles[attachment.parent] if follows else ""

    def terms(self) -> Iterator[Term]:
        """Those of the head, then those that only contents name."""
        yield from self.export.terms
        said = {(term.kind, term.slug) for term in self.export.terms}
        others = (key for key in self.found if key not in said and key[0] not in (TYPE, PAGE))
        yield from (Term(kind, slug, self.names[kind, slug]) for kind, slug in others)

    def sorts(self) -> dict[Key, tuple[str, int]]:
        """{(kind, slug): (name, number of contents)} for the table of choices."""
        names = self.names | {(term.kind, term.slug): term.name for term in self.export.terms}
        return {key: (names[key], uses) for key, uses in self.found.items()}


@lru_cache(maxsize=1)
def _surveyed(path: Path, stamp: tuple[int, int]) -> Survey:
    survey = Survey(Export(path))
    for item in survey.export.items():
        _note(survey, item)
    for attachment in survey.attachments.values():
        survey.by_path.setdefault(uploads.original(attachment.path), attachment.id)
        if attachment.parent:
            survey.children.setdefault(attachment.parent, []).append(attachment.id)
    return survey


def survey_of(path: Path) -> Survey:
    """One reading of the file; the same answer as long as it does not change. Raises Unreadable."""
    stat = path.stat()
    return _surveyed(path, (stat.st_size, stat.st_mtime_ns))


def refusal(item: Item) -> str:
    """Why a content is left, whatever staff chose; nothing when it may come."""
    if item.cut:
        return CUT
    if item.type in TECHNICAL:
        return TECHNICAL[item.type]
    if item.status in ("trash", "auto-draft", "spam"):
        return DUSTBIN
    if item.type != "attachment" and not item.title.strip() and not body_of(item).strip():
        return "Contenu vide : ni titre, ni texte."
    return ""


def title_of(item: Item) -> str:
    return " ".join(unescape(plain(item.title)).split())


def body_of(item: Item) -> str:
    """Its text as WordPress or Elementor kept it."""
    return item.content if item.content.strip() else elementor.html_of(item.first("_elementor_data"))


def _note(survey: Survey, item: Item) -> None:
    if item.type == "wp_block" and sum(map(len, survey.blocks.values())) + len(item.content) < LARGEST_BLOCKS:
        survey.blocks[item.id] = item.content
    if refusal(item):
        return
    if item.type == "attachment":
        _note_attachment(survey, item)
        return
    title = title_of(item) or f"n° {item.id}"
    survey.titles[item.id] = title[:200]
    if item.status == "publish" and item.type == "post":
        survey.days.add(item.date[:10])
    content = body_of(item)
    for path, _ in uploads.cited(content, survey.export.hosts):
        survey.shown.setdefault(uploads.original(path), title)
    for number in uploads.named(content):
        survey.shown.setdefault(number, title)
    if (thumbnail := item.first("_thumbnail_id")).isdecimal():
        survey.shown.setdefault(int(thumbnail[:15]), title)
    if uploads.shows_all(content):
        survey.galleries.add(item.id)
    for key, name in _sorts(item):
        survey.found[key] += 1
        survey.names.setdefault(key, name)


def _note_attachment(survey: Survey, item: Item) -> None:
    kept = item.first("_wp_attached_file")
    path = kept or uploads.path_of(item.attachment or "", survey.export.hosts | {""}) or item.attachment.rsplit("/", 1)[-1]
    alt = item.first("_wp_attachment_image_alt")
    survey.attachments[item.id] = Attachment(item.id, path, item.attachment, title_of(item), alt.strip(), item.link, item.parent)


def _sorts(item: Item) -> Iterator[tuple[Key, str]]:
    yield (TYPE, item.type), item.type
    if item.type == "page":
        yield (PAGE, item.slug), title_of(item)
    yield from (((term.kind, term.slug), term.name) for term in item.terms if term.kind != "post_format")
