"""The mails to participants: what staff may rewrite in the middle (`notice_texts.py`), what each kind adds around it."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail
from trajectoire.core.mail import link
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.text import NBSP, local_moment

from .event import Event
from .ics import MEDIA_TYPE, calendar
from .notice_texts import NoticeKind, dates_of, subject_for, text_for
from .questionnaires import questionnaire_url
from .registrations import ACTIVE, Registration
from .vocabulary import EventMode

TEMPLATE = "registration"
LINKS_AFTER = datetime.timedelta(days=365)  # the attestation is fetched long after the event
WITH_CALENDAR = (NoticeKind.CONFIRMATION, NoticeKind.ACCEPTED, NoticeKind.CHANGED, NoticeKind.EVENT_CANCELLED)
AT_THE_DOOR = (NoticeKind.CONFIRMATION, NoticeKind.ACCEPTED, NoticeKind.DAY_BEFORE)
LABELS = {
    NoticeKind.OFFER: "Accepter la place",
    NoticeKind.OFFER_OVER: "",
    NoticeKind.LEFT: "",
    NoticeKind.REFUSED: "",
    NoticeKind.EVENT_CANCELLED: "",
    NoticeKind.WAITING: "Voir ou annuler mon inscription",
    NoticeKind.THANKS: "Retrouver mon attestation et les documents",
}
SEE = "Voir, modifier ou annuler mon inscription"
AGAIN = "Une inscription vient d’être demandée avec cette adresse, qui en avait déjà une : rien n’est changé."


def own_url(registration: Registration) -> str:
    """The personal page: for the person's mailbox only."""
    return link(reverse("events:registration", args=[registration.token]))


@transaction.atomic
def notice(
    kind: str, registration: Registration, event: Event | None = None, *, again: bool = False, note: str = ""
) -> OutgoingMail:
    """Store one mail to one person, in the caller's transaction. `event`, `again`, `note`: see `compose`."""
    reply_to = (event or registration.event).contact_email or settings.CONTACT_EMAIL
    context = compose(kind, registration, event, again=again, note=note)
    message = mail.post(TEMPLATE, registration.email, context, reply_to=reply_to)
    if kind in WITH_CALENDAR:
        sessions = (event or registration.event).sessions.prefetch_related("dates", "themes").select_related("place")
        mail.attach(message, "rendez-vous.ics", MEDIA_TYPE, calendar(sessions.order_by("starts_at", "pk")).decode())
    return message


def compose(
    kind: str, registration: Registration, event: Event | None = None, *, again: bool = False, note: str = ""
) -> dict[str, Any]:
    """What the templates show: {subject, name, lead, text, note, facts: [{label, value}], actions: [{label, url}], by…}.

    `event`: the session it speaks of, when it is not the one that holds the registration. `again`: somebody filled the form
    with this address. `note`: what staff adds for this person.
    """
    about = event or registration.event
    return {
        "subject": subject_for(kind, about, registration.name),
        "name": registration.name,
        "lead": AGAIN if again else "",
        "text": text_for(kind, about, registration.name),
        "note": note,
        "facts": _facts(kind, registration),
        "actions": _actions(kind, registration, about),
        "by": registration.registered_by,
        "event_url": link(about.get_absolute_url()),
    }


def _facts(kind: str, registration: Registration) -> list[dict[str, str]]:
    if kind == NoticeKind.OFFER and registration.offer_ends_at:
        return [{"label": f"Place gardée jusqu’au{NBSP}:", "value": local_moment(registration.offer_ends_at)}]
    if kind in AT_THE_DOOR and registration.event.mode != EventMode.ONLINE:
        return [{"label": f"À l’accueil{NBSP}:", "value": "montrez le code QR de votre page d’inscription, ou dites votre nom."}]
    return []


def _actions(kind: str, registration: Registration, event: Event) -> list[dict[str, str]]:
    """The links, the one that matters most first."""
    found = []
    if kind == NoticeKind.ONLINE_LINK:
        found.append({"label": "Rejoindre la visioconférence", "url": event.online_url})
    if kind == NoticeKind.THANKS and (asked := questionnaire_url(registration)):
        found.append({"label": "Donner mon avis", "url": asked})
    if label := LABELS.get(NoticeKind(kind), SEE):
        found.append({"label": label, "url": own_url(registration)})
    return found


def send_links(email_key: str) -> None:
    """Write the links of all that somebody is registered for and that is not over; to an unknown address, nothing."""
    now = timezone.now()
    mine = Registration.objects.filter(email_key=email_key, state__in=ACTIVE).select_related("event__series__lead")
    rows = [
        {"title": one.event.title, "when": dates_of(one.event), "url": own_url(one)}
        for one in mine.order_by("event__starts_at", "pk")
        if one.event.sessions.filter(Q(ends_at=None) | Q(ends_at__gte=now - LINKS_AFTER)).exists()
    ]
    if rows:
        mail.post("registration_links", mine[0].email, {"rows": rows}, reply_to=settings.CONTACT_EMAIL)
