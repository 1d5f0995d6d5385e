"""The notice of one document, for the tools that keep references."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from trajectoire.core.faces import Face

from ..access import get_document_for


@login_not_required
@require_safe
def notice(request: HttpRequest, slug: str, face: Face) -> HttpResponse:
    """One document in a format of citation; 404 for those who may not read it, and once it is withdrawn."""
    document = get_document_for(request.user, slug)
    if not document.is_published:
        raise Http404
    name = content_disposition_header(as_attachment=True, filename=f"{slug}.{face.extension}")
    return HttpResponse(
        b"".join(face.write([document])),
        content_type=face.media_type,
        headers={"Content-Disposition": name or ""},
    )
