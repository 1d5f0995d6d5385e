"""A citation written in a style: ISO 690 in French, APA, Chicago, by citeproc-py and the styles of the CSL project."""

import json
import re
import threading
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source.json import CiteProcJSON
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ..models import Document
from .csl import item

FOLDER = Path(__file__).parent.parent / "data" / "csl"
STYLES = {
    "iso690": ("ISO 690", "iso690-author-date-fr.csl"),
    "apa": ("APA", "apa.csl"),
    "chicago": ("Chicago", "chicago-notes-bibliography-fr.csl"),
}
KEPT = 2_000  # citations remembered by a process
UNUSED = ("abstract", "keyword", "event-title")
# Kinds that a style cuts down to almost nothing, made for courts of law or credits of films.
WRITTEN_AS = {"legislation": "document", "motion_picture": "document"}
APOSTROPHE = re.compile(r"(?<=à l)\W(?=adresse)")
CONSULTED = re.compile(r"Consulté (?=\d)")  # a word that the French terms of the processor leave out
NOBODY = "[s. n.]"  # sine nomine: what catalogues write for an unknown publisher
# citeproc-py escapes nothing of the data: italics are marked by private characters, then the whole is escaped.
OPEN, CLOSE = "\ue000", "\ue001"
PRIVATE = dict.fromkeys(map(ord, (OPEN, CLOSE)))
_writing = threading.Lock()  # the objects of citeproc-py hold the state of what they are writing


def _italic(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


FORMATTER = SimpleNamespace(
    preformat=str,
    Italic=_italic,
    Oblique=_italic,
    **dict.fromkeys(["Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps"], str),
)


def citations(document: Document) -> list[dict[str, Any]]:
    """[{id, label, html}] in each style, for a document that comes from `for_exports()`."""
    cited = item(document)
    return [{"id": style, "label": label, "html": html(cited, style)} for style, (label, _) in STYLES.items()]


def html(cited: dict[str, Any], style: str) -> SafeString:
    """One CSL item in a style: text with <i> around titles, everything else escaped."""
    text = escape(written(cited, style))
    return mark_safe(text.replace(OPEN, "<i>").replace(CLOSE, "</i>"))


def plain(cited: dict[str, Any], style: str) -> str:
    return written(cited, style).translate(PRIVATE)


def written(cited: dict[str, Any], style: str) -> str:
    """The citation with its italics marked; the day of consultation is today, where the style asks for it."""
    known = {key: value for key, value in cited.items() if key not in UNUSED}
    known["type"] = WRITTEN_AS.get(cited["type"], cited["type"])
    if "author" not in known:
        known["author"] = [{"literal": known.get("publisher", NOBODY)}]
    if style != "chicago":
        today = timezone.localdate()
        known["accessed"] = {"date-parts": [[today.year, today.month, today.day]]}
    if style == "apa" and "issued" in known:  # it would write the day after the month, as in English
        known["issued"] = {"date-parts": [known["issued"]["date-parts"][0][:2]]}
    return _written(json.dumps(known, sort_keys=True), style)


@lru_cache(maxsize=KEPT)
def _written(cited: str, style: str) -> str:
    source = CiteProcJSON([json.loads(cited, object_hook=_without_private_characters)])
    with _writing:
        bibliography = CitationStylesBibliography(_style(style), source, FORMATTER)
        bibliography.register(Citation([CitationItem(key) for key in source]))
        [text] = bibliography.bibliography()
    return CONSULTED.sub("Consulté le ", APOSTROPHE.sub("’", str(text).strip()))


def _without_private_characters(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.translate(PRIVATE) if isinstance(value, str) else value for key, value in values.items()}


@cache
def _style(name: str) -> CitationStylesStyle:
    return CitationStylesStyle(str(FOLDER / STYLES[name][1]), locale="fr-FR", validate=False)
