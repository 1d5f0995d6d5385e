"""Ticking who is there: a page for a phone at the door, a sheet for paper, what a QR code opens."""

import datetime
import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trajectoire.core.forms import single_line
from trajectoire.core.text import fold
from trajectoire.core.views import breadcrumb

from . import presence, registering, sheet
from .models import Event, Registration
from .presence import Slot, Tick

OLDEST = datetime.timedelta(days=7)  # a tick kept longer by a phone says more about the phone


class WalkInForm(forms.Form):
    name = forms.CharField(
        label="Prénom et nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez le prénom et le nom."},
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Pour l’attestation et les documents.",
        error_messages={"invalid": "Cette adresse e-mail n’est pas complète : elle doit ressembler à nom@exemple.fr."},
    )

    def clean_name(self) -> str:
        return single_line(self.cleaned_data["name"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tick(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of one half-day. `?demi-journee=` chooses it, `?q=` looks for a name, `?personne=` shows one alone (QR code)."""
    event = presence.get_event_to_tick(request.user, slug)
    known = presence.slots(event)
    if not known:
        return render(request, "network/events/presence_none.html", {"event": event, "breadcrumb": _crumbs(event)})
    asked = request.POST.get("demi-journee") or request.GET.get("demi-journee")
    slot = next((slot for slot in known if slot.key == asked), None) or presence.slot_now(known, timezone.now())
    form = WalkInForm(request.POST if request.POST.get("action") == "ajouter" else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        _write(request, event, slot, form)
        return redirect(f"{request.path}?{urlencode({'demi-journee': slot.key})}")
    return render(request, "network/events/presence.html", _page(request, event, slot, form), status=400 if form.errors else 200)


def _write(request: HttpRequest, event: Event, slot: Slot, form: WalkInForm) -> None:
    if form.is_bound:
        person = registering.add(event, form.cleaned_data, walk_in=True)
        presence.record(event, [Tick(person.pk, slot.key, True, timezone.now())], request.user)
        messages.success(request, f"{person.name} est dans la liste, et présente ou présent.")
    elif request.POST.get("action") == "tout":
        presence.mark_everyone(event, slot, request.user)
        messages.success(request, "Tout le monde est coché : décochez les personnes absentes.")
    else:
        presence.record(event, differences(request, slot), request.user)
        messages.success(request, "La présence est enregistrée.")


def differences(request: HttpRequest, slot: Slot) -> list[Tick]:
    """What the form sent without script changed since it was shown: what others ticked meanwhile stays."""
    before, after = _numbers(request.POST.get("avant", "").split(",")), _numbers(request.POST.getlist("presente"))
    now = timezone.now()
    changed = _numbers(request.POST.get("liste", "").split(",")) & (before ^ after)
    return [Tick(pk, slot.key, pk in after, now) for pk in sorted(changed)]


def _numbers(words: list[str]) -> set[int]:
    return {int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 16}


def _page(request: HttpRequest, event: Event, slot: Slot, form: WalkInForm) -> dict[str, Any]:
    everybody, ticked = presence.people(event), presence.present_at(event, slot)
    asked = request.GET.get("q", "").strip()[:100]
    alone = _numbers([request.GET.get("personne", "")])
    shown = [p for p in everybody if fold(asked) in fold(f"{p.name} {p.structure}") and (not alone or p.pk in alone)]
    expected = [person for person in everybody if presence.is_expected(person)]
    rows = [_row(person, person.pk in ticked) for person in shown]
    return {
        "event": event,
        "slot": slot,
        "slots": [
            {"label": s.label, "url": f"?{urlencode({'demi-journee': s.key})}", "current": s == slot}
            for s in presence.slots(event)
        ],
        "rows": rows,
        "listed": ",".join(str(row["pk"]) for row in rows),
        "before": ",".join(str(row["pk"]) for row in rows if row["present"]),
        "present_count": len(ticked),
        "expected_count": len(expected),
        "q": asked,
        "alone": bool(alone),
        "form": form,
        "back_url": event.get_absolute_url(),
        "breadcrumb": _crumbs(event),
    }


def _row(person: Registration, present: bool) -> dict[str, Any]:
    """What a line shows: who, and why somebody not expected is there."""
    note = "" if presence.is_expected(person) else person.get_state_display()
    return {
        "pk": person.pk,
        "name": person.name,
        "about": sheet.about(person),
        "note": "Venue sans inscription" if person.walk_in else note,
        "search": fold(f"{person.name} {person.structure}"),
        "present": present,
    }


def _crumbs(event: Event) -> list[dict[str, str]]:
    return breadcrumb(("Agenda", reverse("events:list")), (event.title, event.get_absolute_url()), ("Présence", ""))


@never_cache
@require_POST
def send_ticks(request: HttpRequest, slug: str) -> HttpResponse:
    """What a phone kept: {"now": ms, "slot": key, "ticks": [{"who", "slot", "present", "at": ms}]}, both hours by its own clock.

    Only the time elapsed since each tick is believed. The answer is who is present at `slot`, whoever ticked them.
    """
    event = presence.get_event_to_tick(request.user, slug)
    try:
        sent = json.loads(request.body)
        ticks = [_tick(given, int(sent["now"])) for given in sent["ticks"]]
        slot = next((slot for slot in presence.slots(event) if slot.key == str(sent["slot"])), None)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise BadRequest("Ces coches ne sont pas lisibles.") from error
    presence.record(event, ticks, request.user)
    return JsonResponse({"present": sorted(presence.present_at(event, slot)) if slot else []})


def _tick(given: dict[str, Any], phone_now: int) -> Tick:
    age = datetime.timedelta(milliseconds=phone_now - int(given["at"]))
    at = timezone.now() - min(max(age, datetime.timedelta(0)), OLDEST)
    return Tick(int(given["who"]), str(given["slot"]), bool(given["present"]), at)


@never_cache
@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet to sign."""
    event = presence.get_event_to_tick(request.user, slug)
    name = content_disposition_header(False, f"presence-{event.slug}.pdf") or "inline"
    return HttpResponse(sheet.sheet_pdf(event), content_type="application/pdf", headers={"Content-Disposition": name})


@never_cache
@require_safe
def door(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code of a person opens: this person on the page of today's session; nothing for who does not tick."""
    person = presence.get_registration_at_door(token)
    event = presence.get_event_to_tick(request.user, presence.session_now(person, timezone.now()).slug)
    return redirect(f"{reverse('events:presence', args=[event.slug])}?{urlencode({'personne': person.pk})}")
