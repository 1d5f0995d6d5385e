"""The one address of the protocol."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from .answers import answer, refusal
from .requests import OaiError, arguments


@csrf_exempt  # reads only, whatever the method; harvesters have no cookie
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """GET and POST are the same question. What is reserved is never there, whoever asks."""
    query = request.POST if request.method == "POST" else request.GET
    try:
        content = answer(arguments(query))
    except OaiError as error:
        content = refusal(error, query.dict())
    # Each answer bears its moment: it is never the same twice.
    return HttpResponse(content, content_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-store"})
