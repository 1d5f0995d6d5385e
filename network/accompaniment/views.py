"""Asking for help in two steps, without an account and without a cookie of ours; following one's request by its link."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from trajectoire.core import search, tokens
from trajectoire.core.limits import too_many
from trajectoire.core.text import local_day
from trajectoire.core.views import breadcrumb

from . import following
from .forms import MessageForm, NeedForm, WhoForm
from .requests import SCOPE, HelpRequest, HelpStatus

REQUESTS_AN_HOUR = 10
STEPS_AN_HOUR = 60  # the second one asks the search engine for what answers already
PROPOSED, MOST_GROUPS = 4, 3
NOT_ANSWERS = {"territory", "page", "theme", "contract"}  # they name things; they answer nothing
CRUMBS = ("Accompagnement", "")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """First the need; then what may answer it already, and who asks. `etape` says which step was sent."""
    if request.method != "POST":
        return _shown(request, need=NeedForm(initial={"place": request.GET.get("lieu", "")[:120]}))
    if too_many(request, "accompaniment-steps", limit=STEPS_AN_HOUR, seconds=3600):
        return render(request, "errors/429.html", status=429)
    need = NeedForm(request.POST)
    if request.POST.get("etape") == "besoin" or not need.is_valid():
        if need.is_valid():
            return _shown(request, need=need, who=WhoForm())
        return _shown(request, need=need, status=400)
    if request.POST.get("etape") == "modifier":
        return _shown(request, need=need)
    return _send(request, need, WhoForm(request.POST))


def _send(request: HttpRequest, need: NeedForm, who: WhoForm) -> HttpResponse:
    if too_many(request, "accompaniment", limit=REQUESTS_AN_HOUR, seconds=3600):
        return render(request, "errors/429.html", status=429)
    if not (who.is_robot or who.is_valid()):
        return _shown(request, need=need, who=who, status=400)
    if not who.is_robot:
        following.receive(who.request(need.cleaned_data), list(need.cleaned_data["themes"]))
    return redirect("accompaniment:received")


def _shown(request: HttpRequest, *, need: NeedForm, who: WhoForm | None = None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"need": need, "who": who, "breadcrumb": breadcrumb(CRUMBS)}
    if who is None:
        return render(request, "network/accompaniment/need.html", context, status=status)
    kept = [(name, value) for name in need.fields for value in need.data.getlist(name)]  # type: ignore[attr-defined]
    context |= {"kept": kept, "summary": _summary(need.cleaned_data), "groups": proposals(need.cleaned_data["subject"])}
    return render(request, "network/accompaniment/who.html", context, status=status)


def _summary(need: dict[str, Any]) -> list[dict[str, str]]:
    """What was said at the first step: [{label, value}]."""
    place = need["found"].name if need["found"] else need["place"]
    when = dict(NeedForm.base_fields["wanted"].choices)[need["wanted"]]  # type: ignore[attr-defined]
    themes = ", ".join(theme.name for theme in need["themes"])
    rows = [("Besoin", need["subject"]), ("Où", place), ("Quand", when), ("Thèmes", themes)]
    return [{"label": label, "value": str(value)} for label, value in rows if value]


def proposals(subject: str) -> list[dict[str, Any]]:
    """What the site already has about this need, for everyone, the nearest kind first: [{label, hits}].

    When something has all the words, what has only some of them is left out.
    """
    sources = [source for source in search.sources() if source.kind not in NOT_ANSWERS]
    found = [(s.label, search.query(search.Query(text=subject, kinds=(s.kind,), size=PROPOSED))) for s in sources]
    near = [(label, results) for label, results in found if results.hits]
    whole = [(label, results) for label, results in near if not results.loose]
    ranked = sorted(whole or near, key=lambda pair: -pair[1].hits[0].score)
    return [{"label": label, "hits": results.hits} for label, results in ranked[:MOST_GROUPS]]


@login_not_required
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Where a sent request leads."""
    return render(request, "network/accompaniment/received.html", {"breadcrumb": breadcrumb(CRUMBS)})


def get_request_by(token: str) -> HelpRequest:
    """The request of a follow-up link, or 404; one made anonymous has no link any more."""
    try:
        pk = tokens.unsign(SCOPE, token)
    except tokens.Invalid:
        raise Http404 from None
    found = HelpRequest.objects.exclude(email="").filter(pk=pk).select_related("in_charge", "territory").first()
    if found is None:
        raise Http404
    return found


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Where one's request stands; add a message to it, or withdraw it (a button: mail scanners only read)."""
    asked = get_request_by(token)
    form = MessageForm(request.POST if request.POST.get("action") == "message" else None)
    if request.method == "POST":
        if too_many(request, "accompaniment-follow", limit=20, seconds=3600):
            return render(request, "errors/429.html", status=429)
        if request.POST.get("action") == "withdraw":
            following.withdraw(asked)
            return redirect(f"{request.path}?retiree")
        if form.is_robot or form.is_valid():
            if not form.is_robot:
                following.add_message(asked, form.cleaned_data["text"])
            return redirect(f"{request.path}?envoye")
    context = {
        "asked": asked,
        "steps": _steps(asked),
        "messages_sent": [{"day": local_day(n.written_at), "text": n.text} for n in asked.notes.filter(from_asker=True)],
        "received_on": local_day(asked.created_at),
        "form": form,
        "sent": "envoye" in request.GET,
        "is_closed": asked.status == HelpStatus.CLOSED,
        "breadcrumb": breadcrumb(("Accompagnement", reverse("accompaniment:ask")), ("Suivre ma demande", "")),
    }
    return render(request, "network/accompaniment/follow.html", context, status=400 if form.errors else 200)


def _steps(asked: HelpRequest) -> list[dict[str, Any]]:
    """The five states in order: [{label, note, current}]."""
    order = list(HelpStatus)
    at = order.index(HelpStatus(asked.status))
    notes = ["fait" if number < at else "maintenant" if number == at else "" for number in range(len(order))]
    return [{"label": s.label, "note": note, "current": s == asked.status} for s, note in zip(order, notes, strict=True)]
