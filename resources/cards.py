"""How a document shows as a row of a list."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils import formats
from django.utils.safestring import SafeString

from trajectoire.core import search
from trajectoire.core.covers import cover_svg
from trajectoire.core.text import NBSP, day, file_size, plural

from .models import KIND, Document, DocumentFile


def date_label(document: Document) -> str:
    """The date as precise as it is known: « 12 mars 2024 », « mars 2024 », « 2024 »."""
    if document.date is None:
        return ""
    if document.date_precision == Document.Precision.DAY:
        return day(document.date)
    return formats.date_format(document.date, "F Y" if document.date_precision == Document.Precision.MONTH else "Y")


def drawn_cover(document: Document) -> SafeString:
    """The tile pattern of a document without a cover: same document, same cover."""
    themes = [theme.slug for theme in document.themes.all()]
    return cover_svg(document.slug, document.type.slug, themes[0] if themes else "")


def cover_url(document: Document) -> str:
    """Address of the small cover, or an empty string."""
    small = next((r for r in document.cover_renditions if r["format"] == "webp"), None)
    return reverse("resources:cover", args=[document.slug, small["file"]]) if small else ""


def file_detail(file) -> str:
    """« PDF, 1,2 Mo, 8 pages »."""
    parts = [file.label, file_size(file.size)]
    return ", ".join(parts + ([plural(file.pages, "page", "pages")] if file.pages else []))


def card(document: Document, hit: "search.Hit | None" = None) -> dict:
    """What components/card.html shows; `document` comes from `for_cards()`."""
    image = cover_url(document)
    themes = [theme.short_name or theme.name for theme in document.themes.all()[:2]]
    places = [territory.name for territory in document.territories.all()[:2]]
    pdf = next((f for f in document.files.all() if f.label == "PDF"), None)
    formats_ = f"PDF {pdf.pages}{NBSP}p." if pdf and pdf.pages else ""
    meta = [", ".join(themes), f"{NBSP}· ".join(places), date_label(document), formats_]
    return {
        "pk": document.pk,
        "title": document.title,
        "url": document.get_absolute_url(),
        "type_name": _type_name(document),
        "type_slug": document.type.slug,
        "summary": document.hook if document.is_fiche and document.hook else document.summary,
        "cover_url": image,
        "cover_alt": document.cover_alt,
        "cover_svg": "" if image else drawn_cover(document),
        "meta": [part for part in meta if part],
        "is_demo": document.is_demo,
        "reserved": document.access == Document.Access.TRAINERS,
        "language": "" if document.language == "fr" else document.language,
        **_passage(document, hit),
    }


def _type_name(document: Document) -> str:
    if document.collection and document.number:
        return f"{document.type} n°{NBSP}{document.number}"
    return str(document.type)


def _passage(document: Document, hit: "search.Hit | None") -> dict:
    """The excerpt of a hit, the page of the PDF it comes from, which opens there, and some of the other pages."""
    files = {file.pk: file for file in document.files.all()} if hit else {}
    if hit is None or not files:
        return {"excerpt": hit.excerpt if hit else "", "page_label": "", "page_url": "", "pages_label": "", "pages": []}
    here = _page(files, hit.file_id, hit.page)
    others = [link for link in (_page(files, *place) for place in hit.other_pages) if link]
    words = ("autre page", "autres pages") if here else ("page du PDF", "pages du PDF")
    count = plural(hit.more_pages, *words)
    return {
        "excerpt": hit.excerpt,
        "page_label": here["label"] + (" du PDF" if len(files) == 1 else "") if here else "",
        "page_url": here["url"] if here else "",
        "pages_label": (count if hit.more_pages == len(others) else f"{count}, dont") if others else "",
        "pages": others,
    }


def _page(files: Mapping[int, DocumentFile], file_id: int | None, number: int | None) -> dict[str, str]:
    """{label, url} of a page, with the name of its file when there are several; nothing when the file has just gone."""
    file = files.get(file_id or 0)
    if file is None:
        return {}
    name = f" de «{NBSP}{file.title or file.name}{NBSP}»" if len(files) > 1 else ""
    return {"label": f"page {number}{name}", "url": f"{file.get_absolute_url()}#page={number}"}


def cards_of(hits: Sequence["search.Hit"]) -> list[dict]:
    """The cards of the engine's hits, in their order; a hit whose row has just gone is left out."""
    rows = {d.pk: d for d in Document.objects.for_cards().filter(pk__in=[hit.pk for hit in hits if hit.kind == KIND])}
    return [card(rows[hit.pk], hit) for hit in hits if hit.pk in rows]
