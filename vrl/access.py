"""The only doors to what is reserved for trainers: their documents, their area, their own sessions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from network.events.event import EventQuerySet
from network.events.models import Event
from resources.models import Document
from trajectoire.core.models import TRAINERS

from .models import Habilitation, Session, Trainer
from .vocabulary import LEADING, HabilitationState

COORDINATION = "vrl.view_session"
MANAGING = "vrl.change_session"
PAUSED = "Votre habilitation est en pause : vous pouvez tout lire, mais pas animer. Écrivez à la coordination pour la reprendre."


def is_trainer(user) -> bool:
    return user.is_authenticated and (user.has_perm("resources.view_document") or user.groups.filter(name=TRAINERS).exists())


def get_reserved_documents_for(user):
    """The documents kept for trainers; 404 for anyone else: the area must not be known to exist."""
    if not is_trainer(user):
        raise Http404
    return Document.objects.published().filter(access=Document.Access.TRAINERS)


def trainer_of(user: Any) -> Trainer | None:
    """The trainer whose account this is, when it holds the role and she has not left; asked once for one object."""
    if not user.is_authenticated or not user.is_active:
        return None
    if not hasattr(user, "opens_area_as"):
        mine = Trainer.objects.present().filter(user=user, user__groups__name=TRAINERS)
        user.opens_area_as = mine.first()
    return user.opens_area_as


def get_trainer_for(user: Any) -> Trainer:
    """The trainer of this account, or 404: coordination has no row of its own. One query."""
    if (trainer := trainer_of(user)) is None:
        raise Http404
    return trainer


def get_acting_trainer_for(user: Any) -> Trainer:
    """The same for who wants to lead; PermissionDenied, with a sentence to show, when her habilitation is paused."""
    trainer = get_trainer_for(user)
    if is_paused(trainer):
        raise PermissionDenied(PAUSED)
    return trainer


def is_paused(trainer: Trainer) -> bool:
    """Nothing to lead with, and one habilitation paused."""
    states = set(Habilitation.objects.filter(trainer=trainer).values_list("state", flat=True))
    return HabilitationState.PAUSED in states and states.isdisjoint(LEADING)


def is_coordination(user: Any) -> bool:
    """Staff whose role follows the plan."""
    return bool(user.is_authenticated and user.is_active and user.has_perm(COORDINATION))


def leads_event(user: Any, event: Event) -> bool:
    """Whether this trainer owns the session held by this event, or is of its confirmed team: she ticks presence there."""
    trainer = trainer_of(user)
    return trainer is not None and Session.objects.led_by(trainer).filter(event=event).exists()


def get_public_session_for(user: Any, slug: str, events: EventQuerySet) -> Event:
    """The event of the session at this address: public, or seen by staff and by who leads it; 404 otherwise."""
    found = get_object_or_404(events.filter(of_plan=True), slug=slug)
    if not (found.is_public or user.has_perm("events.view_event") or leads_event(user, found)):
        raise Http404
    return found


def get_own_session_for(user: Any, slug: str) -> Session:
    """The session at this address for who leads it, or for coordination; it does not exist for others."""
    trainer = trainer_of(user)
    if trainer is None and not is_coordination(user):
        raise Http404
    known = Session.objects.select_related("event", "department", "owner")
    if trainer and (own := known.led_by(trainer).filter(event__slug=slug).first()):
        return own
    if not is_coordination(user) or (found := known.filter(event__slug=slug).first()) is None:
        raise Http404
    return found


def area(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of the area: it does not exist for others, visitors included; it is never stored; a refusal says why."""

    @login_not_required  # the way to the login page would tell that there is something here
    @never_cache
    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if trainer_of(request.user) is None and not is_coordination(request.user):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as refusal:
            return render(request, "vrl/area/refused.html", {"reason": str(refusal)}, status=403)

    return entered
