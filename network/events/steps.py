"""What the team has to do next for an event, and in what order: read from the rows, never ticked by hand."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from trajectoire.core.text import NBSP, plural

from .attestation import Attestation
from .event import Event, EventDate
from .registrations import Presence, Registration, RegistrationState
from .vocabulary import EventMode, EventStatus

SOON = datetime.timedelta(days=7)
# How far back the work list of the site looks: what was left for a year will not be done any more.
STILL_WORTH = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Step:
    """One thing to do, one click away; `urgent` when people wait for it."""

    label: str
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class Numbers:
    """How many people of the event are in each state, and how far presence has come (half-days)."""

    confirmed: int
    offered: int
    waiting: int
    applied: int
    refused: int
    cancelled: int
    capacity: int | None
    half_days: int
    ticked: int
    present: int

    @property
    def taken(self) -> int:
        return self.confirmed + self.offered

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.taken, 0)

    @property
    def over(self) -> int:
        return 0 if self.capacity is None else max(self.taken - self.capacity, 0)

    @property
    def to_tick(self) -> int:
        return max(self.confirmed * self.half_days - self.ticked, 0)


def numbers(event: Event) -> Numbers:
    """In four queries, however many people."""
    people = Registration.objects.filter(event=event.holder)
    rows = dict(people.order_by().values_list("state").annotate(count=Count("pk")))
    states = {state.name.lower(): rows.get(state.value, 0) for state in RegistrationState}
    ticks = Presence.objects.filter(date__event=event, registration__state=RegistrationState.CONFIRMED)
    found = ticks.aggregate(ticked=Count("pk"), present=Count("registration", filter=Q(present=True), distinct=True))
    half_days = EventDate.objects.filter(event=event).aggregate(
        morning=Count("pk", filter=Q(morning=True)), afternoon=Count("pk", filter=Q(afternoon=True))
    )
    return Numbers(**states, **found, capacity=event.holder.capacity, half_days=sum(half_days.values()))


def steps(event: Event, found: Numbers, now: datetime.datetime | None = None) -> list[Step]:
    """What to do next, the most pressing first. A cancelled event only has people to tell."""
    now = now or timezone.now()
    found_steps = list(_to_tell(event))
    if event.status == EventStatus.CANCELLED:
        return found_steps
    over = event.ends_at is not None and event.ends_at < now
    found_steps += _after(event, found) if over else [*_before(event, now), *_people(event, found)]
    return sorted(found_steps, key=lambda step: not step.urgent)


def _to_tell(event: Event) -> Iterator[Step]:
    if event.untold is not None:
        yield Step("Prévenir les personnes de ce qui a changé", reverse("admin:events_event_changes", args=[event.pk]), True)


def _before(event: Event, now: datetime.datetime) -> Iterator[Step]:
    change = reverse("admin:events_event_change", args=[event.pk])
    soon = event.starts_at is not None and event.starts_at - now < SOON
    if event.starts_at is None:
        yield Step("Fixer au moins une date", f"{change}#dates-group")
    if not event.published:
        yield Step("Mettre en ligne, une fois l’aperçu relu", change)
    if event.mode != EventMode.ON_SITE and not event.online_url:
        yield Step("Donner l’adresse de la visioconférence", f"{change}#id_online_url", soon)
    if event.mode != EventMode.ONLINE and not event.venue:
        yield Step("Donner le lieu", f"{change}#id_venue", soon)


def _people(event: Event, found: Numbers) -> Iterator[Step]:
    follow = reverse("admin:events_event_follow", args=[event.pk])
    if found.applied:
        yield Step(f"Examiner {plural(found.applied, 'candidature', 'candidatures')}", f"{follow}?etat=candidature", True)
    if found.over:
        more = plural(found.over, "personne de plus", "personnes de plus")
        yield Step(f"{more} que de places{NBSP}: augmenter les places, ou en parler avec elles", follow, True)
    if found.waiting and found.free and not event.holder.promotes:
        free = plural(found.free, "place libre", "places libres")
        yield Step(f"{free}{NBSP}: choisir dans la liste d’attente", f"{follow}?etat=attente", True)


def _after(event: Event, found: Numbers) -> Iterator[Step]:
    if found.to_tick:
        label = f"Cocher la présence{NBSP}: il reste {plural(found.to_tick, 'demi-journée', 'demi-journées')}"
        yield Step(label, reverse("events:presence", args=[event.slug]), True)
    elif event.holder.attests and (due := without_attestation(event.holder).count()):
        label = f"Donner {plural(due, 'attestation', 'attestations')}"
        yield Step(label, reverse("events:attestations", args=[event.slug]))
    if event.is_public and not event.documents.exists():  # type: ignore[attr-defined]
        url = f"{reverse('admin:resources_document_add')}?event={event.pk}"
        yield Step(f"Publier ce qu’il en reste{NBSP}: synthèse, diaporama, photos", url)


def without_attestation(event: Event) -> QuerySet[Registration]:
    """Who has been there enough and holds no valid attestation yet."""
    held = Attestation.objects.filter(registration=OuterRef("pk"), state=Attestation.State.VALID)
    confirmed = Registration.objects.filter(event=event, state=RegistrationState.CONFIRMED)
    return confirmed.with_attendance().filter(~Exists(held), reached=True)  # type: ignore[misc]


def with_applications() -> QuerySet[Event]:
    """Events to come whose candidates wait for an answer."""
    waiting = Registration.objects.filter(event=OuterRef("pk"), state=RegistrationState.APPLIED)
    return _live().exclude(ends_at__lt=timezone.now()).filter(Exists(waiting))


def with_presence_missing() -> QuerySet[Event]:
    """Events of the last twelve months that are over, with people and without a single tick."""
    now = timezone.now()
    ticked = Presence.objects.filter(date__event=OuterRef("pk"))
    over = _live().filter(ends_at__lt=now, ends_at__gte=now - STILL_WORTH)
    people = Registration.objects.filter(event=OuterRef("pk"), state=RegistrationState.CONFIRMED)
    return over.filter(Exists(people), ~Exists(ticked))


def with_people_to_tell() -> QuerySet[Event]:
    return Event.objects.filter(untold__isnull=False)


def to_publish() -> QuerySet[Event]:
    """Drafts of meetings to come, or without a date yet, that the public is to see; sessions of the plan have their own steps."""
    drafts = Event.objects.filter(published=False, private=False, of_plan=False).exclude(status=EventStatus.CANCELLED)
    return drafts.exclude(ends_at__lt=timezone.now())


# What the filter of the list and the work list call them.
TO_DO: dict[str, Callable[[], QuerySet[Event]]] = {
    "candidatures": with_applications,
    "prevenir": with_people_to_tell,
    "presence": with_presence_missing,
    "publier": to_publish,
}


def _live() -> QuerySet[Event]:
    return Event.objects.exclude(status=EventStatus.CANCELLED)
