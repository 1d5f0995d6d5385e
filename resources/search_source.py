"""What the search engine knows of documents."""

from django.db.models import Q

from trajectoire.core import search
from trajectoire.core.prose import sentences

from .cards import cards_of, date_label
from .models import KIND, Document, FilePage

BODY_FIELDS = ["hook", "context", "objectives", "process", "means", "results", "levers", "transferability", "quote", "carrier"]


def documents():
    """Every document, whatever its state, with what its entry needs, in a constant number of queries a batch."""
    return (
        Document.objects.select_related("type", "collection", "event", "kit_part")
        .prefetch_related(
            "themes__parent", "territories__communes", "territories__departments", "audiences", "organisations", "files__texts"
        )
        .order_by("pk")
    )


def entry(document: Document) -> "search.Entry | None":
    """The entry of a document that is (or will be) published; None keeps it out of the index."""
    if document.status != Document.Status.PUBLISHED:
        return None
    themes = document.themes.all()
    return search.Entry(
        pk=document.pk,
        title=document.title,
        url=document.get_absolute_url(),
        access=document.access,
        visible_from=document.publish_at,
        themes_text=" ".join([theme.name for theme in themes] + [str(document.type)]),
        places_text=" ".join(territory.name for territory in document.territories.all()),
        summary=" ".join([document.subtitle, document.summary]),
        body=sentences("<p>".join([document.body, *(getattr(document, name) for name in BODY_FIELDS)])),
        pages=[_page(page) for file in document.files.all() for page in file.texts.all()],
        names=" ".join(
            [*document.author_list, document.publisher, *(o.name for o in document.organisations.all()), *_event(document)]
        ),
        date=document.date,
        facets={
            "type": [document.type.slug],
            "theme": sorted({slug for t in themes for slug in (t.slug, t.parent.slug if t.parent else t.slug)}),
            "territory": sorted({code for t in document.territories.all() for code in t.containing_codes()}),
            "audience": [audience.slug for audience in document.audiences.all()],
            "year": [str(document.date.year)] if document.date else [],
            "collection": [document.collection.slug] if document.collection else [],
            "kit": _kit(document),
        },
        jump=f"{document.type} · {date_label(document)}",
    )


def _kit(document: Document) -> list[str]:
    """Where it stands in the trainers' kit, which the layer above ties to it."""
    part = getattr(document, "kit_part", None)
    return part.search_values if part else []


def _event(document: Document) -> list[str]:
    """The event it comes from, when everybody may know of it."""
    return [document.event.title] if document.event and document.event.is_public else []


def _page(page: FilePage) -> "search.PageText":
    return search.PageText(file_id=page.file_id, number=page.number, text=page.text)


def database_search(text: str, access: frozenset[str]):
    """The plain search of the degraded mode: every word somewhere in the title or the summary."""
    found = Document.objects.published().filter(access__in=access)
    for word in text.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    return found.newest_first()


SOURCE = search.Source(
    kind=KIND,
    label="Ressources",
    queryset=documents,
    entry=entry,
    model="resources.Document",
    database_search=database_search,
    param="ressources",
    cards=cards_of,
    order=20,
)
