"""No longer receiving the mails of the kit or of the exchanges: by a signed link, without login (RFC 8058)."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from trajectoire.core import mail, tokens
from trajectoire.core.views import breadcrumb

from .trainer import Trainer

SCOPE = "vrl-mails"
# The choice of a trainer that the link ends → what people read.
CHOICES = {"kit_mail": "les nouveautés du kit", "digest": "le résumé des échanges"}


def leave_url(trainer: Trainer, choice: str) -> str:
    return mail.link(reverse("vrl:mail_choice", args=[tokens.sign(SCOPE, [trainer.pk, choice])]))


def recipient(trainer: Trainer, choice: str) -> mail.Recipient:
    url = leave_url(trainer, choice)
    return mail.Recipient(trainer.email, {"leave_url": url}, mail.leaving(url))


@csrf_exempt  # mail programs post here by themselves, without a cookie; the token is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; by POST, at once. Done twice, it stays done."""
    try:
        pk, choice = tokens.unsign(SCOPE, token)
    except tokens.Invalid as error:
        raise Http404 from error
    trainer = get_object_or_404(Trainer, pk=pk)
    if request.method == "POST":
        Trainer.objects.filter(pk=pk).update(**{choice: False})
        setattr(trainer, choice, False)
    context = {
        "what": CHOICES[choice],
        "receives": getattr(trainer, choice),
        "breadcrumb": breadcrumb(("Ne plus recevoir", "")),
    }
    return render(request, "vrl/exchange/leave.html", context)
