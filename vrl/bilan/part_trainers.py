"""Part 3: who may lead at the end of the period, who came and who left; departments that lack trainers."""

from django.db.models import Exists, Min, OuterRef, QuerySet

from .. import figures
from ..figures import DEFINITIONS, ENOUGH_TRAINERS, Told
from ..models import Habilitation, Trainer
from ..vocabulary import HabilitationLevel
from .part_sessions import departments
from .parts import Part, Rows, Scope, line, made, table

LINES = {
    "trainers": DEFINITIONS["trainers"],
    "new_trainers": Told(
        "Nouvelles formatrices et nouveaux formateurs", "Personnes dont la première habilitation a été obtenue dans la période."
    ),
    "gone_trainers": Told("Départs", "Formatrices et formateurs qui ont quitté le réseau dans la période."),
    "short_departments": DEFINITIONS["short_departments"],
}
HOLDERS = {"trainers": DEFINITIONS["trainers"]}


def part(scope: Scope) -> Part:
    levels = figures.trainers_by_level(scope.last, scope.department)
    lines = [
        line("trainers", LINES["trainers"], sum(levels.values())),
        line("new_trainers", LINES["new_trainers"], arrived(scope).count()),
        line("gone_trainers", LINES["gone_trainers"], gone(scope).count()),
    ]
    counts = {level: {"trainers": count} for level, count in levels.items()}
    words = "Au dernier jour de la période. Qui a les deux niveaux compte une fois, en N1."
    title = "Personnes habilitées par niveau"
    rows = Rows("level", "Niveau", dict(HabilitationLevel.choices))
    grids = [table(rows, HOLDERS, counts, sums=True, slug="trainers-level", title=title, definition=words, chart="bars")]
    if not scope.department:
        places = figures.trainers_by_department(scope.last)
        short = sum(count < ENOUGH_TRAINERS for count in places.values())
        lines.append(line("short_departments", LINES["short_departments"], short))
        there = {code: {"trainers": count} for code, count in places.items()}
        words = "Au dernier jour de la période. Qui intervient dans plusieurs départements compte dans chacun."
        rows = Rows("department", "Département", departments())
        title = "Personnes habilitées par département"
        grids.append(table(rows, HOLDERS, there, slug="trainers-department", title=title, definition=words, chart="bars"))
    return made("formateurs", lines, grids)


def arrived(scope: Scope) -> QuerySet[Trainer]:
    first = Habilitation.objects.filter(trainer=OuterRef("pk")).order_by().values("trainer").annotate(first=Min("obtained_on"))
    return _there(Trainer.objects.filter(Exists(first.filter(first__range=(scope.first, scope.last)))), scope)


def gone(scope: Scope) -> QuerySet[Trainer]:
    return _there(Trainer.objects.filter(left_on__range=(scope.first, scope.last)), scope)


def leading(scope: Scope) -> QuerySet[Trainer]:
    """Who may lead on the last day."""
    return _there(figures.habilitated(scope.last), scope)


def _there(trainers: QuerySet[Trainer], scope: Scope) -> QuerySet[Trainer]:
    return trainers.filter(departments__code=scope.department) if scope.department else trainers
