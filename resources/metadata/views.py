"""The picture of a document for social networks."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from ..models import Document
from . import card as cards


@login_not_required
@require_safe
def card(request: HttpRequest, slug: str, digest: str) -> HttpResponseBase:
    """A PNG for public documents only, whoever asks; the address of an older picture leads to the present one."""
    document = get_object_or_404(Document.objects.public().select_related("type"), slug=slug)
    if len(digest) != cards.MARK or not digest.isalnum():
        raise Http404
    if digest != cards.digest(document):
        return redirect("resources:card", slug, cards.digest(document))
    response = HttpResponse(cards.picture(document), content_type="image/png")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # shown by other sites, that is its purpose
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    return response
