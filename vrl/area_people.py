"""The directory of trainers: what each chose to show, and messages that give nobody's address."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from network.events.registration_forms import line
from network.models import Territory
from trajectoire.core import mail
from trajectoire.core.limits import too_many_for
from trajectoire.core.text import fold, plural

from .access import area, get_trainer_for
from .area_frame import frame
from .asking_forms import departments, text
from .models import Trainer
from .vocabulary import LEADING

MAIL = "trainer_message"
DAY = 24 * 3600
TO_ONE, TO_MANY = 10, 3  # messages a day of one trainer: to somebody, to a department
ENOUGH = "Vous avez envoyé beaucoup de messages aujourd’hui. Gardez celui-ci et envoyez-le demain."


class MessageForm(forms.Form):
    subject = line("Objet", 150, error_messages={"required": "Indiquez l’objet de votre message."})
    body = text("Votre message", 3000, 8, error_messages={"required": "Écrivez votre message."})


def listed() -> QuerySet[Trainer]:
    """Who chose to be in the directory, and is still of the network."""
    return Trainer.objects.present().filter(listed=True)


@area
@require_safe
def trainers(request: HttpRequest) -> HttpResponse:
    """Everybody listed, by `?departement=` and `?q=` (a name, an employer, what is proposed)."""
    places = list(departments())
    chosen = next((place for place in places if place.code == request.GET.get("departement", "")), None)
    asked = request.GET.get("q", "").strip()[:100]
    known = listed().prefetch_related("habilitations", "departments", "audiences").order_by("name", "pk")
    if chosen:
        known = known.filter(departments=chosen)
    rows = [_card(one) for one in known if fold(asked) in fold(f"{one.name} {one.employer} {one.about}")]
    count = plural(len(rows), "formatrice ou formateur", "formatrices et formateurs")
    to_all = f"{reverse('vrl:write_to_department')}?{urlencode({'departement': chosen.code})}" if chosen else ""
    context = frame(request, "vrl:trainers", ("Annuaire", "")) | {
        "title": "L’annuaire des formatrices et formateurs",
        "rows": rows,
        "sentence": f"{count}{f', {chosen.name}' if chosen else ' dans la région'}.",
        "places": [{"value": place.code, "label": place.name, "current": place == chosen} for place in places],
        "chosen": chosen.name if chosen else "",
        "q": asked,
        "write_url": to_all if rows else "",
    }
    return render(request, "vrl/area/trainers.html", context)


def _card(one: Trainer) -> dict[str, Any]:
    """What she chose to show, nothing else."""
    leading = [held.get_level_display() for held in one.habilitations.all() if held.state in LEADING]  # type: ignore[attr-defined]
    return {
        "name": one.name,
        "levels": sorted(set(leading)),
        "employer": one.employer,
        "departments": ", ".join(place.name for place in one.departments.all()),
        "audiences": ", ".join(audience.name for audience in one.audiences.all()),
        "about": one.about,
        "email": one.email if one.shows_email else "",
        "phone": one.phone if one.shows_phone else "",
        "write_url": reverse("vrl:write_to_trainer", args=[one.pk]) if one.email else "",
    }


@area
@require_http_methods(["GET", "HEAD", "POST"])
def write_to_trainer(request: HttpRequest, pk: int) -> HttpResponse:
    """A message to one trainer of the directory."""
    sender = get_trainer_for(request.user)
    recipient = get_object_or_404(listed().exclude(email=""), pk=pk)
    return _write(request, sender, [recipient], "")


@area
@require_http_methods(["GET", "HEAD", "POST"])
def write_to_department(request: HttpRequest) -> HttpResponse:
    """A message to every trainer listed in a department; one reads it as written to all of them."""
    sender = get_trainer_for(request.user)
    place = get_object_or_404(Territory, kind="departement", code=request.GET.get("departement", ""))
    others = listed().filter(departments=place).exclude(Q(email="") | Q(pk=sender.pk))
    return _write(request, sender, list(others), place.name)


def _write(request: HttpRequest, sender: Trainer, to: list[Trainer], place: str) -> HttpResponse:
    """The form, then the message; `place` when it goes to a whole department."""
    limit = TO_MANY if place else TO_ONE
    whom = f"{place} ({plural(len(to), 'personne', 'personnes')})" if place else to[0].name
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if too_many_for(f"{sender.pk} {bool(place)}", "trainer-messages", limit=limit, seconds=DAY):
            form.add_error(None, ENOUGH)
        else:
            send(sender, to, form.cleaned_data["subject"], form.cleaned_data["body"], place)
            messages.success(request, "Votre message est parti.")
            return redirect("vrl:trainers")
    crumbs = ("Annuaire", reverse("vrl:trainers")), ("Écrire", "")
    context = frame(request, "vrl:trainers", *crumbs) | {"title": f"Écrire à {whom}", "form": form, "email": sender.email}
    return render(request, "vrl/area/write.html", context, status=400 if form.errors else 200)


def send(sender: Trainer, to: list[Trainer], subject: str, body: str, place: str) -> int:
    """Hand the message over, each alone; how many. Answers go to the sender."""
    context = {
        "name": sender.name,
        "email": sender.email,
        "subject": subject,
        "text": body,
        "place": place,
        "url": mail.link(reverse("vrl:profile")),
    }
    recipients = [mail.Recipient(one.email, reply_to=sender.email) for one in to]
    return mail.post_batch(MAIL, f"{MAIL}-{uuid.uuid4()}", context, recipients, names=())
