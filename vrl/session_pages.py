"""What the public page of a session shows beside its event."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from network.events import linked_data
from network.events.models import Event
from network.events.pages import event_context
from trajectoire.core import linked
from trajectoire.core.text import NBSP, plural

from .levels import ABOUT
from .session import Session
from .vocabulary import Level, Place

PLAN = "Valeurs de la République et laïcité"
NUMBERS = {1: "une personne", 2: "deux personnes", 3: "trois personnes", 4: "quatre personnes"}
HALF_DAY = 3.5  # hours, as a trainer's day of seven hours counts them


def session_context(event: Event, user: Any) -> dict[str, Any]:
    """The context of vrl/session.html; `event` comes from `for_page()` with `training__department` and its team."""
    session: Session = event.training  # type: ignore[attr-defined]  # reverse name
    crumbs = [(PLAN, reverse("vrl:index")), ("Formations", reverse("vrl:sessions"))]
    context = event_context(event, user, *crumbs)
    about = ABOUT[session.level]
    context["event"]["nature"] = f"Formation{NBSP}· {session.get_level_display()}"
    context["session"] = {
        "level": session.get_level_display(),
        "level_url": sessions_url(niveau=session.level),
        "length": session.get_length_display(),
        "department": session.department.name,
        "department_url": sessions_url(departement=session.department.code),
        "audience": about.audience,
        "asks": about.asks,
        "gives": about.gives,
        "led_by": led_by(session),
        "plan_url": reverse("vrl:index"),
    }
    if (url := candidacy_url(event)) and context["registering"]["state"] == "open":
        context["registering"] |= {"url": url, "label": "Proposer ma candidature"}
    if event.is_public:
        steps = linked.breadcrumbs(context["breadcrumb"], session.get_absolute_url())
        context["linked"] = linked.script(course(session, event), steps)
    return context


def candidacy_url(event: Event) -> str:
    """Where one asks to join a session N2, by a file that the employer signs; empty for any other event."""
    if not event.of_plan or event.training.level != Level.N2:  # type: ignore[attr-defined]  # reverse name
        return ""
    return f"{reverse('vrl:candidacy')}?{urlencode({'session': event.slug})}"


def sessions_url(**query: str) -> str:
    return f"{reverse('vrl:sessions')}?{urlencode(query)}"


def led_by(session: Session) -> str:
    """« Animée par Claire Morel et une autre personne. »: only those who agreed are named; nothing without a team."""
    if session.level == Level.N1:
        return "Animée par l’équipe nationale."
    team = [member.trainer for member in session.team.all() if member.state == Place.CONFIRMED]
    if not team:
        return ""
    names = [trainer.name for trainer in team if trainer.public]
    others = len(team) - len(names)
    if not names:
        return f"Animée par {_people(others)}."
    if others:
        names.append("une autre personne" if others == 1 else f"{_people(others)} de plus")
    return f"Animée par {', '.join(names[:-1])} et {names[-1]}." if len(names) > 1 else f"Animée par {names[0]}."


def _people(count: int) -> str:
    return NUMBERS.get(count) or plural(count, "personne", "personnes")


def course(session: Session, event: Event) -> dict[str, Any]:
    """A Course of schema.org with this session as its instance: the event's own description, and how long it lasts."""
    described = linked_data.described(event)
    half_days = sum(date.morning + date.afternoon for date in event.dates.all())
    modes = {"OfflineEventAttendanceMode": "Onsite", "OnlineEventAttendanceMode": "Online", "MixedEventAttendanceMode": "Blended"}
    instance = described | {
        "@type": "CourseInstance",
        "courseMode": modes[described["eventAttendanceMode"].rpartition("/")[2]],
        "courseWorkload": f"PT{half_days * HALF_DAY:g}H".replace(".5H", "H30M") if half_days else "",
    }
    return {
        "@type": "Course",
        "name": event.title,
        "description": event.summary or ABOUT[session.level].audience,
        "provider": linked.organization(),
        "inLanguage": "fr",
        "offers": {"@type": "Offer", "category": "Free", "price": "0", "priceCurrency": "EUR"},
        "hasCourseInstance": instance,
    }
