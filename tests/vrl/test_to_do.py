"""What waits for the coordination: counted from the rows, each line one click from them."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import accounts, vrl
from trajectoire.core import worklist
from trajectoire.core.roles import VRL
from vrl.vocabulary import CandidacyState, HabilitationState, RequestState

pytestmark = pytest.mark.usefixtures("world")
LONG_AGO = timezone.now() - datetime.timedelta(days=30)


@pytest.fixture
def coordinator(world, browser):
    return browser(accounts.in_role(VRL))


def lines(user) -> dict[str, str]:
    """The words and the link of each line of the plan: its own screens, or the page of its figures."""
    plan = [line for line in worklist.lines(user) if "/vrl/" in line.url or line.url.startswith("/bilan/")]
    return {line.words.replace("\u00a0", " "): line.url for line in plan}


def test_every_line_counts_its_rows_and_leads_to_them(coordinator):
    vrl.training_request()
    vrl.training_request(state=RequestState.QUALIFIED, last_activity_at=LONG_AGO)
    vrl.candidacy()
    vrl.candidacy(state=CandidacyState.ACCEPTED)
    vrl.trainer(state=HabilitationState.TO_RENEW)
    vrl.session(state="equipe", days=(40,), expected_trainers=1)
    vrl.session(state="ouverte", days=(5,), expected_trainers=0)
    vrl.session(state="realisee", days=(-3,))
    vrl.report(vrl.session(state="a-cloturer", days=(-3,)))
    vrl.report(vrl.session(state="cloturee", days=(-3,)), accepted_at=timezone.now())
    found = lines(coordinator.user)
    assert set(found) == {
        "1 demande de formation reçue",
        "1 demande de formation qui dort, à relancer",
        "1 candidature de formatrice ou formateur à examiner",
        "1 session à laquelle manquent des formateurs",
        "1 session dans moins de trois semaines, pas encore confirmée",
        "1 session passée sans compte rendu",
        "1 compte rendu de session à accepter",
        "1 habilitation à renouveler",
        "1 personne habilitée sans session depuis 24 mois",
        "2 départements avec moins de 2 personnes habilitées",
    }
    for words, url in found.items():
        page = coordinator.get(url)
        assert page.status_code == 200, url
        if "cl" in (page.context or {}):
            assert page.context["cl"].result_count == 1, words


def test_nothing_to_do_shows_nothing(coordinator):
    for code in ("21", "25"):
        for _ in range(2):
            vrl.habilitation(vrl.trainer("", departments=(code,)), obtained_on=timezone.localdate())
    assert lines(coordinator.user) == {}


def test_list_of_sessions_without_the_filter_shows_all(coordinator):
    vrl.session()
    assert coordinator.get("/admin/vrl/session/").context["cl"].result_count == 1
