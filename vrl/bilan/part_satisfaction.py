"""Part 4: what people say of the sessions just after and three months after, and the situations met."""

from collections import Counter
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from network.events.models import Event, SurveyAnswer
from network.events.questionnaires import totals
from network.events.survey import Moment, Scale

from .. import figures
from ..figures import Told
from ..models import SituationMet
from ..vocabulary import SituationKind
from .parts import Grid, Line, Part, Rows, Scope, line, made, table

ANSWERS = Told("Questionnaires remplis juste après", "Questionnaires à chaud des sessions tenues, remplis sans nom.")
LATER = Told("Questionnaires remplis trois mois après", "Questionnaires à trois mois des sessions tenues, remplis sans nom.")
SATISFIED = Told(
    "Satisfaction moyenne", "Moyenne de 1 à 5 des réponses à « Cette rencontre a répondu à mes attentes », juste après."
)
EVOLVED = Told("« Ma perception a évolué »", "Part des réponses « oui » à cette question, juste après.")
EVOLVED_LATER = Told(
    "« Ma perception a évolué », trois mois après", "Part des réponses « oui » à cette question, trois mois après."
)
MET = Told("Situations rencontrées", "Nombre de fois notées dans les comptes rendus remis des sessions tenues.")
LINES = {
    "answers": ANSWERS,
    "satisfaction": SATISFIED,
    "perception": EVOLVED,
    "later": LATER,
    "perception_later": EVOLVED_LATER,
    "situations": MET,
}
GIVEN = {
    "answers": Told("Réponses juste après", ANSWERS.definition),
    "later": Told("Réponses trois mois après", LATER.definition),
}


def part(scope: Scope) -> Part:
    held = figures.held(scope.first, scope.last, scope.department).order_by()
    events = Event.objects.filter(training__in=held.values("pk")).order_by().values("pk")
    lines, grids = _opinions(events)
    found = SituationMet.objects.filter(report__session__in=held.values("pk"), report__sent_at__isnull=False).order_by()
    met = {row["kind"]: {"situations": row["total"]} for row in found.values("kind").annotate(total=Sum("count"))}
    lines.append(line("situations", MET, sum(row["situations"] for row in met.values())))
    rows, words = Rows("situation", "Situation", dict(SituationKind.choices)), MET.definition
    title = "Situations rencontrées, par type"
    grids.append(table(rows, {"situations": MET}, met, sums=True, slug="situations", title=title, definition=words, chart="bars"))
    return made("satisfaction", lines, grids)


def _opinions(events: QuerySet[Any]) -> tuple[list[Line], list[Grid]]:
    hot = totals(events, "satisfaction", "perception", moment=Moment.HOT)
    later = totals(events, "perception", moment=Moment.LATER)["perception"]
    counted = SurveyAnswer.objects.filter(survey__event__in=events).aggregate(
        answers=Count("pk", filter=Q(survey__moment=Moment.HOT)), later=Count("pk", filter=Q(survey__moment=Moment.LATER))
    )
    lines = [
        line("answers", ANSWERS, counted["answers"]),
        line("satisfaction", SATISFIED, _mean(hot["satisfaction"]), unit="sur 5", sure_with="satisfaction"),
        line("perception", EVOLVED, _share(hot["perception"]), unit="%", sure_with="perception"),
        line("later", LATER, counted["later"]),
        line("perception_later", EVOLVED_LATER, _share(later), unit="%", sure_with="perception"),
    ]
    scale = {value: {"answers": hot["satisfaction"][value]} for value in Scale.values}
    evolved = {value: {"answers": hot["perception"][value], "later": later[value]} for value in ("oui", "non")}
    rows = Rows("scale", "Réponse", {str(value): label for value, label in Scale.choices})
    yes_no = Rows("answer", "Réponse", {"oui": "Oui", "non": "Non"})
    once = {"answers": GIVEN["answers"]}
    title = "Cette rencontre a répondu à mes attentes"
    return lines, [
        table(rows, once, scale, sums=True, slug="satisfaction", title=title, definition=SATISFIED.definition, chart="bars"),
        table(
            yes_no, GIVEN, evolved, sums=True, slug="perception", title="Ma perception a évolué", definition=EVOLVED.definition
        ),
    ]


def _mean(given: Counter[str]) -> float:
    """0 without an answer."""
    return round(sum(int(value) * count for value, count in given.items()) / max(given.total(), 1), 1)


def _share(given: Counter[str]) -> int:
    """Percent of « oui »; 0 without an answer."""
    return round(100 * given["oui"] / max(given.total(), 1))
