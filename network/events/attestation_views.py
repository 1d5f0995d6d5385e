"""Attestations: one's own by its link, those of an event for staff, and the public page that says whether one is genuine."""

import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from trajectoire.core.archives import write_zip
from trajectoire.core.faces import slots
from trajectoire.core.faces.serving import Body
from trajectoire.core.limits import too_many
from trajectoire.core.text import day, local_day, plural
from trajectoire.core.views import breadcrumb

from . import attestations, presence
from .models import Attestation, Event
from .registration_views import get_registration_by

CHECKS, WHILE = 60, 600  # a class that checks its papers, not a machine that tries codes
WORDS = {
    Attestation.State.VALID: ("Cette attestation est authentique", ""),
    Attestation.State.REPLACED: (
        "Cette attestation a été remplacée",
        "Elle a été faite par Trajectoire Ressources, puis corrigée. Demandez la version en vigueur à la personne qui vous l’a remise.",
    ),
    Attestation.State.REVOKED: (
        "Cette attestation a été retirée",
        "Elle a été faite par Trajectoire Ressources, puis retirée : elle n’est plus valable.",
    ),
}
LOOKS = {Attestation.State.VALID: "", Attestation.State.REPLACED: "old", Attestation.State.REVOKED: "no"}


@login_not_required
@never_cache
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """The attestation of the person who holds this link, as a PDF."""
    found = attestations.attestation_for(get_registration_by(token))
    if found is None or not found.name:
        raise Http404
    return _pdf(found)


def _pdf(attestation: Attestation) -> HttpResponse:
    name = content_disposition_header(False, f"attestation-{attestation.year}-{attestation.order:04}.pdf") or "inline"
    content = attestations.attestation_pdf(attestation)
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


@login_not_required
@never_cache
@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    """Where one types the code of a paper; the answer has an address of its own."""
    typed = request.GET.get("code", "")
    if code := attestations.read_code(typed)[:32]:
        return redirect("events:verify", code=code)
    context = {"empty": "code" in request.GET, "breadcrumb": breadcrumb(("Vérifier une attestation", ""))}
    return render(request, "network/events/verify_form.html", context)


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Genuine or not, and no more than what the paper says; the same words, after the same work, for any code not given."""
    if too_many(request, "verify", limit=CHECKS, seconds=WHILE):
        return render(request, "errors/429.html", status=429)
    found = Attestation.objects.filter(code=attestations.read_code(code)[:32]).first()
    crumbs = breadcrumb(("Vérifier une attestation", reverse("events:verify_form")), ("Résultat", ""))
    context = {"found": _told(found) if found else None, "breadcrumb": crumbs}
    return render(request, "network/events/verify.html", context, status=200 if found else 404)


def _told(attestation: Attestation) -> dict[str, Any]:
    """What the page says: {title, note, look, facts: [(label, value)]}; of one no longer valid, nothing of what it said."""
    title, note = WORDS[Attestation.State(attestation.state)]
    facts = [("Numéro", attestation.number), ("Faite le", local_day(attestation.issued_at))]
    if attestation.state == Attestation.State.VALID:
        facts += [
            ("Nom", attestations.masked(attestation.name) or "Effacé : il n’est gardé que trois ans"),
            ("Événement", attestation.facts["title"]),
            ("Dates", _dates(attestation)),
            ("Présence", attestations.count_label(attestation)),
        ]
    else:
        facts.append((attestation.get_state_display(), local_day(attestation.ended_at or attestation.issued_at)))
    return {"title": title, "note": note, "look": LOOKS[Attestation.State(attestation.state)], "facts": facts}


def _dates(attestation: Attestation) -> str:
    known = dict.fromkeys(date for date, _ in attestation.facts["half_days"])
    return ", ".join(day(datetime.date.fromisoformat(date)) for date in known)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def event_attestations(request: HttpRequest, slug: str) -> HttpResponse:
    """For staff: issue what is due, correct or revoke one, see those that no longer say what is true."""
    event = presence.get_event_to_tick(request.user, slug).holder
    if request.method == "POST":
        _act(request, event)
        return redirect("events:attestations", slug=event.slug)
    rows = [_row(one) for one in event.attestations.in_order().select_related("registration")]
    now = _present(event)
    for row in rows:
        row["change"] = _change(row["attestation"], now) if row["valid"] else ""
    context = {
        "event": event,
        "due": attestations.due(event).count(),
        "may_issue": attestations.may_issue(event),
        "rows": rows,
        "valid": sum(row["valid"] for row in rows),
        "breadcrumb": breadcrumb(
            ("Agenda", reverse("events:list")),
            (event.title, event.get_absolute_url()),
            ("Présence", reverse("events:presence", args=[event.slug])),
            ("Attestations", ""),
        ),
    }
    return render(request, "network/events/attestations.html", context)


def _row(attestation: Attestation) -> dict[str, Any]:
    return {
        "attestation": attestation,
        "valid": attestation.state == Attestation.State.VALID,
        "acts": attestation.name and attestation.state != Attestation.State.REPLACED,
        "count": attestations.count_label(attestation),
        "issued": local_day(attestation.issued_at),
        "url": reverse("events:attestation", args=[attestation.pk]),
    }


def _present(event: Event) -> dict[int, Any]:
    return {person.pk: person for person in event.registrations.with_attendance()}


def _change(attestation: Attestation, people: dict[int, Any]) -> str:
    """Why a valid attestation should be corrected or revoked, or nothing."""
    person = people.get(attestation.registration_id or 0)
    if person is None or not person.name:
        return ""
    if not person.reached:
        return "La présence ne suffit plus : à retirer."
    if person.name != attestation.name:
        return f"Le nom est maintenant « {person.name} » : à corriger."
    if (person.attended, person.planned) != (attestation.attended, attestation.planned):
        return f"La présence est maintenant de {person.attended} sur {person.planned} : à corriger."
    return ""


def _act(request: HttpRequest, event: Event) -> None:
    """One of the buttons of the page; what cannot be done is said, and nothing changes."""
    by: Any = request.user
    action, reason = request.POST.get("action", ""), request.POST.get("motif", "").strip()[:300]
    if action == "faire":
        made = attestations.issue(event, by) if attestations.may_issue(event) else []
        messages.success(request, f"{plural(len(made), 'attestation faite', 'attestations faites')}.")
        return
    pk = request.POST.get("attestation", "")
    one = get_object_or_404(event.attestations, pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 16 else 0)
    if not reason:
        messages.error(request, f"Attestation {one.number} : écrivez le motif, il reste dans le dossier.")
    elif action == "retirer":
        if attestations.revoke(one, reason):
            messages.success(request, f"L’attestation {one.number} est retirée : sa page de vérification le dit.")
    elif action == "corriger":
        try:
            new = attestations.correct(one, reason, by)
        except attestations.NotDue as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"L’attestation {new.number} remplace la précédente, dont la page le dit.")


@never_cache
@require_safe
def attestation(request: HttpRequest, pk: int) -> HttpResponse:
    """One attestation for staff, whatever its state, as long as it has a name."""
    one = get_object_or_404(Attestation.objects.select_related("event").exclude(name=""), pk=pk)
    presence.get_event_to_tick(request.user, one.event.slug)
    return _pdf(one)


@never_cache
@require_safe
def archive(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Every valid attestation of an event in one ZIP file, sent while it is made."""
    event = presence.get_event_to_tick(request.user, slug).holder
    name = content_disposition_header(True, f"attestations-{event.slug}.zip") or "attachment"
    headers = {"Content-Type": "application/zip", "Content-Disposition": name}
    if request.method == "HEAD":
        return StreamingHttpResponse((), headers=headers)
    try:
        body = Body(slots.take(request))
    except slots.Full as full:
        busy = render(request, "errors/exports.html", status=429 if full.own else 503)
        busy.headers["Retry-After"] = "20"
        return busy
    body.pieces = write_zip(attestations.pdf_files(event))
    return StreamingHttpResponse(body, headers=headers)
