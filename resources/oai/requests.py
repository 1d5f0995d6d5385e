"""What a harvester asks: verbs and arguments, checked as the protocol says."""

import datetime
import re
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from trajectoire.core.text import NBSP

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
NAME = r"[A-Za-z0-9\-_.!~*'()]+"
WRITTEN = {"set": re.compile(f"{NAME}(:{NAME})*"), "metadataPrefix": re.compile(NAME)}  # as OAI-PMH.xsd says
PREFIX = "oai_dc"

# {verb: (required arguments, optional ones)}; a resumption token stands alone.
VERBS: dict[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), set()),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set"}),
}
RESUMED = {"ListSets", "ListIdentifiers", "ListRecords"}


class OaiError(Exception):
    """An error of the protocol: its code and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Interval:
    """Moments from `start` (included) to `end` (excluded); None: without a limit."""

    start: datetime.datetime | None = None
    end: datetime.datetime | None = None


def arguments(query: QueryDict) -> dict[str, str]:
    """The arguments, verb included. Raises OaiError for a verb or an argument that the protocol does not know."""
    if len(query.getlist("verb")) != 1 or query["verb"] not in VERBS:
        raise OaiError("badVerb", "Le verbe manque, est répété ou n’existe pas.")
    given = {name: str(query[name]) for name in query}
    if repeated := [name for name in query if len(query.getlist(name)) > 1]:
        raise OaiError("badArgument", f"Argument répété{NBSP}: {', '.join(repeated)}.")
    required, optional = VERBS[given["verb"]]
    names = given.keys() - {"verb"}
    if given["verb"] in RESUMED and "resumptionToken" in names:
        if len(names) > 1:
            raise OaiError("badArgument", "Un resumptionToken s’emploie seul.")
        return given
    if unknown := sorted(names - required - optional):
        raise OaiError("badArgument", f"Argument inconnu pour ce verbe{NBSP}: {', '.join(unknown)}.")
    if missing := sorted(required - names):
        raise OaiError("badArgument", f"Il manque l’argument {', '.join(missing)}.")
    for name, pattern in WRITTEN.items():
        if name in given and not pattern.fullmatch(given[name]):
            raise OaiError("badArgument", f"L’argument {name} est mal écrit.")
    return given


def interval(first: str, last: str) -> Interval:
    """The interval of `from` and `until`, both of the same granularity, both included. Raises OaiError."""
    if first and last and len(first) != len(last):
        raise OaiError("badArgument", "Les dates « from » et « until » n’ont pas la même précision.")
    start, end = _moment(first), _moment(last)
    if start and end and start > end:
        raise OaiError("badArgument", "La date « from » vient après la date « until ».")
    step = datetime.timedelta(days=1) if DAY.fullmatch(last) else datetime.timedelta(seconds=1)
    try:
        return Interval(start, end and end + step)
    except OverflowError as error:
        raise OaiError("badArgument", "Cette date n’existe pas.") from error


def _moment(text: str) -> datetime.datetime | None:
    if not text:
        return None
    if not (DAY.fullmatch(text) or SECOND.fullmatch(text)):
        raise OaiError("badArgument", "Une date s’écrit 2024-05-22 ou 2024-05-22T10:30:00Z.")
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise OaiError("badArgument", "Cette date n’existe pas.") from error


def utc(moment: datetime.datetime) -> str:
    """« 2024-05-22T10:30:00Z »."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime.datetime:
    return timezone.now()
