"""The board of needs, and « je peux »."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from network.events.registering import Refused

from . import needs, requesting, team
from .access import area, get_acting_trainer_for, is_paused, trainer_of
from .area_frame import frame
from .asking_forms import departments
from .models import Session, TrainingRequest

ALL = "tous"


@area
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The needs, by department (`?departement=`, hers at first) and date."""
    trainer = trainer_of(request.user)
    known = {place.code: place for place in departments()}
    asked = request.GET.get("departement", "")
    hers = [place.pk for place in trainer.departments.all()] if trainer else []
    if asked in known:
        chosen, within = asked, [known[asked].pk]
    else:
        chosen = ALL if asked == ALL or not hers else ""
        within = [] if chosen else hers
    lines = needs.board(needs.reader(trainer) if trainer else None, within)
    context = frame(request, "vrl:needs", ("Besoins", "")) | {
        "title": "Les besoins",
        "lines": lines,
        "cut": len(lines) == needs.MOST,
        "choices": _choices(known, chosen, bool(hers)),
        "chosen": chosen,
        "all": ALL,
        "acts": trainer is not None and not is_paused(trainer),
        "paused": trainer is not None and is_paused(trainer),
    }
    return render(request, "vrl/area/needs.html", context)


def _choices(known: dict[str, Any], chosen: str, has_own: bool) -> list[dict[str, Any]]:
    own = [("", "Mes départements")] if has_own else []
    pairs = [*own, (ALL, "Toute la région"), *((code, place.name) for code, place in known.items())]
    return [{"value": value, "label": label, "current": value == chosen} for value, label in pairs]


def _note(request: HttpRequest) -> str:
    return " ".join(request.POST.get("note", "").split())[:300]


@area
@require_POST
def can_session(request: HttpRequest, pk: int) -> HttpResponse:
    """« Je peux » to a session that lacks a trainer."""
    trainer = get_acting_trainer_for(request.user)
    session = get_object_or_404(Session.objects.lacking_trainers(), pk=pk)
    try:
        team.offer(session, trainer, _note(request))
        messages.success(request, "Merci\u202f! La personne qui porte la session, ou la coordination, vous répondra.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("vrl:needs")


@area
@require_POST
def can_request(request: HttpRequest, pk: int) -> HttpResponse:
    """« Je peux » to a request that has no session yet."""
    trainer = get_acting_trainer_for(request.user)
    asked = get_object_or_404(TrainingRequest, pk=pk, state__in=needs.OPEN)
    try:
        requesting.volunteer(asked, trainer, _note(request))
        messages.success(request, "Merci\u202f! La coordination vous répondra.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("vrl:needs")
