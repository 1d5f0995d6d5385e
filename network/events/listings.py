"""The agenda as a list: facets, the sentence above it, what to try when it is empty."""

import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trajectoire.core.listing import Choice, Facet, Listing, State
from trajectoire.core.search.declarations import PUBLIC
from trajectoire.core.text import plural

from ..facets import audience_choices, joined, marked, subjects, territory_choices, theme_choices
from .cards import cards_of
from .event import Event
from .faces import FACES
from .search_source import ROOM
from .vocabulary import PRIVATE_KINDS, EventKind, EventMode

MANY_MONTHS = 18  # beyond, they are chosen by year
SOONEST, LATEST = "les plus proches d’abord", "les plus récents d’abord"
ORDER = {"ajout": "les derniers annoncés d’abord", "titre": "par ordre alphabétique", "pertinence": "les plus pertinents d’abord"}
# The nouns of the kinds: (one, several).
NATURES = {
    EventKind.STUDY_DAY: ("journée d’étude", "journées d’étude"),
    EventKind.CYCLE: ("séance de cycle", "séances de cycle"),
    EventKind.WORKING_GROUP: ("groupe de travail", "groupes de travail"),
    EventKind.REGIONAL_MEETING: ("rencontre régionale", "rencontres régionales"),
    EventKind.DEPARTMENTAL_MEETING: ("rencontre départementale", "rencontres départementales"),
    EventKind.WORKSHOP: ("atelier", "ateliers"),
    EventKind.SEMINAR: ("séminaire", "séminaires"),
    EventKind.WEBINAR: ("webinaire", "webinaires"),
    EventKind.SITE_VISIT: ("visite de site", "visites de site"),
    EventKind.TRAINING: ("formation", "formations"),
    EventKind.DEBATE: ("café-débat ou forum-débat", "cafés-débats et forums-débats"),
    EventKind.NETWORK_MEETING: ("réunion de réseau", "réunions de réseau"),
    EventKind.TRAINERS_MEETING: (
        "rencontre des formatrices et formateurs VRL",
        "rencontres des formatrices et formateurs VRL",
    ),
    EventKind.SECULARISM_DAY: ("Journée de la laïcité", "Journées de la laïcité"),
    EventKind.GENERAL_ASSEMBLY: ("assemblée générale", "assemblées générales"),
    EventKind.STEERING_COMMITTEE: ("comité de pilotage", "comités de pilotage"),
    EventKind.SUPPORT: ("accompagnement d’un territoire", "accompagnements de territoires"),
}


def _kind_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(kind.value, kind.label[:1].upper() + kind.label[1:]) for kind in EventKind]


def _mode_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(mode.value, mode.label) for mode in EventMode]


def room_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(ROOM, "Il reste des places")]


def month_choices(counts: dict[str, int]) -> list[Choice]:
    """The months, the first one first; when there are many, the years, the last one first, with their months."""
    months = sorted(value for value in counts if "-" in value)
    if len(months) <= MANY_MONTHS:
        return [Choice(month, month_label(month).capitalize()) for month in months]
    years = sorted((value for value in counts if "-" not in value), reverse=True)
    return [
        Choice(year, year, tuple(Choice(month, month_label(month).capitalize()) for month in months if month.startswith(year)))
        for year in years
    ]


def month_label(value: str) -> str:
    """« 2026-05 » → « mai 2026 »; a year, or what is no month, as it is."""
    year, _, month = value.partition("-")
    if not (len(value) == 7 and (year + month).isdecimal() and year.isascii() and 1 <= int(month) <= 12 and int(year)):
        return value
    return formats.date_format(datetime.date(int(year), int(month), 1), "F Y")


def _nouns(state: State, total: int) -> SafeString:
    """« 3 webinaires et ateliers », « Aucun événement »."""
    kinds = [NATURES[EventKind(value)] for value in state.chosen.get("kind_of_event", []) if value in NATURES]
    if not total:
        return marked("Aucun événement")
    if not kinds:
        return marked(plural(total, "événement", "événements"))
    names = [one if total < 2 else many for one, many in kinds]
    return joined([plural(total, names[0], names[0]), *names[1:]], " et " if total > 1 else " ou ")


def sentence(state: State, total: int) -> SafeString:
    """« 3 webinaires à venir sur « Santé » dans le Doubs, les plus proches d’abord »."""
    when = {True: "déjà passé" if total < 2 else "déjà passés", False: "à venir", None: ""}[state.over]
    if state.chosen.get("kind_of_event") and total and state.over:
        when = "dans les archives"  # webinaires, journées: no agreement to make
    parts = [_nouns(state, total), *([when] if when else []), *subjects(state)]
    if months := state.chosen.get("month"):
        parts.append(format_html("en {}", joined([month_label(month) for month in months], " ou ")))
    if modes := [EventMode(value).label.lower() for value in state.chosen.get("mode", []) if value in EventMode]:
        parts.append(joined(modes, " ou "))
    if state.chosen.get("room"):
        parts.append(format_html("avec {}", marked("des places")))
    text = format_html_join(" ", "{}", ((part,) for part in parts))
    if total < 2 or state.over is None:  # a month has its own order
        return text
    return format_html("{}, {}", text, ORDER.get(state.sort) or (LATEST if state.over else SOONEST))


def wider(state: State) -> list[dict[str, str]]:
    """What to try when nothing was found: each filter taken off, the other period, then everything."""
    first = [(facet, state.chosen[facet.name][0]) for facet in state.listing.facets if state.chosen.get(facet.name)]
    proposals = [
        {"label": f"Retirer le filtre « {facet.label.lower()} »", "url": state.url(without=(facet.name, value))}
        for facet, value in first
    ]
    return [*proposals, {"label": "Voir tous les événements à venir", "url": state.listing.url}]


def links() -> list[tuple[str, str]]:
    """What the plan du site says of the agenda: [(label, address)]."""
    here = reverse("events:list")
    month = timezone.localdate()
    used = Event.objects.published().order_by().values_list("kind", flat=True).distinct()
    kinds = [kind for kind in EventKind if kind not in PRIVATE_KINDS and kind in set(used)]
    return [
        ("Mois par mois", reverse("events:month", args=[month.year, month.month])),
        ("Événements passés", f"{here}?periode=passes"),
        *((NATURES[kind][1][:1].upper() + NATURES[kind][1][1:], f"{here}?{urlencode({'nature': kind})}") for kind in kinds),
    ]


def everyone(user: object) -> frozenset[str]:
    """All of the agenda is public: what is not is in no list."""
    return frozenset({PUBLIC})


AGENDA = Listing(
    name="agenda",
    kinds=(Event.search_kind,),
    title="Agenda",
    url_name="events:list",
    facets=(
        Facet("kind_of_event", "nature", "Nature", _kind_choices),
        Facet("month", "mois", "Mois", month_choices, shown=12),
        Facet("theme", "theme", "Thème", theme_choices),
        Facet("territory", "territoire", "Territoire", territory_choices),
        Facet("mode", "mode", "On y participe", _mode_choices),
        Facet("room", "places", "Places", room_choices),
        Facet("audience", "public", "Public", audience_choices, open=False),
    ),
    cards=cards_of,
    sentence=sentence,
    access=everyone,
    faces=FACES,
    sorts=("date", "ajout", "titre"),
    timed=True,
)
