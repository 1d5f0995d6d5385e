"""The sessions of the plan as a list: the agenda narrowed to them, with the facets of the plan."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from network import vocabulary
from network.events.listings import LATEST, ORDER, SOONEST, everyone, month_choices, month_label, room_choices
from network.events.models import Event
from network.facets import audience_choices, joined, marked, subjects
from trajectoire.core.listing import Choice, Facet, Listing, State
from trajectoire.core.text import plural

from .faces import FACES, cards_of
from .levels import ABOUT
from .session import PLAN
from .vocabulary import Length, Level


def _department_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(place.code, place.name) for place in vocabulary.current().departments()]


def _level_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(level.value, level.label) for level in Level]


def _length_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(length.value, length.label) for length in Length]


def _nouns(state: State, total: int) -> SafeString:
    """« 4 sessions N3 », « Aucune session »."""
    levels = [ABOUT[value].noun for value in state.chosen.get("level", []) if value in ABOUT]
    count = marked(plural(total, "session", "sessions") if total else "Aucune session")
    return format_html("{} {}", count, joined(levels, " ou ")) if levels else count


def sentence(state: State, total: int) -> SafeString:
    """« 4 sessions N3 à venir dans le Doubs en mai 2026, avec des places, les plus proches d’abord »."""
    words = vocabulary.current().territory_by_code
    parts = [_nouns(state, total), "déjà tenues" if state.over and total > 1 else "déjà tenue" if state.over else "à venir"]
    if lengths := [Length(value).label.lower() for value in state.chosen.get("length", []) if value in Length]:
        parts.append(format_html("de {}", joined(lengths, " ou ")))
    parts += subjects(state)
    if places := [words[code].located for code in state.chosen.get("department", []) if code in words]:
        parts.append(joined(places, " ou "))
    if months := state.chosen.get("month"):
        parts.append(format_html("en {}", joined([month_label(month) for month in months], " ou ")))
    if state.chosen.get("room"):
        parts.append(format_html("avec {}", marked("des places")))
    text = format_html_join(" ", "{}", ((part,) for part in parts))
    if total < 2:
        return text
    return format_html("{}, {}", text, ORDER.get(state.sort) or (LATEST if state.over else SOONEST))


SESSIONS = Listing(
    name="formations",
    kinds=(Event.search_kind,),
    title="Formations du plan",
    url_name="vrl:sessions",
    facets=(
        Facet("department", "departement", "Département", _department_choices),
        Facet("month", "mois", "Mois", month_choices, shown=12),
        Facet("level", "niveau", "Niveau", _level_choices),
        Facet("length", "duree", "Durée", _length_choices),
        Facet("room", "places", "Places", room_choices),
        Facet("audience", "public", "Public", audience_choices, open=False),
    ),
    cards=cards_of,
    sentence=sentence,
    access=everyone,
    faces=FACES,
    sorts=("date", "ajout", "titre"),
    timed=True,
    only={"plan": [PLAN]},
)
