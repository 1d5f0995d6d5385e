"""Pages of the letter: what it is, subscribe, confirm, leave, follow a link. Everything is done by POST, but for counting."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from trajectoire.core import tokens
from trajectoire.core.counting import after, is_robot
from trajectoire.core.limits import too_many
from trajectoire.core.views import breadcrumb

from ..alerts.subscribing import may_write
from ..cards import card
from ..models import Collection, Document
from . import subscribing
from .forms import SubscribeForm
from .models import COLLECTION, Link, Subscription

TITLE = "Lettre d’information"
AN_HOUR = 3600
TRIES_AN_HOUR = 20  # of one reader
CLICKS_AN_HOUR = 60  # of one reader
ARCHIVE_SHOWN = 12
form_page = require_http_methods(["GET", "HEAD", "POST"])


def crumbs(label: str = "") -> list[dict[str, str]]:
    return breadcrumb((TITLE, reverse("letters:index") if label else ""), *([(label, "")] if label else []))


@login_not_required
@form_page
def index(request: HttpRequest) -> HttpResponse:
    """What the letter is, the form to receive it, the last numbers; the answer is the same for a known address."""
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if too_many(request, "letters", limit=TRIES_AN_HOUR, seconds=AN_HOUR):
            return render(request, "errors/429.html", status=429)
        if form.is_robot or form.is_valid():
            if not form.is_robot and may_write(form.cleaned_data["email"]):
                subscribing.request(form.cleaned_data["email"])
            return redirect(f"{request.path}?envoye")
    numbers = Document.objects.visible_to(request.user).filter(collection__slug=COLLECTION).for_cards()
    series = Collection.objects.filter(slug=COLLECTION).first()
    context = {
        "form": form,
        "sent": "envoye" in request.GET,
        "consent": subscribing.CONSENT,
        "cards": [card(document) for document in numbers.order_by("-number", "-pk")[:ARCHIVE_SHOWN]],
        "issn": series.issn if series else "",
        "archive_url": series.get_absolute_url() if series else "",
        "breadcrumb": crumbs(),
    }
    return render(request, "letters/index.html", context, status=400 if request.method == "POST" and form.errors else 200)


@login_not_required
@never_cache
@form_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The second half of the double opt-in: a page with a button, then the letter is for them."""
    try:
        subscription = subscribing.asked(token)
    except tokens.Expired:
        subscription = None
    except tokens.Invalid as error:
        raise Http404 from error
    if subscription is None:
        return render(request, "letters/expired.html", {"breadcrumb": crumbs("Lien expiré")}, status=410)
    if request.method == "POST":
        subscribing.confirm(subscription)
        return redirect(f"{subscription.subscriber.manage_path}?fait=lettre")
    context = {"email": subscription.subscriber.email, "consent": subscribing.CONSENT, "breadcrumb": crumbs("Confirmer")}
    return render(request, "letters/confirm.html", context)


@csrf_exempt  # RFC 8058: mail programs post here by themselves, without a cookie; the token is the proof
@login_not_required
@never_cache
@form_page
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave the letter: a page with a button; by POST, at once, without login. Done twice, it stays done."""
    subscription = Subscription.objects.select_related("subscriber").filter(pk=_signed("letters.leave", token)).first()
    if subscription and request.method == "POST":
        subscribing.leave(subscription)
        subscription = None
    context = {"email": "", "manage_url": "", "breadcrumb": crumbs("Se désabonner")}
    if subscription:
        context |= {"email": subscription.subscriber.email, "manage_url": subscription.subscriber.manage_path}
    return render(request, "letters/leave.html", context)


@login_not_required
@never_cache
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link of a letter leads: an address that staff wrote, kept in the database. The click is counted, not who did it."""
    link = get_object_or_404(Link, pk=_signed("letters.link", token))
    response = HttpResponseRedirect(link.url)
    if request.method == "GET" and not is_robot(request):
        after(response, lambda: _count(request, link.pk))
    return response


def _count(request: HttpRequest, pk: int) -> None:
    if not too_many(request, "letter-clicks", limit=CLICKS_AN_HOUR, seconds=AN_HOUR):
        Link.objects.filter(pk=pk).update(clicks=F("clicks") + 1)


def _signed(scope: str, token: str) -> int:
    try:
        return tokens.unsign(scope, token)
    except tokens.Invalid as error:
        raise Http404 from error
