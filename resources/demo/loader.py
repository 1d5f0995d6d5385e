"""Fills the library with the demonstration: documents, PDFs made from their texts, drawn covers, old addresses.

What exists stays as people left it: a document whose slug is known is never touched again.
"""

import datetime
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from network.demo.loader import initiative_of_fiche
from network.events.demo.loader import event_of_document
from network.events.models import Event
from network.models import Audience, Initiative, Territory, Theme
from resources.booklet import document_pdf
from resources.intake import Accepted, attach, make_cover
from resources.models import Collection, Document, DocumentType
from resources.reading import KINDS
from resources.reference import load_types
from trajectoire.core import search
from trajectoire.core.redirects import OldAddress

from . import pictures, texts

OLD_ADDRESSES = {
    "/publication/journal-cetavou/": "/ressources/collections/cetavou/",
    "/publication/lettre-dinformation/": "/ressources/collections/lettre-information/",
    "/publication/fiches-experience/": "/ressources/?type=fiche-experience",
    "/publication/les-actes/": "/ressources/collections/les-actes/",
    "/actualite/62-quartiers-prioritaires/": "/ressources/note-de-58-a-62-quartiers/",
    "/actualite/journee-de-la-laicite/": "/vrl/",
}


Progress = Callable[[int, int], object]


def load(progress: Progress = lambda done, total: None, workers: int | None = None) -> dict[str, int]:
    """Create what is missing; how many documents, PDFs and covers were made.

    `progress(done, total)` hears of each PDF; `workers`: how many are made at a time, one a processor without it.
    """
    wanted = texts.read()
    load_types()
    with search.paused():
        created = load_documents(wanted)
        covers = load_pictures()
        pdfs = load_pdfs([text.slug for text in wanted if text.wants_pdf], progress, workers)
        load_old_addresses()
    return {"documents": created, "pdfs": pdfs, "covers": covers}


@transaction.atomic
def load_documents(wanted: Iterable[texts.Text]) -> int:
    known = set(Document.objects.values_list("slug", flat=True))
    missing = [text for text in wanted if text.slug not in known]
    types = {row.slug: row for row in DocumentType.objects.all()}
    series = {row.slug: row for row in Collection.objects.all()}
    events = {row.slug: row for row in Event.objects.filter(is_demo=True)}
    initiatives = {row.slug: row for row in Initiative.objects.filter(is_demo=True).prefetch_related("carriers")}
    made = {text.slug: make_document(text, types, series, initiatives) for text in missing}
    for slug, document in made.items():
        document.event = events.get(event_of_document().get(slug, ""))
    Document.objects.bulk_update([document for document in made.values() if document.event], ["event"])
    link(missing, made)
    return len(made)


def make_document(
    text: texts.Text, types: dict[str, DocumentType], series: dict[str, Collection], initiatives: dict[str, Initiative]
) -> Document:
    document = Document(
        slug=text.slug,
        type=types[text.values["type"]],
        collection=series[text.values["collection"]] if "collection" in text.values else None,
        initiative=initiatives.get(initiative_of_fiche().get(text.slug, "")),
        is_demo=True,
        **{"status": Document.Status.PUBLISHED, **text.columns},
    )
    document.publish_at = published_at(document)
    # One version of each in the history, written once it is whole.
    document.skip_history_when_saving = True  # type: ignore[attr-defined]
    document.save()
    del document.skip_history_when_saving  # type: ignore[attr-defined]
    return document


def published_at(document: Document) -> datetime.datetime | None:
    """A document is online since nine in the morning of its date, and today at the latest."""
    if document.status == Document.Status.DRAFT or document.date is None:
        return None
    morning = datetime.datetime.combine(document.date, datetime.time(9), timezone.get_current_timezone())
    return min(morning, timezone.now())


def link(wanted: list[texts.Text], made: dict[str, Document]) -> None:
    """Themes, territories, audiences and replacements, then the first version in the history."""
    themes = {row.slug: row for row in Theme.objects.all()}
    audiences = {row.slug: row for row in Audience.objects.all()}
    codes = {code for text in wanted for code in text.links["territories"]}
    territories = {row.code: row for row in Territory.objects.filter(code__in=codes).defer("outline")}
    to_theme, to_territory = Document.themes.through, Document.territories.through
    to_organisation = Document.organisations.through
    to_organisation.objects.bulk_create(
        to_organisation(document=document, organisation=carrier)
        for document in made.values()
        if document.initiative
        for carrier in document.initiative.carriers.all()
    )
    to_theme.objects.bulk_create(
        to_theme(document=made[text.slug], theme=themes[code]) for text in wanted for code in text.links["themes"]
    )
    to_territory.objects.bulk_create(
        to_territory(document=made[text.slug], territory=territories[code])
        for text in wanted
        for code in text.links["territories"]
    )
    for text in wanted:
        document = made[text.slug]
        document.audiences.set([audiences[code] for code in text.links["audiences"]])  # this writes the version
        if newer := text.values.get("replaced_by"):
            Document.objects.filter(pk=document.pk).update(replaced_by=Document.objects.get(slug=newer))
    Document.history.filter(id__in=[document.pk for document in made.values()]).update(history_type="+")


def load_pdfs(slugs: list[str], progress: Progress, workers: int | None = None) -> int:
    """A PDF for each of these documents that has no file yet, several at a time: reading them takes the longest."""
    found = Document.objects.filter(slug__in=slugs, files__isnull=True, is_demo=True)
    wanted = list(found.order_by("slug").values_list("pk", flat=True))
    done = 0
    for done, _ in enumerate(each(wanted, workers or min(8, os.cpu_count() or 1)), start=1):
        progress(done, len(wanted))
    return done


def each(wanted: list[int], workers: int) -> Iterator[None]:
    """One step a PDF, as they are made."""
    if workers == 1:
        yield from map(load_pdf, wanted)
    else:
        with ThreadPoolExecutor(workers) as pool:
            yield from pool.map(load_pdf_apart, wanted)


def load_pdf_apart(pk: int) -> None:
    """The same in a thread, which has a connection of its own."""
    with closing(connection), search.paused():
        load_pdf(pk)


def load_pdf(pk: int) -> None:
    """Make, attach and have read the PDF of one document."""
    document = Document.objects.select_related("type", "collection").get(pk=pk)
    # Made here, so there is nothing to check before it is kept; it is read like any other.
    attach(document, Accepted(KINDS["pdf"], f"{document.slug}.pdf", ContentFile(document_pdf(document)), []))


def load_pictures() -> int:
    """Covers drawn for a few documents; one that has a cover keeps it."""
    made = 0
    for slug, picture in pictures.PICTURES.items():
        document = Document.objects.filter(slug=slug, is_demo=True, cover_alt="").first()
        if document is not None:
            make_cover(document, pictures.draw(picture))
            Document.objects.filter(pk=document.pk).update(cover_alt=picture.alt, cover_credit=pictures.CREDIT)
            made += 1
    return made


def load_old_addresses() -> None:
    rows = [OldAddress(path=path, target=target) for path, target in OLD_ADDRESSES.items()]
    OldAddress.objects.bulk_create(rows, ignore_conflicts=True)
