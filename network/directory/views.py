"""The public pages of the directory: the list, an entry, writing to it, correcting it, proposing another."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from trajectoire.core.limits import too_many
from trajectoire.core.listing import page_context
from trajectoire.core.text import plural
from trajectoire.core.views import breadcrumb

from ..duplicates import Candidate
from . import moderating, relay
from .access import get_entry_for
from .cards import MODELS
from .entries import DirectoryEntry
from .forms import EntryForm, RelayForm
from .listings import DIRECTORY, wider
from .pages import WRITE, directory_url, entry_context
from .proposals import Proposal

MESSAGES_AN_HOUR = 10
PROPOSALS_AN_HOUR = 10
TITLES = {"organisation": "Proposer une structure", "initiative": "Proposer une initiative"}


@login_not_required
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    context = page_context(DIRECTORY, request)
    total = context["total"]
    context |= {
        "title": DIRECTORY.title,
        "breadcrumb": breadcrumb((DIRECTORY.title, "")),
        "status_message": plural(total, "résultat", "résultats") if total else "Aucun résultat",
        "empty": None if total else {"wider": wider(context["state"]), "contact_url": reverse("contact")},
    }
    return render(request, "network/directory/list.html", context)


@login_not_required
@require_safe
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """One entry; an address it had before leads to the one it has now."""
    found = get_entry_for(request.user, slug)
    if found.slug != slug:
        return redirect(found, permanent=True)
    return render(request, "network/directory/entry.html", entry_context(found, request.user))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """The form that relays a message; `?envoye` is where a sent message leads."""
    found = get_entry_for(request.user, slug)
    form = RelayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and found.mailbox:
        if too_many(request, "relay", limit=MESSAGES_AN_HOUR, seconds=3600):
            return render(request, "errors/429.html", status=429)
        if form.is_robot or _relayed(found, form):
            return redirect(f"{request.path}?envoye")
    context = {
        "form": form,
        "title": WRITE[found.search_kind],
        "name": found.name,
        "entry_url": found.get_absolute_url(),
        "open": bool(found.mailbox),
        "done": "envoye" in request.GET,
        "breadcrumb": _crumbs(found, "Écrire"),
    }
    return render(request, "network/directory/write.html", context, status=400 if form.errors else 200)


def _relayed(found: DirectoryEntry, form: RelayForm) -> bool:
    """Hand the message over when it is right and the limits allow it; otherwise the form says why."""
    if not form.is_valid():
        return False
    data = form.cleaned_data
    if reason := relay.refusal(found, data["email"]):
        form.add_error(None, reason)
        return False
    relay.hand_over(found, relay.Message(data["name"], data["email"], data["subject"], data["text"]), copy=data["copy"])
    return True


def _crumbs(found: DirectoryEntry, last: str) -> list[dict[str, str]]:
    return breadcrumb((DIRECTORY.title, directory_url()), (found.name, found.get_absolute_url()), (last, ""))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    """« Signaler une erreur »: the fields as they are, to be put right; staff decides."""
    found = get_entry_for(request.user, slug)
    form = EntryForm(request.POST if request.method == "POST" else None, entry_kind=found.search_kind, entry=found)
    if request.method == "POST" and (answer := received(request, form)):
        return answer
    context = {
        "form": form,
        "title": "Signaler une erreur",
        "name": found.name,
        "entry_url": found.get_absolute_url(),
        "done": "envoye" in request.GET,
        "known": [],
        "parts": parts(form),
        "breadcrumb": _crumbs(found, "Signaler une erreur"),
    }
    return render(request, "network/directory/propose.html", context, status=400 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, kind: str) -> HttpResponse:
    """A structure or an initiative that the directory does not have; what it may be already is shown before it is sent."""
    form = EntryForm(request.POST if request.method == "POST" else None, entry_kind=kind)
    known: list[dict[str, str]] = []
    if request.method == "POST":
        known = already_known(form) if form.is_valid() and not form.is_robot else []
        if not known and (answer := received(request, form)):
            return answer
    context = {
        "form": form,
        "title": TITLES[kind],
        "name": "",
        "entry_url": "",
        "done": "envoye" in request.GET,
        "known": known,
        "parts": parts(form),
        "breadcrumb": breadcrumb((DIRECTORY.title, directory_url()), (TITLES[kind], "")),
    }
    return render(request, "network/directory/propose.html", context, status=400 if form.errors or known else 200)


def received(request: HttpRequest, form: EntryForm, *, by_owner: bool = False) -> HttpResponse | None:
    """Store what a form proposes and lead to its thanks; None when the form has something to say first."""
    if too_many(request, "proposal", limit=PROPOSALS_AN_HOUR, seconds=3600):
        return render(request, "errors/429.html", status=429)
    if not form.is_robot:
        if not form.is_valid():
            return None
        proposal = form.proposal()
        proposal.by_owner = by_owner
        moderating.receive(proposal)
    return redirect(f"{request.path}?envoye")


def already_known(form: EntryForm) -> list[dict[str, str]]:
    """What the thing proposed may be already: [{label, detail, url}]; nothing once its author says it is none of them."""
    if form.cleaned_data["sure"]:
        return []
    proposal = form.proposal()
    known = [_known(candidate, proposal) for candidate in moderating.duplicates(proposal)]
    if moderating.same_waiting(proposal):
        known.append({"label": proposal.values["name"], "detail": "déjà proposée : l’équipe l’examine", "url": ""})
    return known


def _known(candidate: Candidate, proposal: Proposal) -> dict[str, str]:
    """What the team knows without showing it is not named."""
    found = MODELS[proposal.kind]._default_manager.get(pk=candidate.pk)
    if not found.published:
        return {"label": proposal.values["name"], "detail": "déjà connue de l’équipe, pas encore dans l’annuaire", "url": ""}
    return {"label": found.name, "detail": candidate.reason, "url": found.get_absolute_url()}


LEGENDS = (
    ("L’essentiel", ("name", "kind", "role", "status", "carrier", "summary", "description")),
    ("Où et quand", ("territories", "started_on", "ended_on", "address")),
    ("Thèmes et publics", ("themes", "offers", "audiences")),
    ("Pour la joindre", ("site", "email", "siret")),
    ("Vous", ("message", "author_name", "author_email")),
)


def parts(form: EntryForm) -> list[dict[str, Any]]:
    """The fields of the form in groups: [{legend, fields}]."""
    groups = [{"legend": legend, "fields": [form[n] for n in names if n in form.fields]} for legend, names in LEGENDS]
    return [group for group in groups if group["fields"]]
