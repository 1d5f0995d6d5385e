"""Proposing a session from a model, and changing what it says before it is held."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from network.events.changes import announce_changes, record_changes, stored_facts
from network.events.models import Event
from network.events.registering import Refused, capacity_changed
from trajectoire.core import mail

from . import creating, life, team
from .access import area, get_acting_trainer_for, get_own_session_for, is_coordination
from .area_forms import ChangeForm, CreateForm
from .area_frame import frame
from .cascade import obstacle
from .models import Session, SessionModel, Trainer
from .vocabulary import SessionState

EDITABLE = (SessionState.DRAFT, SessionState.PROPOSED, SessionState.TEAM, SessionState.OPEN, SessionState.FULL)
TOO_LATE = "Cette session ne se modifie plus ici : écrivez à la coordination."


@area
@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: HttpRequest) -> HttpResponse:
    """The models first; then, with `?modele=`, the form prefilled from it."""
    trainer = get_acting_trainer_for(request.user)
    if not (slug := request.GET.get("modele", "")):
        return _choose(request, trainer)
    model = get_object_or_404(SessionModel, slug=slug)
    form = CreateForm(model, trainer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (made := _create(request, form)):
        return redirect("vrl:own_session", slug=made.event.slug)
    context = _around(request, model.title) | {"form": form, "model": model, "level": model.get_level_display(), "session": None}
    return render(request, "vrl/area/session_form.html", context, status=400 if form.errors else 200)


def _around(request: HttpRequest, title: str) -> dict[str, Any]:
    crumbs = ("Sessions", reverse("vrl:my_sessions")), ("Nouvelle session", reverse("vrl:new_session")), (title, "")
    return frame(request, "vrl:my_sessions", *crumbs) | {"title": title}


def _choose(request: HttpRequest, trainer: Trainer) -> HttpResponse:
    """What each model gives, and why some are not for her."""
    here = reverse("vrl:new_session")
    models = [
        {
            "title": model.title,
            "summary": model.summary,
            "facts": [model.get_level_display(), model.get_length_display(), f"{model.capacity} places"],
            "url": f"{here}?{urlencode({'modele': model.slug})}",
            "obstacle": obstacle(trainer, model.level, []),
        }
        for model in SessionModel.objects.order_by("order", "pk")
    ]
    context = frame(request, "vrl:my_sessions", ("Sessions", reverse("vrl:my_sessions")), ("Nouvelle session", ""))
    return render(request, "vrl/area/models.html", context | {"title": "Nouvelle session", "models": models})


def _create(request: HttpRequest, form: CreateForm) -> Session | None:
    """The draft, proposed at once when that button was pressed; None when it was refused, the form then says why."""
    try:
        with mail.held(), transaction.atomic():
            made = creating.create_from(
                form.model, owner=form.trainer, department=form.department_chosen, dates=form.days, **form.facts
            )
            if request.POST.get("action") == "proposer":
                life.move(made, SessionState.PROPOSED, request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    proposed = made.state == SessionState.PROPOSED
    messages.success(request, "La session est proposée à la coordination." if proposed else "Le brouillon est enregistré.")
    return made


@area
@require_http_methods(["GET", "HEAD", "POST"])
def change_session(request: HttpRequest, slug: str) -> HttpResponse:
    """Title, place, dates and places of a session to come; those registered are told of what they must know again."""
    session = get_own_session_for(request.user, slug)
    if not is_coordination(request.user):
        get_acting_trainer_for(request.user)
    if session.state not in EDITABLE or not team.may_decide(session, request.user):
        raise PermissionDenied(TOO_LATE)
    form = ChangeForm(session, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            save_changes(session, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La session est à jour. Les personnes inscrites sont prévenues de ce qui les concerne.")
            return redirect("vrl:own_session", slug=slug)
    crumbs = (
        ("Sessions", reverse("vrl:my_sessions")),
        (session.event.title, reverse("vrl:own_session", args=[slug])),
        ("Modifier", ""),
    )
    context = frame(request, "vrl:my_sessions", *crumbs) | {
        "title": "Modifier la session",
        "form": form,
        "level": session.get_level_display(),
        "session": session,
        "model": None,
    }
    return render(request, "vrl/area/session_form.html", context, status=400 if form.errors else 200)


def save_changes(session: Session, form: ChangeForm) -> None:
    """The facts of the event, then its days; raises Refused against the cascade, and nothing is stored."""
    with mail.held(), transaction.atomic():
        event = Event.objects.select_for_update().get(pk=session.event_id)
        before, capacity = stored_facts(event), event.capacity
        for name, value in form.facts.items():
            setattr(event, name, value)
        event.save()
        record_changes(event, before)
        if sorted(form.days) != sorted(form.before):
            creating.reschedule(session, form.days)
        else:
            announce_changes(event)
        if event.capacity != capacity:
            capacity_changed(event)
