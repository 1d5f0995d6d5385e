"""Harvesting another catalogue by OAI-PMH 2.0: oaipmh-scythe follows the protocol, `fetching` asks public addresses only.

Polite: one question at a time, a rest between two, as long as the other server asks (up to a minute).
"""

import http.client
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
from django import forms
from lxml import etree
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import NoRecordsMatch, OAIPMHException
from oaipmh_scythe.response import OAIResponse

from trajectoire.core import fetching
from trajectoire.core.importing import Record, Unreadable

from . import dublin_core, values
from .target import DocumentOptions

PAGE = 30_000_000  # bytes of one answer
SECONDS = 120  # for one answer
REST = 0.5  # seconds between two questions
TRIES, LONGEST_WAIT = 4, 60
MOST_PAGES = 50_000
DAY = r"^\d{4}-\d{2}-\d{2}$"
END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")
TAIL = 2_000  # bytes: some servers add comments after the end
GONE = "La notice est supprimée dans le catalogue d’origine."


class HarvestOptions(DocumentOptions):
    set = forms.CharField(
        label="Ensemble", max_length=200, required=False, help_text="Son « setSpec ». Sans lui : tout le catalogue."
    )
    since = forms.RegexField(
        DAY,
        label="Depuis le",
        required=False,
        help_text="Au format 2024-05-31 : seules les notices changées depuis.",
        error_messages={"invalid": "Écrivez la date ainsi : 2024-05-31."},
    )


class Harvester(Scythe):
    """Asks through our own door."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint)
        self.asked = 0
        self.tokens: set[str] = set()

    def harvest(self, query: dict[str, str]) -> OAIResponse:
        """Raises Unreadable, or OAIPMHException for what the other server says."""
        if self.asked:
            time.sleep(REST)
        self.asked += 1
        if query.get("resumptionToken", "") in self.tokens:
            raise Unreadable("Ce catalogue redonne sans fin la même suite : la moisson est arrêtée.")
        self.tokens.add(query.get("resumptionToken", "-"))
        if self.asked > MOST_PAGES:
            raise Unreadable("Ce catalogue ne finit pas : la moisson est arrêtée.")
        answer = self._insist(f"{self.endpoint}{'&' if '?' in self.endpoint else '?'}{urlencode(query)}")
        response = OAIResponse(httpx2.Response(answer.status, content=answer.body), params=query)
        if answer.status != 200:
            raise Unreadable(f"Le catalogue a répondu par une erreur ({answer.status}) : recommencez plus tard.")
        if not _is_answer(response):
            raise Unreadable("Cette adresse n’est pas celle d’un catalogue OAI-PMH.")
        if not END.search(answer.body[-TAIL:]):  # lxml would make do with what came
            raise Unreadable("La réponse du catalogue est arrivée coupée : recommencez plus tard.")
        response.raise_for_oaipmh_error()
        return response

    @staticmethod
    def _insist(url: str) -> fetching.Answer:
        """Again when the server asks to wait (503, 429)."""
        answer, left = _asked(url), TRIES - 1
        while left and answer.status in (429, 503):
            wait = answer.headers.get("Retry-After", "")
            time.sleep(min(int(wait) if wait.isdecimal() else LONGEST_WAIT // 6, LONGEST_WAIT))
            answer, left = _asked(url), left - 1
        return answer


def _asked(url: str) -> fetching.Answer:
    try:
        return fetching.fetch(url, most=PAGE, seconds=SECONDS)
    except fetching.Refused as error:
        raise Unreadable(f"Cette adresse ne peut pas être moissonnée : {error}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreadable("Ce catalogue ne répond pas : vérifiez l’adresse, ou recommencez plus tard.") from error


def _is_answer(response: OAIResponse) -> bool:
    try:
        root = response.xml
    except etree.XMLSyntaxError:
        return False
    return root is not None and str(root.tag).endswith("}OAI-PMH")


def read(address: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    """Every record of a catalogue in Dublin Core. Raises Unreadable."""
    harvester = Harvester(str(address).split("#", maxsplit=1)[0])
    found = harvester.list_records(from_=options.get("since") or None, set_=options.get("set") or None)
    try:
        for number, item in enumerate(found, 1):
            yield _record(number, item)
    except NoRecordsMatch as error:
        raise Unreadable("Ce catalogue n’a aucune notice qui réponde à ces choix.") from error
    except OAIPMHException as error:
        raise Unreadable(f"Le catalogue refuse la moisson : {str(error) or type(error).__name__}.") from error


def _record(number: int, item: Any) -> Record:
    key = item.header.identifier or ""
    if item.header.deleted:
        return values.refused(number, GONE, key)
    return dublin_core.record(number, key, item.xml)
