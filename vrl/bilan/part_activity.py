"""Part 5: what the centre held, in half-days: mission × category × mode, themes; who came, by audience."""

from typing import Any

from django.db.models import Count, F, Sum

from network.accompaniment.requests import Mission
from network.events.figures import HALF_DAYS, activity, held_dates, ticked
from network.events.figures import totals as totals_of
from network.events.vocabulary import Category, EventMode
from network.models import Audience, Territory, TerritoryKind

from ..figures import Told
from .parts import Counts, Grid, Part, Rows, Scope, line, made, table

EVENTS = Told(
    "Rencontres tenues",
    "Événements en ligne, ni annulés ni reportés, avec une date dans la période ; sessions du plan comprises.",
    False,
)
HALF_DAYS_TOLD = Told("Demi-journées d’activité", "Demi-journées de ces rencontres dans la période.", False)
ATTENDEES = Told("Personnes venues", "Inscriptions à ces rencontres avec une demi-journée de présence au moins dans la période.")
PRESENCES = Told(
    "Demi-journées de présence", "Demi-journées cochées à ces rencontres : 12 personnes pendant 2 demi-journées font 24."
)
LINES = {
    "events": EVENTS,
    "event_half_days": HALF_DAYS_TOLD,
    "attendees": ATTENDEES,
    "event_presences": PRESENCES,
}
ALL = {"event_half_days": HALF_DAYS_TOLD}
OTHERS = "Sans précision"


def part(scope: Scope) -> Part:
    period = scope.first, scope.last, territory_of(scope)
    rows = activity(*period)
    total, there = totals_of(rows), ticked(*period)
    people = there.aggregate(people=Count("registration", distinct=True))["people"]
    lines = [
        line("events", EVENTS, total["events"]),
        line("event_half_days", HALF_DAYS_TOLD, total["half_days"]),
        line("attendees", ATTENDEES, people),
        line("event_presences", PRESENCES, total["presences"]),
    ]
    categories = dict(Category.choices) | {"": OTHERS}
    grids = [
        _crossed(rows, "mission", Rows("category", "Catégorie", categories), dict(Mission.choices)),
        _crossed(rows, "mode", Rows("category", "Catégorie", categories), dict(EventMode.choices)),
        _themes(held_dates(*period)),
        _audiences(there),
    ]
    return made("activite", lines, grids)


def territory_of(scope: Scope) -> Territory | None:
    """The department of the scope; Territory.DoesNotExist when its code is unknown."""
    return Territory.objects.get(kind=TerritoryKind.DEPARTMENT, code=scope.department) if scope.department else None


def _crossed(rows: list[Any], across: str, down: Rows, heads: dict[str, str]) -> Grid:
    """Half-days by category, and by mission or mode across."""
    counts: Counts = {}
    for row in rows:
        cells = counts.setdefault(row.category, dict.fromkeys(heads, 0))
        cells[getattr(row, across)] += row.half_days
    columns = {key: Told(label, "", False) for key, label in heads.items()}
    labels = {key: label for key, label in down.labels.items() if key or key in counts}
    named = {"mission": "mission", "mode": "façon d’y participer"}[across]
    title = f"Demi-journées par catégorie et par {named}"
    words = "Ce qui a été déplacé en ligne compte en ligne."
    down = Rows(down.by, down.head, labels)
    return table(down, columns, counts, slug=f"half-days-{across}", title=title, definition=words, chart="stack")


def _themes(dates: Any) -> Grid:
    """Themes of the second level count at their general theme too when an event has both: rows overlap."""
    found = (
        dates.order_by().values(key=F("event__themes"), named=F("event__themes__name")).annotate(event_half_days=Sum(HALF_DAYS))
    )
    words = "Une rencontre de plusieurs thèmes compte à chacun."
    return _named(
        found, Rows("theme", "Thème", {}), ALL, slug="half-days-theme", title="Demi-journées par thème", definition=words
    )


def _audiences(there: Any) -> Grid:
    labels = dict(Audience.objects.order_by("order", "name").values_list("pk", "name"))
    found = there.order_by().values(key=F("date__event__audiences"), named=F("date__event__audiences__name"))
    found = found.annotate(attendees=Count("registration", distinct=True))
    words = "Personnes venues aux rencontres destinées à ces publics ; une rencontre de plusieurs publics compte à chacun."
    rows = Rows("audience", "Public visé", {str(pk): name for pk, name in labels.items()})
    told = {"attendees": ATTENDEES}
    return _named(found, rows, told, slug="attendees-audience", title="Personnes venues, par public visé", definition=words)


def _named(found: Any, rows: Rows, columns: dict[str, Told], **words: Any) -> Grid:
    """The rows found {key, named, counts}, by the alphabet after those that `rows` has already; those without a key last."""
    counts = {}
    for row in found.order_by("named"):
        key = str(row.pop("key") or "")
        rows.labels.setdefault(key, row.pop("named") or OTHERS)
        counts[key] = row
    if "" in rows.labels:
        rows.labels[""] = rows.labels.pop("")
    return table(rows, columns, counts, chart="bars", **words)
