"""The kit as trainers read it: what is current, by sequence, what is new, what each keeps; the archive of its files."""

import datetime
from collections.abc import Iterable
from functools import partial
from typing import Any, BinaryIO, cast

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from resources.cards import file_detail
from resources.models import Document, DocumentFile
from trajectoire.core import search
from trajectoire.core.archives import FixedArchive, Stored
from trajectoire.core.text import NBSP, plural, slug_of

from .kit_part import Favourite, KitPart, KitPartQuerySet
from .trainer import Trainer

LENGTHS = {"2-jours": "Kit de 2 jours", "1-jour": "Kit de 1 jour"}
KEPT = "favoris"
FOUND = 50


def parts(length: str = "", trainer: Trainer | None = None) -> KitPartQuerySet:
    """The current parts of one length, those this trainer keeps (« favoris »), or all of them, as rows show them."""
    readable = DocumentFile.objects.readable()
    found = (
        KitPart.objects.current()
        .select_related("document")
        .defer("document__body", "document__rendered")
        .prefetch_related(Prefetch("document__files", readable), "document__replaces__kit_part")
    )
    if length == "2-jours":
        found = found.filter(in_two_days=True)
    if length == "1-jour":
        found = found.filter(in_one_day=True)
    if length == KEPT:
        found = found.filter(document__in=Favourite.objects.filter(trainer=trainer).values("document"))
    return found


def get_part(slug: str) -> KitPart:
    """A part on the site, old versions included; 404 otherwise. For who has entered the area."""
    part = KitPart.objects.reserved().select_related("document__replaced_by__kit_part").filter(document__slug=slug).first()
    if part is None:
        raise Http404
    return part


def row(part: KitPart, kept: set[int], since: datetime.datetime | None) -> dict[str, Any]:
    """What a line of the kit shows."""
    document = part.document
    replaced = [f"{one.title}{_version(one)}" for one in document.replaces.all()]
    facts = [part.get_kind_display(), f"{part.minutes}{NBSP}min" if part.minutes else "", part.version_label]
    return {
        "pk": document.pk,
        "slug": document.slug,
        "title": document.title,
        "url": part.get_absolute_url(),
        "summary": document.summary,
        "facts": [fact for fact in facts if fact],
        "changes": part.changes,
        "replaced": replaced,
        "is_new": bool(since and document.publish_at and document.publish_at > since),
        "kept": document.pk in kept,
        "keep_url": reverse("vrl:kit_keep", args=[document.slug]),
        "files": [
            {"url": file.get_absolute_url(), "name": str(file), "detail": file_detail(file)} for file in document.files.all()
        ],
    }


def _version(document: Document) -> str:
    part = getattr(document, "kit_part", None)
    return f" ({part.version_label})" if part and part.version_label else ""


def rows(found: Iterable[KitPart], trainer: Trainer | None) -> list[dict[str, Any]]:
    kept = set(Favourite.objects.filter(trainer=trainer).values_list("document", flat=True)) if trainer else set()
    return [row(part, kept, trainer.seen_before if trainer else None) for part in found]


def grouped(found: Iterable[KitPart], trainer: Trainer | None) -> list[dict[str, Any]]:
    """[{title, anchor, rows}]: what serves everywhere, then each sequence."""
    ordered = sorted(found, key=lambda part: (part.sequence or 0, part.kind, part.document.title))
    shown = dict(zip([part.pk for part in ordered], rows(ordered, trainer), strict=True))
    groups: dict[int, list[dict[str, Any]]] = {}
    for part in ordered:
        groups.setdefault(part.sequence or 0, []).append(shown[part.pk])
    return [
        {"title": f"Séquence {number}" if number else "Pour tout le kit", "anchor": f"sequence-{number}", "rows": lines}
        for number, lines in groups.items()
    ]


def looked_for(words: str, length: str, trainer: Trainer | None) -> list[dict[str, Any]]:
    """The parts that the engine finds, the closest first, each with the passage and the page: as lines of the kit."""
    wanted = ["kit"] if length not in LENGTHS else [length]
    asked = search.Query(
        text=words,
        kinds=("document",),
        filters={"kit": wanted},
        access=frozenset({Document.Access.TRAINERS}),
        size=FOUND,
        strict=True,
    )
    known = {part.document_id: part for part in parts(length, trainer)}
    hits = [hit for hit in search.query(asked).hits if hit.pk in known]
    lines = rows([known[hit.pk] for hit in hits], trainer)
    return [line | _passage(known[hit.pk], hit) for line, hit in zip(lines, hits, strict=True)]


def _passage(part: KitPart, hit: "search.Hit") -> dict[str, str]:
    file = next((file for file in part.document.files.all() if file.pk == hit.file_id), None)
    page = {"label": f"page{NBSP}{hit.page}", "url": f"{file.get_absolute_url()}#page={hit.page}"} if file else {}
    return {"excerpt": hit.excerpt, "page_label": page.get("label", ""), "page_url": page.get("url", "")}


def files_of(found: Iterable[KitPart]) -> list[tuple[str, DocumentFile]]:
    """[(name in the archive, file)] of what is in the storage, in an order that does not change."""
    named: dict[str, DocumentFile] = {}
    for part in sorted(found, key=lambda part: (part.sequence or 0, part.document.slug)):
        folder = f"sequence-{part.sequence:02}" if part.sequence else "tout-le-kit"
        for file in sorted(part.document.files.all(), key=lambda file: (file.order, file.pk)):
            name = f"{folder}/{slug_of(part.document.title, length=60)}-{file.name}"
            named[name if name not in named else f"{folder}/{file.pk}-{file.name}"] = file
    return [(name, file) for name, file in named.items() if file.file.storage.exists(str(file.file.name))]


def archive(files: Iterable[tuple[str, DocumentFile]]) -> FixedArchive:
    return FixedArchive(
        [
            Stored(name, file.size, str(file.file.name), timezone.localtime(file.created_at), partial(_opened, file))
            for name, file in files
        ]
    )


def _opened(file: DocumentFile) -> BinaryIO:
    return cast(BinaryIO, file.file.storage.open(str(file.file.name), "rb"))


def counted(found: list[dict[str, Any]]) -> str:
    return plural(len(found), "partie", "parties")
