"""Registering without an account, and the personal page of a registration: by a signed link, never kept by anybody."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from trajectoire.core import tokens
from trajectoire.core.limits import too_many, too_many_for
from trajectoire.core.views import breadcrumb

from . import notices, registering
from .access import get_event_for
from .event import Event
from .guarding import other_door
from .ics import MEDIA_TYPE, calendar
from .notice_texts import dates_of, place_of
from .opening import opening
from .registration_forms import MOST_COLLEAGUES, ChangeForm, LostLinkForm, RegistrationForm, may_group
from .registration_pages import outcome, own_page
from .registrations import SCOPE, Registration

AN_HOUR = 3600
FORMS_AN_HOUR = 30  # of one reader: an office registers its people one after the other
LINKS_A_DAY = 3  # sent again to one mailbox
RESULT = "inscription.resultat"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@form_page
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The form on one page; sent, it leads to what the person got. `collegues` says how many others she registers."""
    event = get_event_for(request.user, slug)
    if event.holder != event:
        return redirect("events:register", event.holder.slug)
    if states := _states(request, event):
        return render(request, "network/events/registered.html", outcome(event, states))
    if address := other_door(event):
        return redirect(address)
    if request.method == "POST":
        return _received(request, event)
    form = RegistrationForm(event=event, colleagues=_number(request.GET.get("collegues")))
    return _shown(request, event, form)


def _received(request: HttpRequest, event: Event) -> HttpResponse:
    form = RegistrationForm(request.POST, event=event, colleagues=_number(request.POST.get("collegues")))
    if request.POST.get("action") == "ajouter":
        return _shown(request, event, _one_more(request, event, form))
    if too_many(request, "registration", limit=FORMS_AN_HOUR, seconds=AN_HOUR):
        return render(request, "errors/429.html", status=429)
    if form.is_robot:
        return redirect(event)
    return _send(request, event, form) if form.is_valid() else _shown(request, event, form)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else 0


def _one_more(request: HttpRequest, event: Event, form: RegistrationForm) -> RegistrationForm:
    """The same form with the fields of one more person, nothing lost and nothing said wrong yet."""
    kept = {name: values[-1] for name, values in request.POST.lists()}
    return RegistrationForm(event=event, colleagues=len(form.colleagues) + 1, initial=kept)


def _send(request: HttpRequest, event: Event, form: RegistrationForm) -> HttpResponse:
    people, key = form.people(), form.cleaned_data["form_key"]
    try:
        outcomes = registering.register_all(event, people, form_key=key, by=people[0]["name"])
    except registering.Refused as refused:
        form.add_error(None, str(refused))
        return _shown(request, event, form)
    if form.letter and people[0]["newsletter"]:
        form.letter.ask(people[0]["email"])
    token = tokens.sign(RESULT, [event.pk, [str(one.shown) for one in outcomes]])
    return redirect(f"{request.path}?resultat={token}")


def _states(request: HttpRequest, event: Event) -> list[str]:
    """What each person of the form got, for an hour; nothing without a genuine result of this event."""
    try:
        pk, states = tokens.unsign(RESULT, request.GET.get("resultat", ""), max_age=AN_HOUR)
    except tokens.Invalid:
        return []
    return states if pk == event.pk and request.method != "POST" else []


def _shown(request: HttpRequest, event: Event, form: RegistrationForm) -> HttpResponse:
    """The form, or why there is none; what was typed stays when it closed meanwhile."""
    found = opening(event)
    context: dict[str, Any] = {
        "event": event,
        "event_url": event.get_absolute_url(),
        "when": dates_of(event),
        "where": place_of(event),
        "opening": found,
        "form": form if found.accepts or form.errors else None,
        "may_add": may_group(event) and len(form.colleagues) < MOST_COLLEAGUES,
        "colleagues": len(form.colleagues),
        "applies": event.registering == Event.Registering.BY_STAFF,
        "breadcrumb": _crumbs(event, "Inscription"),
    }
    return render(request, "network/events/register.html", context, status=400 if form.errors else 200)


def _crumbs(event: Event, label: str) -> list[dict[str, str]]:
    return breadcrumb(("Agenda", reverse("events:list")), (event.title, event.get_absolute_url()), (label, ""))


def get_registration_by(token: str) -> Registration:
    """The registration of a personal link, or 404: changed, of another version, or made anonymous since."""
    try:
        pk, version = tokens.unsign(SCOPE, token)
    except tokens.Invalid:
        raise Http404 from None
    known = Registration.objects.filter(pk=pk, link_version=version, anonymous_since=None).exclude(email="")
    if found := known.select_related("event__series__lead").first():
        return found
    raise Http404


@login_not_required
@never_cache
@form_page
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """One's own registration: see, correct, accept a place, leave. Everything is done by a button: scanners only read."""
    mine = get_registration_by(token)
    if request.method != "POST":
        return _own(request, mine, ChangeForm(registration=mine))
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        raise Http404
    if too_many_for(str(mine.pk), "registration-changes", limit=FORMS_AN_HOUR, seconds=AN_HOUR):
        return render(request, "errors/429.html", status=429)
    form = ChangeForm(request.POST, registration=mine)
    try:
        done = act(request, mine, form)
    except registering.Refused as refused:
        return _own(request, mine, ChangeForm(registration=mine), refused=str(refused), status=400)
    return redirect(f"{request.path}?fait={done}") if done else _own(request, mine, form, status=400)


def _own(request: HttpRequest, mine: Registration, form: ChangeForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = own_page(mine, request.user) | {
        "form": form,
        "refused": refused,
        "done": DONE.get(request.GET.get("fait", ""), ""),
        "breadcrumb": _crumbs(mine.event, "Mon inscription"),
    }
    return render(request, "network/events/registration.html", context, status=status)


def _change(request: HttpRequest, mine: Registration, form: ChangeForm) -> str:
    if not form.is_valid():
        return ""
    registering.change(mine, form.said())
    return "modifiee"


def _cancel(request: HttpRequest, mine: Registration, form: ChangeForm) -> str:
    registering.cancel(mine)
    return "annulee"


def _accept(request: HttpRequest, mine: Registration, form: ChangeForm) -> str:
    registering.accept(mine)
    return "acceptee"


def _agree(request: HttpRequest, mine: Registration, form: ChangeForm) -> str:
    registering.choose(mine, share="share" in request.POST, letter="newsletter" in request.POST)
    return "accords"


ACTIONS = {"modifier": _change, "annuler": _cancel, "accepter": _accept, "accords": _agree}
DONE = {
    "modifiee": "Vos informations sont modifiées.",
    "annulee": "Votre inscription est annulée.",
    "acceptee": "Votre place est confirmée.",
    "accords": "Vos choix sont enregistrés.",
}


@login_not_required
@never_cache
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of one's registration, for a calendar."""
    mine = get_registration_by(token)
    content = calendar(mine.event.sessions.prefetch_related("dates", "themes"))
    headers = {"Content-Disposition": 'attachment; filename="inscription.ics"'}
    return HttpResponse(content, content_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers)


@login_not_required
@never_cache
@form_page
def lost_link(request: HttpRequest) -> HttpResponse:
    """The links of one's registrations sent again; the answer is the same for an unknown address."""
    form = LostLinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if too_many(request, "registration-links", limit=20, seconds=AN_HOUR):
            return render(request, "errors/429.html", status=429)
        if form.is_robot or form.is_valid():
            if not form.is_robot:
                _send_links(form.cleaned_data["email"])
            return redirect(f"{request.path}?envoye")
    context = {
        "form": form,
        "sent": "envoye" in request.GET,
        "breadcrumb": breadcrumb(("Agenda", reverse("events:list")), ("Retrouver mon inscription", "")),
    }
    return render(request, "network/events/lost_link.html", context, status=400 if form.errors else 200)


def _send_links(email: str) -> None:
    key = registering.key_of(email)
    if not too_many_for(key, "registration-links", limit=LINKS_A_DAY, seconds=24 * AN_HOUR):
        notices.send_links(key)
