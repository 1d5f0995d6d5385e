"""What the page of an entry shows: ready values for the templates, in a number of queries that never grows."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from trajectoire.core.prose import anchored
from trajectoire.core.text import day, plural
from trajectoire.core.views import breadcrumb

from ..maps import region_map
from ..models import Initiative, Organisation, Person, Territory
from .cards import card, nature, tile
from .entries import DirectoryEntry

EVENTS_SHOWN = 4  # to come, and past
SHOWN = 12  # of each kind of attached things; the rest is one link away


def directory_url(**query: str) -> str:
    return f"{reverse('network:directory')}?{urlencode(query)}" if query else reverse("network:directory")


def entry_context(entry: DirectoryEntry, user: Any) -> dict[str, Any]:
    """The context of network/directory/entry.html."""
    themes = list(entry.themes.all())
    places = list(entry.territories.all())
    html, _ = anchored(entry.description, set())
    return {
        "entry": {
            "name": entry.name,
            "slug": entry.slug,
            "nature": nature(entry),
            "summary": entry.summary,
            "description_html": mark_safe(html),
            "tile": tile(entry),
            "is_demo": entry.is_demo,
            "is_person": isinstance(entry, Person),  # found from inside the site, not from outside
            "published": entry.published,
            "former_names": entry.former_name_list if isinstance(entry, Organisation) else [],
            "successor": _successor(entry),
            "predecessors": _predecessors(entry),
            "themes": [{"label": t.name, "url": directory_url(theme=t.slug)} for t in themes],
            "audiences": [{"label": a.name, "url": directory_url(public=a.slug)} for a in entry.audiences.all()],
            "offers": _offers(entry),
            "facts": facts(entry),
            "sources": entry.source_list,
            "freshness": freshness(entry),
            "is_stale": entry.is_stale,
            "can_be_written_to": bool(entry.mailbox),
            "write_label": WRITE[entry.search_kind],
        },
        "map_svg": place_map(places),
        "places": [{"label": p.name, "url": _place_url(p)} for p in places],
        "parts": [part for part in (_events(entry), _initiatives(entry), _documents(entry, user), _people(entry)) if part],
        "write_url": reverse("network:directory_write", args=[entry.slug]),
        "correct_url": reverse("network:directory_correct", args=[entry.slug]),
        "ask_url": f"{reverse('contact')}?{urlencode({'objet': f'Mise en relation : {entry.name}'[:150]})}",
        "edit_url": _edit_url(entry, user),
        "breadcrumb": breadcrumb(("Réseau", directory_url()), (entry.name, "")),
    }


WRITE = {
    "organisation": "Écrire à cette structure",
    "person": "Écrire à cette personne",
    "initiative": "Écrire à qui porte l’initiative",
}


def _edit_url(entry: DirectoryEntry, user: Any) -> str:
    model = entry._meta.model_name
    allowed = user.has_perm(f"network.change_{model}")
    return reverse(f"admin:network_{model}_change", args=[entry.pk]) if allowed else ""


def _offers(entry: DirectoryEntry) -> list[dict[str, str]]:
    if isinstance(entry, Initiative):
        return []
    return [{"label": offer.name, "url": directory_url(propose=offer.slug)} for offer in entry.offers.all()]  # type: ignore[attr-defined]


def _place_url(territory: Territory) -> str:
    return territory.get_absolute_url() if territory.has_page else directory_url(territoire=territory.code)


def _link(entry: DirectoryEntry) -> SafeString:
    """The name, as a link when the directory shows it."""
    if not entry.published:
        return format_html("{}", entry.name)
    return format_html('<a href="{}">{}</a>', entry.get_absolute_url(), entry.name)


def _successor(entry: DirectoryEntry) -> SafeString:
    return _link(entry.successor) if isinstance(entry, Organisation) and entry.successor else SafeString("")


def _predecessors(entry: DirectoryEntry) -> list[SafeString]:
    if not isinstance(entry, Organisation):
        return []
    return [_link(before) for before in entry.predecessors.order_by("name")[:SHOWN]]


def facts(entry: DirectoryEntry) -> list[dict[str, Any]]:
    """The facts beside the text: [{label, value}]."""
    site = format_html('<a href="{}" rel="external">{}</a>', entry.website, _bare(entry.website)) if entry.website else ""
    rows = [*OWN_FACTS[entry.search_kind](entry), ("Site internet", site)]
    return [{"label": label, "value": value} for label, value in rows if value]


def _of_organisation(entry: Organisation) -> list[tuple[str, Any]]:
    parts = [_link(part) for part in entry.parts.filter(published=True).order_by("name")[:SHOWN]]
    return [
        ("Fait partie de", _link(entry.parent) if entry.parent else ""),
        ("Comprend", mark_safe(", ".join(parts))),
        ("Adresse", mark_safe(format_html("{}", entry.address).replace("\n", "<br>"))),
        ("SIRET", entry.siret),
    ]


def _of_person(entry: Person) -> list[tuple[str, Any]]:
    return [("Fonction", entry.role), ("Structure", _link(entry.organisation) if entry.organisation else "")]


def _of_initiative(entry: Initiative) -> list[tuple[str, Any]]:
    carriers = [_link(carrier) for carrier in entry.carriers.order_by("name")[:SHOWN]]
    return [("Portée par", mark_safe(", ".join(carriers))), ("Période", period(entry))]


OWN_FACTS: dict[str, Any] = {"organisation": _of_organisation, "person": _of_person, "initiative": _of_initiative}


def _bare(url: str) -> str:
    """« exemple.fr » for « https://www.exemple.fr/ »."""
    return url.split("://", 1)[-1].removeprefix("www.").rstrip("/")


def period(initiative: Initiative) -> str:
    """« depuis le 3 avril 2023 », « du 3 avril 2023 au 1er mars 2024 »."""
    begun, ended = day(initiative.started_on), day(initiative.ended_on)
    if begun and ended:
        return f"du {begun} au {ended}"
    if begun:
        return f"depuis le {begun}" if initiative.status == Initiative.Status.ONGOING else f"à partir du {begun}"
    return f"jusqu’au {ended}" if ended else ""


def freshness(entry: DirectoryEntry) -> str:
    """How far what is written may be believed."""
    known = day(entry.known_on)
    if not entry.is_stale:
        return f"Informations confirmées le {known}" if entry.confirmed_on else f"Informations enregistrées le {known}"
    return f"Informations non confirmées depuis plus de 18 mois (la dernière fois : le {known})"


def place_map(places: Sequence[Territory]) -> SafeString:
    """The region, with the department marked when all the territories lie in one."""
    departments = {codes[1] for place in places if len(codes := place.ancestor_codes) > 1}
    return region_map(departments.pop() if len(departments) == 1 else None) if places else SafeString("")


def quoted(entry: DirectoryEntry) -> str:
    """The name as a phrase for the search."""
    return f'"{entry.name}"'


def _part(anchor: str, title: str, cards: list[dict], more_url: str, more_label: str) -> dict[str, Any]:
    """A part of the page; `more_label` is empty when everything is shown."""
    return {"id": anchor, "title": title, "cards": cards, "more_label": more_label, "more_url": more_url}


def _more(total: int, one: str, many: str) -> str:
    return f"Voir les {plural(total, one, many)}" if total > SHOWN else ""


def _initiatives(entry: DirectoryEntry) -> dict[str, Any] | None:
    if not isinstance(entry, Organisation):
        return None
    found: Any = entry.initiatives.all()
    found = found.published()
    if not (total := found.count()):
        return None
    cards = [card(row) for row in found.for_cards().order_by("status", "name")[:SHOWN]]
    url = directory_url(nature="initiatives", q=quoted(entry))
    return _part("initiatives", "Ses initiatives", cards, url, _more(total, "initiative", "initiatives"))


def _documents(entry: DirectoryEntry, user: Any) -> dict[str, Any] | None:
    """What the library has about it, that this person may read, newest first (reverse name: `documents`)."""
    if isinstance(entry, Person):
        return None
    found: Any = entry.documents.visible_to(user)  # type: ignore[attr-defined]
    if not (total := found.count()):
        return None
    cards = [document.card() for document in found.for_cards().newest_first()[:SHOWN]]
    url = f"{reverse('resources:list')}?{urlencode({'q': quoted(entry)})}"
    return _part("ecrits", "Dans les ressources", cards, url, _more(total, "ressource", "ressources"))


def _events(entry: DirectoryEntry) -> dict[str, Any] | None:
    """Public events that it organises, joins or speaks at: those to come, then the latest (reverse name above: `events`)."""
    if isinstance(entry, Initiative):
        return None
    event: Any = Territory._meta.get_field("events").related_model
    test = Q(programme__speakers=entry) if isinstance(entry, Person) else Q(organisers=entry) | Q(partners=entry)
    found = event.objects.published().filter(pk__in=event.objects.filter(test).order_by().values("pk"))
    rows = [*found.upcoming().for_cards()[:EVENTS_SHOWN], *found.past().for_cards()[:EVENTS_SHOWN]]
    url = f"{reverse('events:list')}?{urlencode({'q': quoted(entry)})}"
    return _part("rendez-vous", "Ses rendez-vous", [row.card() for row in rows], url, "Chercher dans l’agenda") if rows else None


def _people(entry: DirectoryEntry) -> dict[str, Any] | None:
    if not isinstance(entry, Organisation):
        return None
    found: Any = entry.people.all()
    found = found.published()
    if not (total := found.count()):
        return None
    cards = [card(row) for row in found.for_cards().order_by("name")[:SHOWN]]
    url = directory_url(nature="personnes", q=quoted(entry))
    return _part("personnes", "Personnes à contacter", cards, url, _more(total, "personne", "personnes"))
