"""The copy and the erasure of who asks, who wishes to train, who trains; when names leave by themselves."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import vrl
from trajectoire.core import retention
from trajectoire.core.personal.traces import traces
from vrl import personal_asking
from vrl.models import Trainer
from vrl.vocabulary import HabilitationState

pytestmark = pytest.mark.usefixtures("world")


def trace(label: str):
    return next(one for one in traces() if one.label == label)


def test_request_is_copied_and_erased():
    row = vrl.training_request(email="Ada@example.org", dates_note="Le mardi")
    found = trace(personal_asking.REQUESTS)
    [mine] = found.find("ada@EXAMPLE.org")
    assert found.export(mine)["jours possibles"] == "Le mardi"
    found.erase(mine)
    row.refresh_from_db()
    assert (row.email, row.people) == ("", 12)


def test_candidacy_is_copied_and_erased():
    row = vrl.candidacy(email="ada@example.org")
    found = trace(personal_asking.CANDIDACIES)
    [mine] = found.find("ada@example.org")
    assert found.export(mine)["motivation"] == "Former les équipes de ma ville."
    found.erase(mine)
    row.refresh_from_db()
    assert (row.name, row.motivation) == ("", "")


def test_trainer_is_copied_and_erased_and_her_sessions_stay():
    row = vrl.trainer(name="Ada", about="Le jeu")
    made = vrl.session(trainers=[row], title="Session de Dijon", state="cloturee", days=(-9,))
    row.availabilities.create(first_on=timezone.localdate(), last_on=timezone.localdate())
    account, found = row.user, trace("Formatrices et formateurs")
    [mine] = found.find(account.email)
    copy = found.export(mine)
    assert (copy["sessions"], len(copy["habilitations"]), copy["ce que je propose"]) == (["Session de Dijon"], 1, "Le jeu")
    found.erase(mine)
    row.refresh_from_db()
    made.refresh_from_db()
    assert (row.name, row.email, row.user, row.about, row.listed) == (personal_asking.GONE, "", None, "", False)
    assert (made.owner, account.groups.count(), row.availabilities.count()) == (row, 0, 0)
    assert list(found.find(account.email)) == []


def test_trainer_without_an_account_is_erased():
    row = vrl.gone_trainer(user=False, email="ada@example.org")
    left = row.left_on
    personal_asking.forget(row)
    row.refresh_from_db()
    assert (row.name, row.left_on) == (personal_asking.GONE, left)


def test_names_of_trainers_leave_three_years_after_they_left():
    ago = timezone.localdate() - datetime.timedelta(days=1100)
    old = vrl.trainer(left_on=ago, state=HabilitationState.LEFT)
    vrl.gone_trainer(name="Partie récemment")
    rule = next(rule for rule in retention.rules() if rule.label == personal_asking.TRAINERS)
    now = timezone.now()
    assert (rule.old(now).count(), rule.erase(now), rule.erase(now)) == (1, 1, 0)
    assert set(Trainer.objects.values_list("name", flat=True)) == {personal_asking.GONE, "Partie récemment"}
    old.refresh_from_db()
    assert old.left_on == ago
