"""Part 6: publications and what was read of them, the newsletter, requests for help, quartiers prioritaires reached."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Substr

from network.accompaniment.requests import HelpRequest
from network.events.figures import held_dates, span
from network.models import Territory
from resources.counts import DocumentCount
from resources.letters.models import Letter, Link, Subscription
from resources.models import Document, DocumentType

from ..figures import Told
from .part_activity import territory_of
from .part_sessions import departments
from .parts import Grid, Line, Part, Rows, Scope, line, made, table

TOLD = {
    "publications": Told(
        "Publications", "Documents et notices mis en ligne dans la période et toujours en ligne, réservés compris.", False
    ),
    "downloads": Told("Téléchargements", "Fichiers donnés dans la période, comptés par le serveur ; ni robots ni équipe.", False),
    "views": Told(
        "Pages de documents lues",
        "Pages de documents ouvertes dans la période, comptées par le serveur ; ni robots ni équipe.",
        False,
    ),
}
LETTERS = Told("Lettres envoyées", "Lettres d’information envoyées dans la période.", False)
RECIPIENTS = Told("Messages envoyés", "Somme des destinataires de ces lettres : une personne compte à chaque lettre.")
CLICKS = Told("Liens suivis", "Fois qu’un lien de ces lettres a été suivi, jusqu’à aujourd’hui.")
SUBSCRIBERS = Told(
    "Personnes abonnées à la lettre", "Accord donné avant la fin de la période, et toujours abonnées le jour du calcul."
)
HELP = {
    "help_received": Told("Demandes d’accompagnement", "Demandes reçues dans la période."),
    "help_answered": Told("Dont une réponse envoyée", "Parmi ces demandes, celles auxquelles une réponse a été envoyée."),
}
HELP_TIME = Told("Demi-journées d’accompagnement", "Temps noté par l’équipe pour ces demandes.", False)
REACHED = Told(
    "Quartiers prioritaires touchés",
    "Quartiers de la géographie en vigueur qu’une rencontre tenue, une publication ou une demande d’accompagnement de la période nomme.",
    False,
)
QUARTERS = Told("Quartiers prioritaires", "Quartiers de la géographie en vigueur.", False)

LINES = TOLD | {
    "letters": LETTERS,
    "recipients": RECIPIENTS,
    "clicks": CLICKS,
    "subscribers": SUBSCRIBERS,
    **HELP,
    "help_half_days": HELP_TIME,
    "quarters_reached": REACHED,
    "quarters": QUARTERS,
}


def part(scope: Scope) -> Part:
    territory = territory_of(scope)
    about = about_department(territory)
    here = publications(scope, territory)
    lines, grids = _library(scope, here, about)
    if not territory:
        lines += _letters(scope)
    requests = asked_for_help(scope, territory)
    lines += _help(requests)
    if not territory:
        grids.append(_help_by_department(requests))
    lines += [
        line("quarters_reached", REACHED, quarters_reached(scope, territory).count()),
        line("quarters", QUARTERS, quarters(territory).count()),
    ]
    return made("ressources", lines, grids)


def publications(scope: Scope, territory: Territory | None) -> QuerySet[Document]:
    published, about = _published(scope), about_department(territory)
    return published if about is None else published.filter(pk__in=about)


def asked_for_help(scope: Scope, territory: Territory | None) -> QuerySet[HelpRequest]:
    requests = HelpRequest.objects.between(scope.first, scope.last)
    return requests.in_territory(territory) if territory else requests


def about_department(territory: Territory | None) -> QuerySet[Any] | None:
    """The documents about a department, or nothing for the whole region."""
    return Document.objects.filter(territories__in=_inside(territory)).values("pk") if territory else None


def _inside(territory: Territory) -> QuerySet[Any]:
    return Territory.objects.in_territory(territory).order_by().values("pk")


def _published(scope: Scope) -> QuerySet[Document]:
    start, end = span(scope.first, scope.last)
    return Document.objects.published().filter(publish_at__gte=start, publish_at__lt=end).order_by()


def _library(scope: Scope, published: QuerySet[Document], about: Any) -> tuple[list[Line], list[Grid]]:
    counts: dict[str, dict[str, int]] = {}
    for row in published.values("type__slug").annotate(total=Count("pk")):
        counts.setdefault(row["type__slug"], {})["publications"] = row["total"]
    readings = {"downloads": DocumentCount.objects.downloads, "views": DocumentCount.objects.views}
    for name, of in readings.items():
        read = of(scope.first, scope.last)
        for of_type in (read.filter(document__in=about) if about is not None else read).by_type():
            counts.setdefault(str(of_type["type"]), {})[name] = int(of_type["total"])
    lines = [line(name, told, sum(row.get(name, 0) for row in counts.values())) for name, told in TOLD.items()]
    types = dict(DocumentType.objects.order_by("order", "name").values_list("slug", "plural"))
    rows = Rows("type", "Type", {slug: name[:1].upper() + name[1:] for slug, name in types.items() if slug in counts})
    title, words = (
        "Publications et lectures, par type",
        "Les lectures sont celles de tous les documents de ce type, quelle que soit leur date.",
    )
    return lines, [table(rows, TOLD, counts, sums=True, slug="publications", title=title, definition=words, chart="bars")]


def letters_sent(scope: Scope) -> QuerySet[Letter]:
    start, end = span(scope.first, scope.last)
    return Letter.objects.sent().filter(sent_at__gte=start, sent_at__lt=end).order_by()


def _letters(scope: Scope) -> list[Line]:
    end = span(scope.first, scope.last)[1]
    letters = letters_sent(scope)
    sent = letters.aggregate(letters=Count("pk"), recipients=Sum("recipients", default=0))
    clicks = Link.objects.filter(letter__in=letters.values("pk")).aggregate(clicks=Sum("clicks", default=0))["clicks"]
    subscribers = Subscription.objects.active().filter(confirmed_at__lt=end).count()
    return [
        line("letters", LETTERS, sent["letters"]),
        line("recipients", RECIPIENTS, sent["recipients"]),
        line("clicks", CLICKS, clicks),
        line("subscribers", SUBSCRIBERS, subscribers),
    ]


def _help(requests: QuerySet[HelpRequest]) -> list[Line]:
    numbers = requests.order_by().numbers()  # type: ignore[attr-defined]
    return [
        line("help_received", HELP["help_received"], numbers["received"]),
        line("help_answered", HELP["help_answered"], numbers["answered"]),
        line("help_half_days", HELP_TIME, float(numbers["half_days"])),
    ]


def _help_by_department(requests: QuerySet[HelpRequest]) -> Grid:
    """The second code of a path is that of the department, after the two figures of the region."""
    found: Any = (
        requests.order_by()
        .values(key=Substr("territory__path", 4, 2))
        .annotate(help_received=Count("pk"), help_answered=Count("pk", filter=Q(answered_at__isnull=False)))
    )
    counts: dict[str, dict[str, int]] = {}
    places = departments() | {"": "Toute la région, ou lieu non dit"}
    for row in found:
        key = row.pop("key") or ""
        kept = counts.setdefault(key if key in places else "", dict.fromkeys(HELP, 0))
        for name in HELP:
            kept[name] += row[name]
    words = "D’après le territoire de la demande, quel que soit son échelon."
    title = "Demandes d’accompagnement par département"
    rows = Rows("department", "Département", places)
    return table(rows, HELP, counts, sums=True, slug="help-department", title=title, definition=words, chart="bars")


def quarters(territory: Territory | None) -> QuerySet[Territory]:
    found = Territory.objects.in_force()
    return found.filter(pk__in=_inside(territory)) if territory else found


def quarters_reached(scope: Scope, territory: Territory | None) -> QuerySet[Territory]:
    dates = held_dates(scope.first, scope.last).filter(Q(event__territories=OuterRef("pk")) | Q(event__place=OuterRef("pk")))
    helped = HelpRequest.objects.between(scope.first, scope.last).filter(territory=OuterRef("pk"))
    told = _published(scope).filter(territories=OuterRef("pk"))
    return quarters(territory).filter(Exists(dates) | Exists(helped) | Exists(told))
