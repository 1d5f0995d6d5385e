"""How many came: people, participations, half-days, absences, for the page of an event and for the annual bilan."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from .models import Event, Presence, Registration, RegistrationState
from .registrations import TAKES_A_PLACE


@dataclass(frozen=True)
class Attendance:
    """Numbers of a set of events. A participation is one person at one registration; a person is counted once whatever she
    attends, by her e-mail address, and as many times as she registered once her name has been erased or without an address."""

    registered: int
    present: int  # participations with at least one half-day
    complete: int  # participations that reach the threshold of their event
    absent: int  # confirmed, nobody saw them, and presence was ticked
    waiting: int
    people: int  # distinct people present
    half_days: int  # of presence: 12 people for 2 half-days are 24

    @property
    def rate(self) -> int:
        """Percent of those confirmed who came."""
        expected = self.present + self.absent
        return round(100 * self.present / expected) if expected else 0


def attendance(events: Iterable[Event] | QuerySet[Event]) -> Attendance:
    """Numbers of these events (those that hold registrations), in two queries."""
    registrations = Registration.objects.filter(event__in=events).with_attendance()
    ticked = Q(event__in=Presence.objects.order_by().values("registration__event"))
    confirmed, came = Q(state=RegistrationState.CONFIRMED), Q(attended__gt=0)
    known = came & ~Q(email_key="")
    counts = registrations.order_by().aggregate(
        registered=Count("pk", filter=Q(state__in=TAKES_A_PLACE)),
        present=Count("pk", filter=came),
        complete=Count("pk", filter=Q(reached=True)),
        absent=Count("pk", filter=confirmed & Q(attended=0) & ticked),
        waiting=Count("pk", filter=Q(state=RegistrationState.WAITING)),
        named=Count("email_key", filter=known, distinct=True),
        unnamed=Count("pk", filter=came & Q(email_key="")),
    )
    people = counts.pop("named") + counts.pop("unnamed")
    half_days = Presence.objects.counted().filter(registration__event__in=events).count()
    return Attendance(**counts, people=people, half_days=half_days)
