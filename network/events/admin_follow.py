"""One screen to follow an event: what to do next, the numbers, the people and where each of them is."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from trajectoire.core.text import NBSP, fold

from .admin_pages import page
from .event import Event
from .registrations import Registration, RegistrationState
from .steps import Numbers, numbers, steps

# Who waits for a decision first, then who comes, then who left.
ORDER = [
    RegistrationState.APPLIED,
    RegistrationState.OFFERED,
    RegistrationState.WAITING,
    RegistrationState.CONFIRMED,
    RegistrationState.REFUSED,
    RegistrationState.CANCELLED,
]


def follow(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> HttpResponse:
    """Everything about one event that is not its description. `?etat=` and `?q=` narrow the list of people."""
    found = numbers(event)
    may_see = request.user.has_perm("events.view_registration")  # type: ignore[union-attr]
    state, words = request.GET.get("etat", ""), request.GET.get("q", "")
    context = {
        "title": f"Suivi{NBSP}: {event.title}",
        "event": event,
        "steps": steps(event, found),
        "numbers": spelled(found),
        "may_see": may_see,
        "may_decide": request.user.has_perm("events.change_registration"),  # type: ignore[union-attr]
        "states": [(value, label, value == state) for value, label in RegistrationState.choices],
        "state": state,
        "words": words,
        "people": people(event, state, words) if may_see else [],
        "written": event.messages.select_related("sent_by") if may_see else [],
        "holder": event.holder,
        "links": links(event, request.user) if may_see else [],
        "texts_url": f"{reverse('admin:events_noticetext_changelist')}?event={event.pk}",
    }
    return page(model_admin, request, "follow", context)


def links(event: Event, user: Any) -> list[tuple[str, str]]:
    """What can be taken away or opened, after what this person may do: [(label, address)]."""
    own = {"pk": event.pk}
    found = []
    if user.has_perm("events.change_registration"):
        found.append(("Inscrire une personne", reverse("admin:events_event_add_person", kwargs=own)))
    if user.has_perm("events.change_presence"):
        found.append(("Cocher la présence", reverse("events:presence", args=[event.slug])))
        found.append(("Feuille de présence (PDF)", reverse("events:sheet", args=[event.slug])))
        found.append(("Attestations", reverse("events:attestations", args=[event.slug])))
        found.append(("Questionnaire", reverse("events:results", args=[event.slug])))
    found.append(("Badges (PDF)", reverse("admin:events_event_badges", kwargs=own)))
    for extension in ("csv", "ods", "xlsx"):
        url = reverse("admin:events_event_participants", kwargs=own | {"extension": extension})
        found.append((f"Participants ({extension.upper()})", url))
    return found


def spelled(found: Numbers) -> list[tuple[str, str]]:
    """[(label, value)]; what is empty is left out, but for the places."""
    taken = f"{found.taken}" if found.capacity is None else f"{found.taken} sur {found.capacity}"
    rows = [
        ("Places prises", taken, True),
        ("Places proposées, sans réponse encore", found.offered, found.offered),
        ("En liste d’attente", found.waiting, found.waiting),
        ("Candidatures à examiner", found.applied, found.applied),
        ("Candidatures refusées", found.refused, found.refused),
        ("Désinscriptions", found.cancelled, found.cancelled),
        ("Personnes venues", found.present, found.ticked),
    ]
    return [(label, str(value)) for label, value, shown in rows if shown]


def people(event: Event, state: str = "", words: str = "") -> list[Registration]:
    """Those of the event that holds the registrations; the line keeps its own order, the others are sorted by name."""
    rows: QuerySet[Registration] = event.holder.registrations.order_by("-priority", "queued_at", "pk")
    if state in RegistrationState.values:
        rows = rows.filter(state=state)
    wanted = fold(words).split()
    kept = [row for row in rows if all(word in fold(f"{row.name} {row.email} {row.structure}") for word in wanted)]
    return sorted(kept, key=_rank)


def _rank(row: Registration) -> tuple[int, str]:
    in_line = row.state == RegistrationState.WAITING
    return ORDER.index(RegistrationState(row.state)), "" if in_line else fold(row.name)
