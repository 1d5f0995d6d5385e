"""The first page of the area: what one owes, what comes, what is new."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from network.events.attendance import attendance
from network.events.models import Attestation, Event
from network.events.vocabulary import EventKind
from resources.models import Document
from trajectoire.core.text import day, local_day, spaced_number

from . import needs, owing
from .access import area, get_reserved_documents_for, get_trainer_for, is_paused, trainer_of
from .area_frame import frame
from .area_rows import row
from .models import KitPart, Session, Trainer
from .vocabulary import LEADING, HabilitationState, SessionState

State = SessionState
HELD = (State.HELD, State.TO_CLOSE, State.CLOSED)
COMING, NEWS, PARTS, NEEDS = 5, 3, 5, 4  # lines shown of each


@area
@require_safe
def space(request: HttpRequest) -> HttpResponse:
    """The dashboard of a trainer; for coordination, the ways to the pages of the area."""
    trainer = trainer_of(request.user)
    context = frame(request, "vrl:space") | {
        "title": f"Bonjour {trainer.name}" if trainer else "Espace des formatrices et formateurs"
    }
    context["admin_url"] = reverse("admin:index") if request.user.is_staff else ""  # type: ignore[union-attr]
    if trainer is None:
        return render(request, "vrl/area/coordination.html", context)
    return render(request, "vrl/area/dashboard.html", context | _of(trainer, request))


def _of(trainer: Trainer, request: HttpRequest) -> dict[str, Any]:
    sessions = list(owing.underway(trainer))
    over = {State.HELD, State.TO_CLOSE}
    return {
        "duties": owing.duties(sessions),
        "invitations": [_invited(member) for member in owing.invitations(trainer)],
        "coming": [row(one) for one in sessions if one.state not in over][:COMING],
        "habilitations": [_habilitation(held) for held in trainer.habilitations.all()],
        "paused": is_paused(trainer),
        "needs": needs.near(trainer, NEEDS),
        "kit_news": [_part(part) for part in new_parts(trainer, request.user)[:PARTS]],
        "seen": local_day(trainer.seen_before) if trainer.seen_before else "",
        "news": [event.card() for event in _news()],
        "figures": own_figures(trainer),
    }


def _invited(member: Any) -> dict[str, Any]:
    asked_by = member.session.owner
    return {"pk": member.pk, "by": asked_by.name if asked_by else "La coordination"} | row(member.session)


def _habilitation(held: Any) -> dict[str, str]:
    """{level, state, look, since, until}."""
    look = "good" if held.state in LEADING else "end"
    return {
        "level": held.get_level_display(),
        "state": held.get_state_display(),
        "look": "wait" if held.state == HabilitationState.TO_RENEW else look,
        "since": day(held.obtained_on),
        "until": day(held.expires_on),
        "by": held.granted_by,
    }


def new_parts(trainer: Trainer, user: Any) -> QuerySet[KitPart]:
    """The parts of the kit put on line since she last said that she had seen them; the latest first."""
    readable = get_reserved_documents_for(user)
    parts = KitPart.objects.filter(document__in=readable, document__replaced_by=None).select_related("document")
    if trainer.seen_before:
        parts = parts.filter(document__publish_at__gt=trainer.seen_before)
    return parts.order_by("-document__publish_at", "-pk")


def _part(part: KitPart) -> dict[str, str]:
    document: Document = part.document
    return {
        "title": document.title,
        "url": reverse("vrl:kit_part", args=[document.slug]),
        "kind": part.get_kind_display(),
        "version": part.version_label,
        "changes": part.changes,
    }


def _news() -> QuerySet[Event]:
    """Meetings of trainers and the Journée de la laïcité to come."""
    kinds = [EventKind.TRAINERS_MEETING, EventKind.SECULARISM_DAY]
    return Event.objects.published().upcoming().filter(kind__in=kinds).for_cards()[:NEWS]


def own_figures(trainer: Trainer) -> list[dict[str, str]]:
    """What she did, all years together: sessions held, people present, half-days, attestations."""
    held = Session.objects.led_by(trainer).filter(state__in=HELD)
    events = held.values("event")
    counts = attendance(Event.objects.filter(pk__in=events))
    given = Attestation.objects.filter(event__in=events, state=Attestation.State.VALID).count()
    pairs = [
        ("sessions animées", held.count()),
        ("personnes présentes", counts.present),
        ("demi-journées de présence", counts.half_days),
        ("attestations données", given),
    ]
    return [{"label": label, "value": spaced_number(value)} for label, value in pairs]


@area
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """What is new in the kit has been seen: later visits show what came after."""
    trainer = get_trainer_for(request.user)
    now = timezone.now()
    Trainer.objects.filter(pk=trainer.pk).update(seen_before=now, visited_at=now)
    messages.success(request, "C’est noté : vous verrez ici ce qui arrivera ensuite.")
    return redirect("vrl:space")
