"""What the team decides for one person, and adding somebody by hand: `registering.py` writes, here are the forms."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages as notes
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from trajectoire.core.text import NBSP

from . import registering
from .admin_pages import page
from .event import Event
from .registration_forms import email, line
from .registrations import Registration, RegistrationState
from .vocabulary import ParticipantStatus

State = RegistrationState


class Decision(NamedTuple):
    """A button: what it says, the states it is for, what it does with the form, what is said once done."""

    label: str
    states: tuple[str, ...]
    act: Callable[[Registration, dict[str, Any]], None]
    done: str


def _prioritise(person: Registration, data: dict[str, Any]) -> None:
    registering.prioritise(person, data["priority"] or 0)


DECISIONS = {
    "accept": Decision(
        "Accepter",
        (State.APPLIED, State.REFUSED),
        lambda person, data: registering.decide(person, True, data["note"]),
        "La candidature est acceptée, la personne reçoit un e-mail.",
    ),
    "refuse": Decision(
        "Refuser",
        (State.APPLIED,),
        lambda person, data: registering.decide(person, False, data["note"]),
        "La candidature est refusée, la personne reçoit un e-mail.",
    ),
    "offer": Decision(
        "Donner ou proposer une place",
        (State.WAITING,),
        lambda person, data: registering.offer(person),
        "La personne reçoit un e-mail.",
    ),
    "priority": Decision("Enregistrer la priorité", (State.WAITING,), _prioritise, "La priorité est enregistrée."),
    "cancel": Decision(
        "Annuler l’inscription",
        (State.CONFIRMED, State.OFFERED, State.WAITING, State.APPLIED),
        lambda person, data: registering.cancel(person, by_staff=True),
        "L’inscription est annulée, la personne reçoit un e-mail.",
    ),
    "confirm": Decision(
        "Inscrire à nouveau",
        (State.CANCELLED,),
        lambda person, data: _register_again(person),
        "La personne est inscrite, elle reçoit un e-mail.",
    ),
}


def _register_again(person: Registration) -> None:
    registering.add(person.event, {"email": person.email, "name": person.name})


class DecisionForm(forms.Form):
    note = forms.CharField(
        label="Message joint à la réponse",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 70, "class": "vLargeTextField"}),
        help_text="Facultatif. La personne le lit dans l’e-mail, après le texte habituel.",
    )
    priority = forms.IntegerField(
        label="Priorité dans la liste d’attente",
        min_value=-1000,
        max_value=1000,
        required=False,
        help_text="0 : l’ordre d’arrivée. Plus le nombre est grand, plus tôt la personne est servie.",
    )


def decide(model_admin: ModelAdmin, request: HttpRequest, event: Event, registration: int) -> HttpResponse:
    """One person: what she said, and the buttons that her state allows."""
    person = get_object_or_404(event.holder.registrations.select_related("event__series"), pk=registration, anonymous_since=None)
    open_ones = {name: decision for name, decision in DECISIONS.items() if person.state in decision.states}
    form = DecisionForm(request.POST or None, initial={"priority": person.priority})
    if request.method == "POST" and form.is_valid():
        _apply(request, person, open_ones, form.cleaned_data)
        return redirect("admin:events_event_follow", event.pk)
    context = {
        "title": f"{person}{NBSP}: {person.get_state_display().lower()}",
        "event": event,
        "person": person,
        "rows": rows(person),
        "form": form,
        "answers": State.APPLIED in (person.state,) or person.state == State.REFUSED,
        "waits": person.state == State.WAITING,
        "decisions": [(name, decision.label) for name, decision in open_ones.items()],
    }
    return page(model_admin, request, "decide", context, status=400 if form.errors else 200)


def _apply(request: HttpRequest, person: Registration, open_ones: dict[str, Decision], data: dict[str, Any]) -> None:
    decision = next((decision for name, decision in open_ones.items() if name in request.POST), None)
    if decision is None:
        notes.error(request, "L’inscription a changé d’état entre-temps : rien n’a été fait. Regardez où elle en est.")
        return
    try:
        decision.act(person, data)
    except registering.Refused as reason:
        notes.error(request, str(reason))
    else:
        notes.success(request, f"{person}{NBSP}: {decision.done[0].lower()}{decision.done[1:]}")


def rows(person: Registration) -> list[tuple[str, str]]:
    """All that the person said, what is empty left out: [(label, value)]."""
    shown = ("email", "phone", "structure", "position", "status", "department", "needs", "meal", "motivation", "registered_by")
    said = [(_label(name), _value(person, name)) for name in shown]
    asked = {str(question.pk): question.text for question in person.event.questions.all()}
    said += [(asked[key], str(value)) for key, value in person.answers.items() if key in asked]
    arrived = timezone.localtime(person.queued_at).strftime("%d/%m/%Y à %H:%M")
    return [("Dans l’ordre depuis", arrived), *((label, value) for label, value in said if value)]


def _label(name: str) -> str:
    words = str(Registration._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return words[0].upper() + words[1:]


def _value(person: Registration, name: str) -> str:
    return person.get_status_display() if name == "status" else getattr(person, name)


class PersonForm(forms.Form):
    """Somebody who telephoned: what is needed, no more."""

    name = line("Prénom et nom", 120, error_messages={"required": "Indiquez le prénom et le nom."})
    email = email("Adresse e-mail", required=False, help_text="Sans adresse, ni message ni lien personnel.", autocomplete="off")
    phone = line("Téléphone", 30, required=False)
    structure = line("Structure", 150, required=False)
    position = line("Fonction", 120, required=False)
    status = forms.ChoiceField(label="Statut", choices=[("", "—"), *ParticipantStatus.choices], required=False)


def add_person(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> HttpResponse:
    """Register somebody by hand: confirmed at once, even when it is full."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = registering.add(event, form.cleaned_data)
        notes.success(request, f"{added} est dans la liste, inscription confirmée.")
        return redirect("admin:events_event_follow", event.pk)
    context = {"title": "Inscrire une personne", "event": event, "form": form}
    return page(model_admin, request, "add_person", context, status=400 if form.errors else 200)
