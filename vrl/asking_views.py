"""Asking for a session, wishing to become a trainer, and following either by its link: without an account."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.events.dates import summed
from network.events.registering import Refused
from trajectoire.core import tokens
from trajectoire.core.limits import too_many
from trajectoire.core.text import local_day
from trajectoire.core.views import breadcrumb

from . import candidacies, requesting
from .asking import CANDIDACY_SCOPE, REQUEST_SCOPE, Candidacy, TrainingRequest
from .asking_forms import AskForm, CandidacyForm, PaperForm, open_n2
from .session import Session
from .vocabulary import CandidacyState, RequestState, SessionState

AN_HOUR = 10
HERE = ("Valeurs de la République et laïcité", "vrl:index")
METHODS = ["GET", "HEAD", "POST"]
# The path of a request that goes well, as its page shows it.
WAY = (RequestState.RECEIVED, RequestState.QUALIFIED, RequestState.OFFERED, RequestState.PLANNED, RequestState.DONE)
# A draft is nobody's business yet.
PREPARED = (SessionState.DRAFT, SessionState.PROPOSED, SessionState.TEAM)


def crumbs(label: str) -> list[dict[str, str]]:
    return breadcrumb((HERE[0], reverse(HERE[1])), (label, ""))


def too_often(request: HttpRequest, action: str) -> HttpResponse | None:
    if too_many(request, action, limit=AN_HOUR, seconds=3600):
        return render(request, "errors/429.html", status=429)
    return None


@login_not_required
@require_http_methods(METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    """The form of a structure; `?envoyee` is where a sent one leads."""
    form = AskForm(request.POST if request.method == "POST" else None, initial={"wanted": request.GET.get("pour", "n3")})
    if request.method == "POST":
        if refused := too_often(request, "vrl-request"):
            return refused
        if form.is_robot or form.is_valid():
            if not form.is_robot:
                requesting.receive(form.asked(), form.cleaned_data["audiences"])
            return redirect(f"{request.path}?envoyee")
    context = {"form": form, "sent": "envoyee" in request.GET, "breadcrumb": crumbs("Demander une formation")}
    return render(request, "vrl/asking/ask.html", context, status=400 if form.errors else 200)


def get_request_by(token: str) -> TrainingRequest:
    """The request of a follow-up link, or 404; one made anonymous has no link any more."""
    known = TrainingRequest.objects.select_related("department", "in_charge").prefetch_related("audiences")
    found = known.exclude(email="").filter(pk=_read(REQUEST_SCOPE, token)).first()
    if found is None:
        raise Http404
    return found


def _read(scope: str, token: str) -> Any:
    try:
        return tokens.unsign(scope, token)
    except tokens.Invalid:
        raise Http404 from None


@login_not_required
@never_cache
@require_http_methods(METHODS)
def follow_request(request: HttpRequest, token: str) -> HttpResponse:
    """Where one's request stands; a button withdraws it (mail scanners only read)."""
    asked = get_request_by(token)
    refused = ""
    if request.method == "POST":
        try:
            requesting.withdraw(asked)
            return redirect(request.path)
        except Refused as reason:
            refused = str(reason)
    context = {
        "asked": asked,
        "received_on": local_day(asked.created_at),
        "sentence": requesting.TOLD[RequestState(asked.state)],
        "steps": _steps(asked),
        "sessions": [_session(one) for one in asked.sessions.live().select_related("event").order_by("pk")],  # type: ignore[attr-defined]
        "rows": [{"label": label, "value": value} for label, value in requesting.summary(asked)],
        "answer": asked.answer if asked.state == RequestState.REFUSED else "",
        "may_withdraw": requesting.may(asked, RequestState.WITHDRAWN),
        "refused": refused,
        "breadcrumb": crumbs("Suivre ma demande"),
    }
    return render(request, "vrl/asking/request.html", context, status=409 if refused else 200)


def _steps(asked: TrainingRequest) -> list[dict[str, Any]]:
    """The way of a request that goes well: [{label, done, current}]; nothing for one that ended otherwise."""
    if asked.state not in WAY:
        return []
    at = WAY.index(RequestState(asked.state))
    return [{"label": step.label, "done": place < at, "current": place == at} for place, step in enumerate(WAY)]


def _session(one: Session) -> dict[str, str]:
    """{title, when, state, url}: no address while it is not public."""
    return {
        "title": one.event.title,
        "when": summed(one.event),
        "state": "En préparation" if one.state in PREPARED else one.get_state_display(),
        "url": reverse("vrl:session", args=[one.event.slug]) if one.event.is_public else "",
    }


@login_not_required
@require_http_methods(METHODS)
def candidacy(request: HttpRequest) -> HttpResponse:
    """The form of somebody who wishes to train others; `?session=` names the N2 session she saw."""
    wished = request.GET.get("session", "")[:110]
    session = open_n2(wished).first() if wished else None
    form = CandidacyForm(request.POST, request.FILES) if request.method == "POST" else CandidacyForm()
    if request.method == "POST":
        if refused := too_often(request, "vrl-candidacy"):
            return refused
        if form.is_robot or form.is_valid():
            if not form.is_robot:
                data = form.cleaned_data
                candidacies.receive(form.candidacy(session), data["departments"], data["agreement"])
            return redirect(f"{request.path}?envoyee")
    context = {
        "form": form,
        "sent": "envoyee" in request.GET,
        "session": _session(session) if session else None,
        "missed": bool(wished and session is None),
        "coming": [_session(one) for one in open_n2()[:3]] if not wished else [],
        "breadcrumb": crumbs("Devenir formatrice ou formateur"),
    }
    return render(request, "vrl/asking/candidacy.html", context, status=400 if form.errors else 200)


def get_candidacy_by(token: str) -> Candidacy:
    """The candidacy of a follow-up link, or 404."""
    known = Candidacy.objects.select_related("session__event", "registration").prefetch_related("departments")
    found = known.exclude(email="").filter(pk=_read(CANDIDACY_SCOPE, token)).first()
    if found is None:
        raise Http404
    return found


@login_not_required
@never_cache
@require_http_methods(METHODS)
def follow_candidacy(request: HttpRequest, token: str) -> HttpResponse:
    """Where one's candidacy stands; bring the employer's agreement, or withdraw (a button: mail scanners only read)."""
    one = get_candidacy_by(token)
    brings = request.method == "POST" and request.POST.get("action") == "joindre"
    form = PaperForm(request.POST, request.FILES) if brings else PaperForm()
    refused = ""
    if request.method == "POST":
        if limited := too_often(request, "vrl-candidacy-follow"):
            return limited
        try:
            if not brings:
                candidacies.withdraw(one)
                return redirect(request.path)
            if form.is_valid():
                candidacies.bring(one, form.cleaned_data["agreement"])
                return redirect(f"{request.path}?joint")
        except Refused as reason:
            refused = str(reason)
    context = {
        "one": one,
        "form": form,
        "received_on": local_day(one.created_at),
        "heading": "Candidature reçue" if one.state == CandidacyState.RECEIVED else one.get_state_display(),
        "sentence": candidacies.TOLD[CandidacyState(one.state)],
        "answer": one.answer if one.state in (CandidacyState.ACCEPTED, CandidacyState.REFUSED) else "",
        "session": _session(one.session) if one.session else None,
        "registered": bool(one.registration_id),
        "brought": "joint" in request.GET,
        "pending": one.state in candidacies.PENDING,
        "refused": refused,
        "breadcrumb": crumbs("Suivre ma candidature"),
    }
    return render(request, "vrl/asking/follow.html", context, status=409 if refused else 400 if form.errors else 200)
