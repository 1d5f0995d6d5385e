"""What the page of one document shows."""

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import formats
from django.utils.safestring import mark_safe

from network.models import Territory
from trajectoire.core import linked
from trajectoire.core.text import NBSP, day
from trajectoire.core.views import breadcrumb

from .access import allowed_access
from .cards import cover_url, date_label, drawn_cover, file_detail
from .citing.faces import NOTICES
from .citing.styles import citations
from .metadata.elements import elements
from .metadata.schema_org import work
from .models import Document, DocumentFile
from .related import related

LANGUAGES = {
    "fr": "français",
    "en": "anglais",
    "de": "allemand",
    "es": "espagnol",
    "it": "italien",
    "ar": "arabe",
    "pt": "portugais",
}
LICENCE_URLS = {
    "cc-by-sa": "https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
    "etalab": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}


def list_url(param: str, value: str) -> str:
    return f"{reverse('resources:list')}?{param}={value}"


def document_context(document: Document, user, *, is_preview: bool = False) -> dict:
    """The context of resources/document.html."""
    places, files = Territory.objects.defer("outline"), DocumentFile.objects.readable()
    prefetch_related_objects([document], "themes", Prefetch("territories", places), Prefetch("files", files))
    previous, following = _neighbours(document, user)
    return {
        "document": _facts(document, user) | _text(document) | _image(document) | {"is_preview": is_preview},
        "previous": previous,
        "next": following,
        "related": related(document, allowed_access(user)),
        "breadcrumb": _breadcrumb(document),
        "metadata": _metadata(document),
        "edit_url": reverse("admin:resources_document_change", args=[document.pk])
        if user.has_perm("resources.change_document")
        else "",
    }


def _metadata(document: Document) -> dict:
    """What machines read: nothing of a draft; schema.org for what everyone may read."""
    if not document.is_published:
        return {"elements": [], "linked": ""}
    way = linked.breadcrumbs(_breadcrumb(document), document.get_absolute_url())
    return {"elements": elements(document), "linked": linked.script(work(document), way) if document.is_public else ""}


def _breadcrumb(document: Document) -> list[dict[str, str]]:
    middle = (str(document.type), list_url("type", document.type.slug))
    if document.collection:
        middle = (document.collection.name, document.collection.get_absolute_url())
    return breadcrumb(("Ressources", reverse("resources:list")), middle, (document.title, ""))


def _facts(document: Document, user) -> dict:
    number = f"n°{NBSP}{document.number}" if document.number else ""
    return {
        "pk": document.pk if document.is_published else None,
        "title": document.title,
        "subtitle": document.subtitle,
        "slug": document.slug,
        "type_name": str(document.type),
        "type_slug": document.type.slug,
        "type_url": list_url("type", document.type.slug),
        "summary": document.summary,
        "authors": document.author_list,
        "publisher": document.publisher,
        "date_label": date_label(document),
        "date": document.date,
        "up_to_date_label": day(document.up_to_date_on),
        "themes": [{"label": t.name, "url": list_url("theme", t.slug)} for t in document.themes.all()],
        "territories": [{"label": t.name, "url": _territory_url(t)} for t in document.territories.all()],
        "audiences": [{"label": a.name, "url": list_url("public", a.slug)} for a in document.audiences.all()],
        "collection": document.collection
        and {"label": document.collection.name, "url": document.collection.get_absolute_url(), "number_label": number},
        "isbn": document.isbn,
        "issn": document.issn or (document.collection.issn if document.collection else ""),
        "pages": document.pages,
        "language": document.language,
        "language_label": LANGUAGES.get(document.language, document.language) if document.language != "fr" else "",
        "licence": {"label": document.get_licence_display(), "url": LICENCE_URLS.get(document.licence, "")},
        "external": document.external,
        "external_url": document.url,
        "event_note": document.event_note,
        "event": _event(document),
        "paper_available": document.paper_available,
        "order_url": f"{reverse('contact')}?objet=Commande papier : {document.title}"[:300],
        "is_demo": document.is_demo,
        "reserved": document.access == Document.Access.TRAINERS,
        "status": document.status,
        "citations": citations(document),
        "notices": [
            {"label": face.label, "url": reverse(f"resources:{face.extension}", args=[document.slug])} for face in NOTICES
        ],
        "network": _network(document),
        "files": [_file(file) for file in document.files.all()],
        **_replacements(document, user),
    }


def _territory_url(territory) -> str:
    if territory.has_page:
        return reverse("network:territory", args=[territory.code])
    return list_url("territoire", territory.code)


def _network(document: Document) -> list[dict[str, str]]:
    """The initiative it tells and the organisations behind it, when the directory shows them: [{label, url}]."""
    told = [document.initiative] if document.initiative and document.initiative.published else []
    behind = document.organisations.filter(published=True).only("name", "slug").order_by("name")
    return [{"label": entry.name, "url": entry.get_absolute_url()} for entry in (*told, *behind)]


def _event(document: Document) -> dict[str, str] | None:
    """The event it comes from, when everybody may know of it: {label, url}."""
    event = document.event
    return {"label": event.title, "url": event.get_absolute_url()} if event and event.is_public else None


def _replacements(document: Document, user) -> dict:
    """The newer and the older versions that this person may read."""
    visible = Document.objects.visible_to(user).only("title", "slug")
    newer = visible.filter(pk=document.replaced_by_id).first() if document.replaced_by_id else None
    return {
        "replaced_by": newer and {"title": newer.title, "url": newer.get_absolute_url()},
        "replaces": [{"title": d.title, "url": d.get_absolute_url()} for d in visible.filter(replaced_by=document)],
    }


def _file(file: DocumentFile) -> dict:
    return {
        "url": file.get_absolute_url(),
        "label": f"Télécharger le {file.label}" if file.label == "PDF" else "Télécharger le fichier",
        "title": file.title,
        "detail": file_detail(file),
        "name": file.name,
        "note": ""
        if file.tagged is not False or file.label != "PDF"
        else "Ce PDF n’est pas balisé : sa lecture vocale peut être difficile.",
    }


def _text(document: Document) -> dict:
    """The stored HTML (cleaned and rendered at save) and the parts of a fiche."""
    rendered = document.rendered
    sections = [section | {"html": mark_safe(section["html"])} for section in rendered.get("sections", [])]
    return {
        "body_html": mark_safe(rendered.get("html", "")),
        "toc": rendered.get("toc", []),
        "reading_minutes": rendered.get("minutes", 0),
        "fiche": _fiche(document, sections) if document.is_fiche else None,
    }


def _fiche(document: Document, sections: list[dict]) -> dict:
    return {
        "hook": document.hook,
        "carrier": document.carrier,
        "partners": [line.strip() for line in document.partners.splitlines() if line.strip()],
        "period_label": _period(document),
        "ongoing": document.ongoing,
        "sections": sections,
        "contact": document.contact,
        "writer": document.writer,
        "surveyed_label": day(document.surveyed_on),
        "quote": document.quote,
        "quote_author": document.quote_author,
        "key_figures": document.figures(),
    }


def _period(document: Document) -> str:
    """« depuis septembre 2021 », « de mars 2019 à juin 2022 », « jusqu’en juin 2022 » or nothing."""
    start, end = _month(document.started_on), _month(document.ended_on)
    if start and end:
        return f"de {start} à {end}"
    if start:
        return f"depuis {start}" if document.ongoing else f"à partir de {start}"
    return f"jusqu’en {end}" if end else ""


def _month(value) -> str:
    return formats.date_format(value, "F Y") if value else ""


def _image(document: Document) -> dict:
    url = cover_url(document)
    sources = []
    for kind in ("avif", "webp"):
        found = [r for r in document.cover_renditions if r["format"] == kind]
        if found:
            address = [f"{reverse('resources:cover', args=[document.slug, r['file']])} {r['width']}w" for r in found]
            sources.append({"type": f"image/{kind}", "srcset": ", ".join(address)})
    return {
        "cover_url": url,
        "cover_sources": sources,
        "cover_alt": document.cover_alt,
        "cover_credit": document.cover_credit,
        "cover_svg": "" if url else drawn_cover(document),
    }


def _neighbours(document: Document, user) -> tuple[dict | None, dict | None]:
    """The previous and next numbers of the collection that this person may read."""
    if document.collection_id is None or document.number is None:
        return None, None
    series = Document.objects.visible_to(user).filter(collection_id=document.collection_id).only("title", "slug", "number")
    before = series.filter(number__lt=document.number).order_by("-number").first()
    after = series.filter(number__gt=document.number).order_by("number").first()
    return tuple(d and {"title": d.title, "url": d.get_absolute_url(), "number": d.number} for d in (before, after))  # type: ignore[return-value]
