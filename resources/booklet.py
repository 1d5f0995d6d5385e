"""A document as a publication on A4: a tagged PDF in the look of the site (the drawing is in data/booklet.typ)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats
from django.utils.text import Truncator

from trajectoire.core.pdf import typst_pdf
from trajectoire.core.text import NBSP, day
from trajectoire.core.typeset import html_to_typst

from .cards import date_label, drawn_cover
from .fiches import SECTIONS
from .models import Document

TEMPLATE = Path(__file__).parent / "data" / "booklet.typ"
HEADINGS_FOR_CONTENTS = 4
RUNNING_TITLE = 90  # characters that fit in the header of a page


def document_pdf(document: Document) -> bytes:
    """The publication made of a stored document's text: a PDF/UA-1 file."""
    return typst_pdf(TEMPLATE.read_text(encoding="utf-8"), contents(document))


def contents(document: Document) -> dict[str, Any]:
    """What booklet.typ draws. Territories, themes and audiences come from the database."""
    body = html_to_typst(document.body)
    sections = [
        {"title": title, "body": html_to_typst(value, under=1)}
        for name, title, _ in SECTIONS
        if (value := getattr(document, name))
    ]
    return {
        "title": document.title,
        "short": Truncator(document.title).chars(RUNNING_TITLE),
        "subtitle": document.subtitle,
        "kind": kind_label(document),
        "hook": document.hook,
        "summary": document.summary,
        # Alone in a file, an SVG names its vocabulary.
        "cover": drawn_cover(document).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        "is_demo": document.is_demo,
        "authors": document.author_list,
        "publisher": document.publisher,
        "places": names(document.territories.all()),
        "date": date_label(document),
        "figures": document.figures()[:4],
        "facts": facts(document) if document.is_fiche else [],
        "contents": body.count("#heading(level: 1)") >= HEADINGS_FOR_CONTENTS,
        "body": body,
        "sections": sections,
        "quote": document.quote,
        "quote_author": document.quote_author,
        "credits": credit_lines(document),
    }


def kind_label(document: Document) -> str:
    number = f"n°{NBSP}{document.number}" if document.collection and document.number else ""
    return f"{document.type} {number}".strip()


def names(rows: Iterable[Any]) -> str:
    return f"{NBSP}· ".join(row.name for row in rows)


def facts(document: Document) -> list[tuple[str, str]]:
    """The side of a fiche: [(label, value)], without the empty ones."""
    partners = ", ".join(line.strip() for line in document.partners.splitlines() if line.strip())
    lines = [
        ("Porteur", document.carrier),
        ("Partenaires", partners),
        ("Période", period(document)),
        ("Publics", names(document.audiences.all())),
        ("Thèmes", names(document.themes.all())),
        ("Contact", document.contact),
    ]
    return [line for line in lines if line[1]]


def period(document: Document) -> str:
    """« septembre 2021 – juin 2023 », « depuis septembre 2021 »."""
    start, end = (formats.date_format(day, "F Y") if day else "" for day in (document.started_on, document.ended_on))
    if start and not end:
        return f"depuis {start}"
    return " – ".join(part for part in (start, end) if part)


def credit_lines(document: Document) -> list[tuple[str, str]]:
    """Who wrote it, when it was right, how it may be used again: [(label, value)], without the empty ones."""
    series = document.collection
    issn = document.issn or (series.issn if series else "")
    surveyed = day(document.surveyed_on)
    checked = day(document.up_to_date_on)
    lines = [
        ("Rédaction", document.writer or ", ".join(document.author_list)),
        ("Enquête", surveyed),
        ("Collection", f"{series.name}{f', n°{NBSP}{document.number}' if document.number else ''}" if series else ""),
        ("ISSN", issn),
        ("ISBN", document.isbn),
        ("Issu de", document.event_note),
        ("À jour au", checked),
        ("Licence", document.get_licence_display()),
        ("Accès", f"réservé{NBSP}: {document.get_access_display()}" if document.access != Document.Access.PUBLIC else ""),
        ("En ligne", f"{settings.SITE_URL}{document.get_absolute_url()}"),
        (
            "Démonstration",
            "Ce texte a été écrit pour montrer le site\u00a0: personnes, structures et chiffres sont imaginés."
            if document.is_demo
            else "",
        ),
    ]
    return [line for line in lines if line[1]]
