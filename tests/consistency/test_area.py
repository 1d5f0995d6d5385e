"""The trainers' area: every address, opened and sent by everyone who might try, session by session."""

import re

import pytest

from network.events import questionnaires
from tests.factories import events, vrl
from tests.factories.documents import file
from vrl.models import Topic, Trainer
from vrl.vocabulary import Place, Shown

from .addresses import addresses, line_of

NOBODY = ["visitor", "deactivated", "stranger", "former_trainer", "partner", "powerless", "documentalist"]
SESSION = "/vrl/espace/sessions/<slug:slug>/"
NEW = "/vrl/espace/sessions/nouvelle/"
# Her own row is shown there, or she would act there: coordination has none.
FOR_TRAINERS = re.compile(r"/vrl/espace/(profil/|annuaire/.*ecrire/|sessions/nouvelle/|invitations/|echanges/nouvelle/)")


def patterns(method: str) -> list[str]:
    """The addresses of the area that take this method."""
    return [one for one in addresses() if (line := line_of(one)) and line.who == "area" and method in line.methods]


@pytest.fixture
def held(world):
    """A session that was held, by its owner; an invitation waits for an answer."""
    owner = vrl.trainer()
    made = vrl.session(days=(-2,), state="realisee", trainers=[owner])
    questionnaires.load_bank()
    events.registration(made.event)
    return made


@pytest.fixture
def real(held):
    """A function that gives a real address for a pattern."""
    asked = vrl.training_request()
    other = vrl.trainer()
    invited = vrl.team_member(vrl.session(days=(20,), state="equipe", trainers=[vrl.trainer()]), other, Place.INVITED)
    part = vrl.kit_part()
    file(part.document)
    topic = Topic.objects.create(author=other, title="Comment commencer ?", state=Shown.SHOWN)
    keys = {
        "invitations": invited.pk,
        "session": invited.session_id,
        "demande": asked.pk,
        "annuaire": other.pk,
        "echanges": topic.pk,
    }

    def give(pattern: str) -> str:
        if pattern.endswith("annuaire/ecrire/"):
            return f"{pattern}?departement=21"
        key = next((pk for name, pk in keys.items() if f"/{name}/<" in pattern), 1)
        if "/kit/" in pattern:
            return pattern.replace("<slug:slug>", part.document.slug)
        return pattern.replace("<slug:slug>", held.event.slug).replace("<int:pk>", str(key))

    return give


@pytest.mark.parametrize("actor", NOBODY)
def test_area_does_not_exist_for_others(request, real, actor):
    client = request.getfixturevalue(actor)
    known = [("GET", one) for one in patterns("GET")] + [("POST", one) for one in patterns("POST")]
    assert len(known) >= 25
    answers = {(method, one): client.generic(method, real(one)).status_code for method, one in known}
    assert {key: status for key, status in answers.items() if status != 404} == {}


def test_stranger_trainer_sees_no_page_of_the_session(stranger_trainer, real, held):
    for one in patterns("GET"):
        assert (stranger_trainer.get(real(one)).status_code == 404) == one.startswith(SESSION), one
    for one in patterns("POST"):
        assert not one.startswith(SESSION) or stranger_trainer.post(real(one)).status_code == 404, one
    for page in ("presence/", "presence/feuille.pdf", "attestations/", "questionnaire/resultats/"):
        assert stranger_trainer.get(f"/agenda/{held.event.slug}/{page}").status_code == 404, page


def test_trainer_opens_every_page_of_her_session(browser, real, held):
    owner = browser(held.owner.user)
    late = f"{SESSION}modifier/"  # it was held: its dates no longer change
    wrong = {one: s for one in patterns("GET") if (s := owner.get(real(one)).status_code) != (403 if one == late else 200)}
    assert wrong == {}
    for page in ("presence/", "presence/feuille.pdf", "attestations/", "questionnaire/resultats/"):
        assert owner.get(f"/agenda/{held.event.slug}/{page}").status_code == 200, page


def test_paused_trainer_reads_and_does_not_act(paused_trainer, real, held):
    me = Trainer.objects.get(user=paused_trainer.user)
    mine = vrl.session(days=(20,), state="equipe", trainers=[me])
    invited = vrl.team_member(vrl.session(days=(30,), state="equipe", trainers=[held.owner]), me, Place.INVITED)
    for one in patterns("GET"):
        wanted = 404 if one.startswith(SESSION) else 403 if one in (NEW, "/vrl/espace/echanges/nouvelle/") else 200
        assert paused_trainer.get(real(one)).status_code == wanted, one
    assert paused_trainer.get(f"/vrl/espace/sessions/{mine.event.slug}/").status_code == 200
    acting = {
        NEW: {},
        real("/vrl/espace/besoins/session/<int:pk>/"): {},
        real("/vrl/espace/besoins/demande/<int:pk>/"): {},
        f"/vrl/espace/invitations/{invited.pk}/": {"reponse": "oui"},
        f"/vrl/espace/sessions/{mine.event.slug}/": {"action": "etape", "vers": "ouverte"},
        f"/vrl/espace/sessions/{mine.event.slug}/modifier/": {},
    }
    for address, sent in acting.items():
        answer = paused_trainer.post(address, sent)
        assert answer.status_code == 403, address
        assert "en pause" in answer.content.decode(), address


def test_coordination_opens_sessions_and_has_no_profile(coordinator, real):
    wrong = {}
    for one in patterns("GET"):
        status = coordinator.get(real(one)).status_code
        if status != (404 if FOR_TRAINERS.match(one) else 403 if one == f"{SESSION}modifier/" else 200):
            wrong[one] = status
    assert wrong == {}
