"""The page of a selection and its files. Reserved documents are left out for those who may not read them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from trajectoire.core.faces import Face
from trajectoire.core.text import plural
from trajectoire.core.views import breadcrumb

from ..cards import card
from ..models import Document
from . import chosen
from .bibliography import bibliography_pdf
from .formats import FORMATS, TITLE


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`/panier/?d=12,15`: the documents of the address; the browser's own are sent there by static/js/selection.js."""
    documents = chosen.for_page(request)
    pks = [document.pk for document in documents]
    context = {
        "title": TITLE,
        "ids": ",".join(map(str, pks)),
        "total_label": plural(len(pks), "document", "documents"),
        "cards": [_card(document, pks) for document in documents],
        "downloads": downloads(pks) if pks else [],
        "asked": bool(chosen.keys(request)),
        "share_url": settings.SITE_URL + reverse("selection") + chosen.query(pks),
        "breadcrumb": breadcrumb((TITLE, "")),
    }
    return render(request, "resources/selection.html", context)


def _card(document: Document, pks: list[int]) -> dict[str, Any]:
    rest = [pk for pk in pks if pk != document.pk]
    return card(document) | {"remove_url": reverse("selection") + chosen.query(rest)}


def downloads(pks: list[int]) -> list[dict[str, str]]:
    """[{label, url}] of every file made of a selection."""
    query = chosen.query(pks)
    files = [("Bibliographie en PDF", reverse("selection_pdf"))]
    files += [(face.label, reverse(f"selection_{face.extension}")) for face in FORMATS]
    return [{"label": label, "url": url + query} for label, url in files]


def _documents(request: HttpRequest) -> list[Document]:
    """What the address names and this person may read; 404 when nothing is left."""
    documents = chosen.for_exports(request)
    if not documents:
        raise Http404
    return documents


@login_not_required
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The bibliography, as one tagged PDF."""
    name = content_disposition_header(as_attachment=False, filename="bibliographie.pdf")
    content = bibliography_pdf(_documents(request), timezone.localdate())
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name or "inline"})


@login_not_required
@require_safe
def export(request: HttpRequest, face: Face) -> HttpResponse:
    """A selection in one of the formats."""
    name = content_disposition_header(as_attachment=True, filename=f"selection.{face.extension}")
    content = b"".join(face.write(_documents(request)))
    return HttpResponse(content, content_type=face.media_type, headers={"Content-Disposition": name or ""})
