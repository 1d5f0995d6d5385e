"""Pages of the alerts: ask, confirm, manage, leave. Everything is done by POST: a scanner that follows links changes nothing."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from trajectoire.core import listing, tokens
from trajectoire.core.limits import too_many
from trajectoire.core.listing import State
from trajectoire.core.views import breadcrumb

from . import subscribing
from .forms import AlertForm, FrequencyForm, ReminderForm
from .models import LONGEST_QUERY, Alert, Frequency, Subscriber, described

TITLE = "Alertes par e-mail"
AN_HOUR = 3600
TRIES_AN_HOUR = 20  # of one reader
form_page = require_http_methods(["GET", "HEAD", "POST"])

DONE = {
    "confirmee": "Votre alerte est confirmée. Vous recevrez les nouveautés de cette recherche.",
    "rythme": "Le rythme de cette alerte est modifié.",
    "pause": "Cette alerte est en pause : elle n’envoie plus rien.",
    "reprise": "Cette alerte envoie à nouveau les nouveautés, à partir de maintenant.",
    "supprimee": "Cette alerte est supprimée.",
    "suite": "Merci. Ces messages continuent.",
    "lettre": "Votre abonnement à la lettre d’information est confirmé.",
}


def crumbs(label: str = "") -> list[dict[str, str]]:
    return breadcrumb((TITLE, reverse("alerts:index") if label else ""), *([(label, "")] if label else []))


@login_not_required
@form_page
def index(request: HttpRequest) -> HttpResponse:
    """What alerts are, and the link of one's own sent again; the answer is the same for an unknown address."""
    form = ReminderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if too_many(request, "alerts", limit=TRIES_AN_HOUR, seconds=AN_HOUR):
            return render(request, "errors/429.html", status=429)
        if form.is_robot or form.is_valid():
            if not form.is_robot and subscribing.may_write(form.cleaned_data["email"]):
                subscribing.remind(form.cleaned_data["email"])
            return redirect(f"{request.path}?envoye")
    lists = [{"label": one.title, "url": one.url} for one in listing.registered()]
    context = {"form": form, "sent": "envoye" in request.GET, "erased": "efface" in request.GET, "lists": lists}
    return _page(request, "alerts/index.html", context | {"breadcrumb": crumbs()}, form)


@login_not_required
@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Ask for what is new in a search: `?liste=` and the list's own query."""
    if "envoye" in request.GET:
        return render(request, "alerts/asked.html", {"breadcrumb": crumbs("Message envoyé")})
    state = searched(request)
    form = AlertForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if too_many(request, "alerts", limit=TRIES_AN_HOUR, seconds=AN_HOUR):
            return render(request, "errors/429.html", status=429)
        if form.is_robot or form.is_valid():
            if not form.is_robot and subscribing.may_ask(form.cleaned_data["email"]):
                subscribing.request(form.cleaned_data["email"], state, form.cleaned_data["frequency"])
            return redirect(f"{reverse('alerts:new')}?envoye")
    context = {
        "form": form,
        "search": described(state),
        "search_url": state.url(),
        "consent": subscribing.CONSENT,
        "breadcrumb": crumbs("Nouvelle alerte"),
    }
    return _page(request, "alerts/new.html", context, form)


def searched(request: HttpRequest) -> State:
    """The search the address names; 404 for an unknown list, or with more criteria than an alert keeps."""
    known = listing.find(request.GET.get("liste", "ressources"))
    if known is None:
        raise Http404
    state = State.from_query(known, known.url, request.GET)
    if len(subscribing.query_of(state)) > LONGEST_QUERY:
        raise Http404
    return state


def _page(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    return render(request, template, context, status=400 if request.method == "POST" and form.errors else 200)


@login_not_required
@never_cache
@form_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The second half of the double opt-in: a page with a button, then the alert begins."""
    try:
        alert, frequency = subscribing.asked(token)
    except tokens.Expired:
        alert, frequency = None, ""
    except tokens.Invalid as error:
        raise Http404 from error
    if alert is None:
        return render(request, "alerts/expired.html", {"breadcrumb": crumbs("Lien expiré")}, status=410)
    if request.method == "POST":
        subscribing.confirm(alert, frequency)
        return redirect(f"{alert.subscriber.manage_path}?fait=confirmee")
    context = {
        "search": str(alert),
        "frequency": Frequency(frequency).label.lower(),
        "consent": subscribing.CONSENT,
        "breadcrumb": crumbs("Confirmer"),
    }
    return render(request, "alerts/confirm.html", context)


@login_not_required
@never_cache
@form_page
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """What one person receives, for whoever holds the signed link: see, change, pause, delete, erase everything."""
    subscriber = get_object_or_404(Subscriber.objects.select_related("letter"), pk=_signed("alerts.manage", token))
    if request.method == "POST":
        return _change(request, subscriber)
    context = {
        "email": subscriber.email,
        "since": subscriber.created_at,
        "asked": subscriber.asked_at is not None,
        "alerts": [_row(alert) for alert in subscriber.alerts.exclude(confirmed_at=None)],
        "frequencies": Frequency.choices,
        "done": DONE.get(request.GET.get("fait", ""), ""),
        "letter": getattr(subscriber, "letter", None),
        "breadcrumb": crumbs("Mes abonnements"),
    }
    return render(request, "alerts/manage.html", context)


def _row(alert: Alert) -> dict[str, Any]:
    state = alert.state
    return {
        "pk": alert.pk,
        "title": str(alert),
        "url": state.url() if state else "",
        "frequency": alert.frequency,
        "frequency_label": alert.get_frequency_display(),
        "paused": alert.paused,
        "confirmed_at": alert.confirmed_at,
    }


def _change(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """One of the buttons; an unknown one, or the alert of somebody else, is 404."""
    action = request.POST.get("action", "")
    if action == "efface":
        subscribing.erase(subscriber)
        return redirect(f"{reverse('alerts:index')}?efface")
    if action != "suite":
        _on_alert(request, subscriber, action)
    subscribing.show_interest(subscriber)
    return redirect(f"{request.path}?fait={action}")


def _on_alert(request: HttpRequest, subscriber: Subscriber, action: str) -> None:
    pk = request.POST.get("alerte", "")
    alert = get_object_or_404(subscriber.alerts.all(), pk=pk if pk.isascii() and pk.isdigit() and len(pk) < 19 else None)
    act = CHANGES.get(action)
    if act is None:
        raise Http404
    act(alert, request)


def _set_frequency(alert: Alert, request: HttpRequest) -> None:
    form = FrequencyForm(request.POST)
    if not form.is_valid():
        raise Http404
    Alert.objects.filter(pk=alert.pk).update(frequency=form.cleaned_data["frequency"])


def _pause(alert: Alert, request: HttpRequest) -> None:
    Alert.objects.filter(pk=alert.pk).update(paused=True)


def _resume(alert: Alert, request: HttpRequest) -> None:
    subscribing.resume(alert)


def _delete(alert: Alert, request: HttpRequest) -> None:
    alert.delete()


CHANGES: dict[str, Callable[[Alert, HttpRequest], None]] = {
    "rythme": _set_frequency,
    "pause": _pause,
    "reprise": _resume,
    "supprimee": _delete,
}


@csrf_exempt  # RFC 8058: mail programs post here by themselves, without a cookie; the token is the proof
@login_not_required
@never_cache
@form_page
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave all the alerts: a page with a button; by POST, at once, without login. Done twice, it stays done."""
    pk = _signed("alerts.leave", token)
    if request.method == "POST":
        subscribing.leave(pk)
    subscriber = Subscriber.objects.filter(pk=pk).first()
    context = {
        "email": subscriber.email if subscriber else "",
        "some": Alert.objects.filter(subscriber=pk).exists(),
        "manage_url": subscriber.manage_path if subscriber else "",
        "breadcrumb": crumbs("Se désabonner"),
    }
    return render(request, "alerts/leave.html", context)


def _signed(scope: str, token: str) -> int:
    try:
        return tokens.unsign(scope, token)
    except tokens.Invalid as error:
        raise Http404 from error
