"""The demonstration of the plan: every state of a session, people who came, a kit; loaded once and then left to people."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from network.events import questionnaires
from network.events.models import Attestation, Registration
from resources import reference
from resources.demo import accounts
from resources.models import Document
from tests.factories import events
from tests.factories.vrl import department
from trajectoire.core.models import User
from vrl import creating, life
from vrl.bilan import closing
from vrl.bilan.parts import lines_of
from vrl.demo.files import read
from vrl.models import BilanYear, Candidacy, Report, Session, Trainer, TrainingRequest
from vrl.vocabulary import RequestState, SessionState


@pytest.fixture
def region(world):
    """What the loader needs: the eight departments, the types, the accounts, the models of sessions."""
    for code in ("21", "25", "39", "58", "70", "71", "89", "90"):
        department(code)
    reference.load_types()
    accounts.load()
    creating.load_models()
    questionnaires.load_bank()


def run() -> str:
    out = StringIO()
    call_command("load_vrl_demo", stdout=out)
    return out.getvalue().strip()


def test_plan_is_loaded_once_and_kept_as_people_left_it(region):
    account = User.objects.get(email="formatrice@example.org")
    mine = events.event("Autre chose", slug="vrl-macon-brouillon")
    assert (
        run()
        == "Démonstration du plan\u00a0: 39\u00a0sessions, 34\u00a0parties du kit, 31\u00a0situations, 2\u00a0années du bilan."
    )
    assert not hasattr(mine, "training")
    assert (Trainer.objects.count(), TrainingRequest.objects.count(), Candidacy.objects.count()) == (12, 7, 4)
    assert account.trainer.name == "Fatima Rouvière"
    assert set(Session.objects.values_list("state", flat=True)) == set(SessionState.values) - {SessionState.DRAFT}
    assert set(TrainingRequest.objects.values_list("state", flat=True)) == set(RequestState.values)
    assert Registration.objects.filter(answered_hot=True).count() > 150
    assert Attestation.objects.valid().count() > 150
    assert Session.objects.get(event__slug="vrl-dijon-confirmee").event.programme.count() == 11
    told = [(year.year, len(year.stories), len(year.public_parts) > 0) for year in BilanYear.objects.public()]
    assert told == [(timezone.localdate().year - 1, 5, True), (timezone.localdate().year - 2, 5, True)]
    counted = {one.name: one.value for one in lines_of(closing.stored(BilanYear.objects.public()[0]))}
    assert counted["sessions"] > 5
    assert counted["present"] > 50
    assert Report.objects.filter(situations__isnull=False).distinct().count() > 10
    known, now = Session.objects.select_related("event__series"), timezone.now()
    assert [str(session) for session in known if life.next_by_facts(session, now)] == []  # each stands where the facts say
    Trainer.objects.filter(name="Bruno Tisserand").update(name="Bruno T.")
    Document.objects.get(slug="kit-quiz-fin").delete()
    assert run() == "Démonstration du plan\u00a0: 0\u00a0session, 1\u00a0partie du kit, 0\u00a0situation, 0\u00a0année du bilan."
    assert Trainer.objects.filter(name="Bruno T.").count() == 1


def test_kit_has_forty_parts():
    assert len(read("kit")["part"]) == 40


def test_production_refuses_imaginary_sessions(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_vrl_demo")


def test_vocabulary_must_come_first(db):
    with pytest.raises(CommandError, match="load_reference"):
        call_command("load_vrl_demo")
