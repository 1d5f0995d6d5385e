"""The rows behind a figure, for the team: the very ones that the parts count, each with its address in the administration.

A row counts for one, or for its `amount` (half-days, readings, answers…). Answers to questionnaires have no name: their rows are
the events that got some, with their number and nothing of what they say.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib.admin.utils import quote
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse

from network.events.figures import half_days_of, held_dates, ticked
from network.events.models import Attestation, Event, Registration, RegistrationState
from network.events.registrations import TAKES_A_PLACE
from network.events.survey import Moment
from network.models import Territory, TerritoryKind
from resources.counts import DocumentCount
from resources.letters.models import Subscription
from resources.models import Document

from .. import figures
from ..models import Session
from ..vocabulary import Level
from .part_activity import territory_of
from .part_resources import about_department, asked_for_help, letters_sent, publications, quarters, quarters_reached
from .part_sessions import COUNTS
from .part_trainers import arrived, gone, leading
from .parts import Scope

PER_PAGE = 100
CAME, TAKES = Q(attended__gt=0), Q(state__in=TAKES_A_PLACE)
# figures.py counts these from presences, faster; a test holds both to the same numbers.
PEOPLE = {
    "registered": TAKES,
    "waiting": Q(state=RegistrationState.WAITING),
    "absent": TAKES & ~CAME,
    "present": CAME,
    "complete": Q(reached=True),
    "attested": Q(holds=True),
}
REPORTED = Q(report__sent_at__isnull=False)


class Source(NamedTuple):
    """`model` (« vrl.session ») gives the permission to view it and its screen; `weighs`: rows have an `amount`."""

    model: str
    rows: Callable[[Scope], QuerySet[Any]]
    weighs: bool = False

    @property
    def permission(self) -> str:
        app, name = self.model.split(".")
        return f"{app}.view_{name}"

    def url(self, row: Any) -> str:
        """Registrations are followed on the screen of their event."""
        if isinstance(row, Registration):
            return reverse("admin:events_event_follow", args=[row.event_id])
        return reverse(f"admin:{self.model.replace('.', '_')}_change", args=[quote(row.pk)])


# The plan


def _held(scope: Scope) -> QuerySet[Session]:
    return _in_order(figures.held(scope.first, scope.last, scope.department))


def _in_order(sessions: QuerySet[Session]) -> QuerySet[Session]:
    return sessions.select_related("event", "department").order_by("event__ends_at", "pk")


def _sessions(name: str) -> Source:
    def rows(scope: Scope) -> QuerySet[Any]:
        return _in_order(figures.ended(scope.first, scope.last, scope.department).filter(COUNTS[name].filter))

    return Source("vrl.session", rows)


def _reported(amount: Any, *kept: Q) -> Source:
    def rows(scope: Scope) -> QuerySet[Any]:
        return _held(scope).filter(REPORTED, *kept).annotate(amount=amount).filter(amount__gt=0)

    return Source("vrl.session", rows, weighs=True)


def _registrations(scope: Scope) -> QuerySet[Registration]:
    held = figures.held(scope.first, scope.last, scope.department).order_by().values("pk")
    attested = Exists(Attestation.objects.valid().filter(registration=OuterRef("pk")))
    found = Registration.objects.filter(event__training__in=held).with_attendance().annotate(holds=attested)
    return found.select_related("event").order_by("event__ends_at", "pk")


def _people(name: str) -> Source:
    return Source("events.registration", lambda scope: _registrations(scope).filter(PEOPLE[name]))


def _distinct(scope: Scope) -> QuerySet[Registration]:
    """The first registration of each person; each of those without an address any more."""
    there = _registrations(scope).filter(CAME)
    first = there.order_by().values("email_key").annotate(first=Min("pk")).values("first")
    return there.filter(Q(email_key="") | Q(pk__in=first))


def _short(scope: Scope) -> QuerySet[Territory]:
    there = Count("trainers", filter=Q(trainers__in=figures.habilitated(scope.last).order_by().values("pk")))
    departments = Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).annotate(amount=there)
    return departments.filter(amount__lt=figures.ENOUGH_TRAINERS).order_by("code")


def _answered(moment: Moment) -> Source:
    def rows(scope: Scope) -> QuerySet[Any]:
        held = figures.held(scope.first, scope.last, scope.department).order_by().values("pk")
        answers = Count("surveys__answers", filter=Q(surveys__moment=moment))
        found = Event.objects.filter(training__in=held).annotate(amount=answers).filter(amount__gt=0)
        return found.order_by("ends_at", "pk")

    return Source("events.event", rows, weighs=True)


# The centre


def _events(scope: Scope) -> QuerySet[Event]:
    dates = held_dates(scope.first, scope.last, territory_of(scope))
    return Event.objects.filter(pk__in=dates.order_by().values("event")).order_by("ends_at", "pk")


def _half_days(scope: Scope) -> QuerySet[Event]:
    return _events(scope).annotate(amount=half_days_of(OuterRef("pk"), scope.first, scope.last))


def _there(counted: Count) -> Source:
    def rows(scope: Scope) -> QuerySet[Any]:
        there = ticked(scope.first, scope.last, territory_of(scope)).filter(date__event=OuterRef("pk")).order_by()
        summed = there.values("date__event").annotate(total=counted).values("total")
        return _events(scope).annotate(amount=Subquery(summed)).filter(amount__gt=0)

    return Source("events.event", rows, weighs=True)


def _read(kind: DocumentCount.Kind) -> Source:
    def rows(scope: Scope) -> QuerySet[Any]:
        about = about_department(territory_of(scope))
        read = DocumentCount.objects.between(scope.first, scope.last).filter(kind=kind, document=OuterRef("pk")).order_by()
        documents = Document.objects.all() if about is None else Document.objects.filter(pk__in=about)
        summed = Subquery(read.values("document").annotate(total=Sum("count")).values("total"))
        return documents.annotate(amount=summed).filter(amount__gt=0).order_by("-amount", "pk")

    return Source("resources.document", rows, weighs=True)


def _letters(amount: Any) -> Source:
    return Source(
        "letters.letter", lambda scope: letters_sent(scope).annotate(amount=amount).order_by("sent_at", "pk"), weighs=True
    )


def _subscribers(scope: Scope) -> QuerySet[Subscription]:
    end = figures.span(scope.first, scope.last)[1]
    return Subscription.objects.active().filter(confirmed_at__lt=end).select_related("subscriber").order_by("confirmed_at", "pk")


def _help(scope: Scope) -> QuerySet[Any]:
    return asked_for_help(scope, territory_of(scope)).order_by("created_at", "pk")


def _helped(scope: Scope) -> QuerySet[Any]:
    return _help(scope).annotate(amount=Sum("notes__half_days")).filter(amount__gt=0)


HOT, LATER = _answered(Moment.HOT), _answered(Moment.LATER)
SOURCES = {
    **{name: _sessions(name) for name in COUNTS},
    **{name: _people(name) for name in PEOPLE},
    "people": Source("events.registration", _distinct),
    "half_days": Source(
        "events.registration", lambda scope: _registrations(scope).filter(CAME).annotate(amount=F("attended")), weighs=True
    ),
    "aware": _reported(F("report__people"), Q(level=Level.AWARENESS)),
    "young": _reported(F("report__young_people"), Q(level=Level.AWARENESS)),
    "trainers": Source("vrl.trainer", lambda scope: leading(scope).order_by("name", "pk")),
    "new_trainers": Source("vrl.trainer", lambda scope: arrived(scope).order_by("name", "pk")),
    "gone_trainers": Source("vrl.trainer", lambda scope: gone(scope).order_by("name", "pk")),
    "short_departments": Source("network.territory", _short),
    "answers": HOT,
    "satisfaction": HOT,
    "perception": HOT,
    "later": LATER,
    "perception_later": LATER,
    "situations": _reported(Sum("report__situations__count")),
    "events": Source("events.event", _events),
    "event_half_days": Source("events.event", _half_days, weighs=True),
    "attendees": _there(Count("registration", distinct=True)),
    "event_presences": _there(Count("pk")),
    "publications": Source(
        "resources.document", lambda scope: publications(scope, territory_of(scope)).order_by("publish_at", "pk")
    ),
    "downloads": _read(DocumentCount.Kind.DOWNLOAD),
    "views": _read(DocumentCount.Kind.VIEW),
    "letters": Source("letters.letter", lambda scope: letters_sent(scope).order_by("sent_at", "pk")),
    "recipients": _letters(F("recipients")),
    "clicks": _letters(Sum("links__clicks", default=0)),
    "subscribers": Source("letters.subscription", _subscribers),
    "help_received": Source("network.helprequest", _help),
    "help_answered": Source("network.helprequest", lambda scope: _help(scope).filter(answered_at__isnull=False)),
    "help_half_days": Source("network.helprequest", _helped, weighs=True),
    "quarters_reached": Source(
        "network.territory", lambda scope: quarters_reached(scope, territory_of(scope)).order_by("name", "pk")
    ),
    "quarters": Source("network.territory", lambda scope: quarters(territory_of(scope)).order_by("name", "pk")),
}


def source_for(user: Any, name: str) -> Source | None:
    """The rows of a figure, for staff who may see them."""
    source = SOURCES.get(name)
    return source if source and user.is_staff and user.has_perm(source.permission) else None
