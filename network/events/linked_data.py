"""An event as schema.org describes it, and the elements that social networks read."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from trajectoire.core.linked import organization
from trajectoire.core.text import NBSP

from .dates import summed
from .event import Event, EventDate
from .ics import location
from .opening import opening
from .vocabulary import EventMode, EventStatus

STATUS = {
    EventStatus.CANCELLED: "EventCancelled",
    EventStatus.POSTPONED: "EventPostponed",
    EventStatus.RESCHEDULED: "EventRescheduled",
    EventStatus.MOVED_ONLINE: "EventMovedOnline",
}
ATTENDANCE = {
    EventMode.ON_SITE: "OfflineEventAttendanceMode",
    EventMode.ONLINE: "OnlineEventAttendanceMode",
    EventMode.MIXED: "MixedEventAttendanceMode",
}
SOLD_OUT = ("full", "waiting-list")


def page_url(event: Event) -> str:
    return settings.SITE_URL + event.get_absolute_url()


def described(event: Event) -> dict[str, Any]:
    """The event; empty values are left to core.linked, which drops them. Never the address of the video meeting."""
    dates = list(event.dates.all())
    return {
        "@type": "Event",
        "@id": page_url(event),
        "url": page_url(event),
        "name": event.title,
        "description": event.summary,
        "startDate": _local(event.starts_at),
        "endDate": _local(event.ends_at),
        "eventStatus": f"https://schema.org/{STATUS.get(EventStatus(event.status), 'EventScheduled')}",
        "eventAttendanceMode": f"https://schema.org/{ATTENDANCE[_mode(event)]}",
        "location": _locations(event),
        "subEvent": [_part(event, date) for date in dates] if len(dates) > 1 else [],
        "about": [{"@type": "Thing", "name": theme.name} for theme in event.themes.all()],
        "audience": [{"@type": "Audience", "audienceType": one.name} for one in event.audiences.all()],
        "organizer": [{"@type": "Organization", "name": one.name} for one in event.organisers.all()] or organization(),
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "maximumAttendeeCapacity": event.holder.capacity or "",
        "offers": _offer(event),
    }


def _mode(event: Event) -> EventMode:
    return EventMode.ONLINE if event.status == EventStatus.MOVED_ONLINE else EventMode(event.mode)


def _local(moment: Any) -> str:
    """With the offset of Paris on that day."""
    return timezone.localtime(moment).isoformat() if moment else ""


def _part(event: Event, date: EventDate) -> dict[str, Any]:
    name = f"{event.title}{NBSP}: {date.label}" if date.label else event.title
    return {"@type": "Event", "name": name, "startDate": _local(date.starts_at), "endDate": _local(date.ends_at)}


def _locations(event: Event) -> list[dict[str, Any]]:
    """The place, the page for what happens online (the meeting's own address is for those who registered), or both."""
    found: list[dict[str, Any]] = []
    if _mode(event) != EventMode.ONLINE and location(event):
        address = {
            "@type": "PostalAddress",
            "streetAddress": event.address,
            "addressLocality": event.place.name if event.place else "",
            "addressRegion": "Bourgogne-Franche-Comté",
            "addressCountry": "FR",
        }
        found.append({"@type": "Place", "name": event.venue or location(event), "address": address})
    if _mode(event) != EventMode.ON_SITE:
        found.append({"@type": "VirtualLocation", "url": page_url(event)})
    return found


def _offer(event: Event) -> dict[str, Any]:
    """Free, always; said as long as one may still register."""
    state = opening(event).state
    if state not in ("open", "elsewhere", "none", *SOLD_OUT):
        return {}
    free = {"@type": "Offer", "price": "0", "priceCurrency": "EUR", "url": page_url(event)}
    return free | {"availability": f"https://schema.org/{'SoldOut' if state in SOLD_OUT else 'InStock'}"}


def elements(event: Event) -> list[dict[str, str]]:
    """Open Graph: [{name, content}]."""
    pairs = {
        "og:type": "website",
        "og:site_name": "Trajectoire Ressources",
        "og:locale": "fr_FR",
        "og:title": event.title,
        "og:description": f"{summed(event)}. {event.summary}".strip(),
        "og:url": page_url(event),
    }
    return [{"name": name, "content": content} for name, content in pairs.items()]
