"""The life of a request for help: received, moved on, answered, withdrawn, reminded of, forgotten."""

import datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail
from trajectoire.core.models import User

from .requests import SLEEPS_AFTER, HelpNote, HelpRequest, HelpStatus, too_old


def follow_url(request: HelpRequest) -> str:
    return settings.SITE_URL + reverse("accompaniment:follow", args=[request.token])


def admin_url(request: HelpRequest) -> str:
    return settings.SITE_URL + reverse("admin:network_helprequest_change", args=[request.pk])


def receive(request: HelpRequest, themes: list) -> HelpRequest:
    """Store a new request, acknowledge it to the person and tell the centre."""
    with transaction.atomic():
        request.save()
        request.themes.set(themes)
        mail.post("help_received", request.email, {"request": request, "url": follow_url(request)})
        mail.post(
            "help_to_centre",
            settings.CONTACT_EMAIL,
            {"request": request, "themes": [theme.name for theme in themes], "url": admin_url(request)},
            reply_to=request.email,
        )
    return request


def change_status(request: HelpRequest, status: str, by: User | None) -> None:
    """Move on, and say so in the notes; the dates of the answer and of the end follow."""
    before = HelpStatus(request.status).label
    now = timezone.now()
    request.status, request.last_activity_at = status, now
    request.closed_at = now if status == HelpStatus.CLOSED else None
    with transaction.atomic():
        request.save(update_fields=["status", "last_activity_at", "closed_at", "updated_at"])
        request.notes.create(author=by, text=f"État : {before} → {HelpStatus(status).label}")


def touch(request: HelpRequest) -> None:
    """Something was done: it does not sleep."""
    request.last_activity_at = timezone.now()
    request.save(update_fields=["last_activity_at", "updated_at"])


def answer(request: HelpRequest, by: User | None) -> None:
    """Send the written answer, with the documents chosen for it, to the person who asked."""
    links = [{"title": given.title, "url": settings.SITE_URL + given.url} for given in request.given.shown()]  # type: ignore[attr-defined]
    with transaction.atomic():
        request.answered_at = timezone.now()
        request.save(update_fields=["answered_at", "updated_at"])
        context = {"request": request, "links": links, "url": follow_url(request)}
        mail.post("help_answered", request.email, context, reply_to=settings.CONTACT_EMAIL)
        change_status(request, HelpStatus.ANSWERED, by)


def add_message(request: HelpRequest, text: str) -> HelpNote:
    """What the person adds by the follow-up link; an answered request is open again, and the centre is told."""
    with transaction.atomic():
        note = request.notes.create(text=text, from_asker=True)
        if request.is_open:
            touch(request)
        else:
            change_status(request, HelpStatus.IN_PROGRESS, None)
        to = request.in_charge.email if request.in_charge and request.in_charge.is_active else settings.CONTACT_EMAIL
        context = {"request": request, "text": text, "url": admin_url(request)}
        mail.post("help_message", to, context, reply_to=request.email)
    return note


def withdraw(request: HelpRequest) -> None:
    """The person no longer needs help."""
    if request.status != HelpStatus.CLOSED:
        with transaction.atomic():
            request.notes.create(text="La personne a retiré sa demande.", from_asker=True)
            change_status(request, HelpStatus.CLOSED, None)


def remind(now: datetime.datetime) -> int:
    """One message for each person in charge (or the centre) about what sleeps; at most one every two weeks. How many left."""
    unreminded = HelpRequest.objects.sleeping(now).exclude(reminded_at__gt=now - SLEEPS_AFTER).select_related("in_charge")
    sleeping = sorted(unreminded.order_by("pk"), key=_address)
    groups = [(to, list(requests)) for to, requests in groupby(sleeping, key=_address)]
    for to, requests in groups:
        rows = [{"subject": r.subject, "days": (now - r.last_activity_at).days, "url": admin_url(r)} for r in requests]
        with transaction.atomic():
            HelpRequest.objects.filter(pk__in=[r.pk for r in requests]).update(reminded_at=now)
            mail.post("help_sleeping", to, {"rows": rows})
    return len(groups)


def _address(request: HelpRequest) -> str:
    person = request.in_charge
    return person.email if person and person.is_active else settings.CONTACT_EMAIL


def forget_old(now: datetime.datetime) -> int:
    """Take names, addresses and texts away three years after the end; themes, place and time stay. How many."""
    with transaction.atomic():
        pks = list(too_old(now).values_list("pk", flat=True))
        forget(pks)
    return len(pks)


def forget(pks: list[int]) -> None:
    """Take away all that may say who asked."""
    with transaction.atomic():
        HelpNote.objects.filter(request__in=pks).update(text="Texte effacé")
        emptied = {"name": "", "email": "", "phone": "", "position": "", "details": "", "answer": "", "structure": ""}
        HelpRequest.objects.filter(pk__in=pks).update(**emptied, subject="Demande anonymisée")
