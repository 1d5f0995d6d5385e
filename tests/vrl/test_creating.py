"""Sessions made from models, and moved to other days."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from network.events.models import Event
from network.models import Audience
from tests.factories import events, vrl
from trajectoire.core.outbox import OutgoingMail
from vrl import creating
from vrl.models import SessionModel
from vrl.vocabulary import Place, SessionState

pytestmark = pytest.mark.usefixtures("world")


def day(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


def model(slug: str = "n3-2-jours") -> SessionModel:
    creating.load_models()
    return SessionModel.objects.get(slug=slug)


def test_models_are_loaded_once_and_kept_as_staff_left_them(capsys):
    call_command("load_session_models")
    SessionModel.objects.filter(slug="n3-1-jour").update(title="Notre journée")
    call_command("load_session_models")
    assert capsys.readouterr().out.splitlines() == [
        "Modèles de session\u00a0: 4\u00a0ajouts.",
        "Modèles de session\u00a0: 0\u00a0ajout.",
    ]
    assert str(SessionModel.objects.get(slug="n3-1-jour")) == "Notre journée"


def test_every_model_makes_a_session_with_its_programme():
    owner = vrl.trainer("n1")
    for each in SessionModel.objects.all() if creating.load_models() else ():
        days = [day(10 + 7 * number) for number in range(each.days)]
        made = creating.create_from(each, owner=owner, department=vrl.department("25"), dates=days)
        event = made.event
        assert (made.state, made.level, made.length, made.model) == (SessionState.DRAFT, each.level, each.length, each)
        assert [timezone.localdate(date.starts_at) for date in event.dates.all()] == days
        assert event.programme.filter(date=None).count() == 0
        assert event.programme.count() == len(each.programme)
        assert [place.code for place in event.territories.all()] == ["25"]
        assert (event.published, event.kind, event.mission) == (False, "formation", "vrl")
        assert made.team.get().state == Place.CONFIRMED


def test_levels_say_how_one_comes():
    ways = {}
    for slug in ("n2-3-jours", "n3-1-jour", "sensibilisation"):
        each = model(slug)
        days = [day(10 + number) for number in range(each.days)]
        event = creating.create_from(each, owner=None, department=vrl.department(), dates=days).event
        ways[slug] = (event.registering, event.asks_motivation, event.attests)
    assert ways == {
        "n2-3-jours": (Event.Registering.BY_STAFF, True, True),
        "n3-1-jour": (Event.Registering.AT_ONCE, False, True),
        "sensibilisation": (Event.Registering.NONE, False, False),
    }


def test_afternoon_counts_one_half_day():
    made = creating.create_from(model("sensibilisation"), owner=None, department=vrl.department(), dates=[day(3)])
    date = made.event.dates.get()
    assert (date.morning, date.afternoon) == (False, True)


def test_request_gives_its_place_and_audiences():
    asked = vrl.training_request(place="Maison de quartier de Planoise")
    asked.audiences.set(Audience.objects.filter(slug="elus"))
    made = creating.create_from(model(), owner=None, department=asked.department, dates=[day(3), day(4)], request=asked)
    assert made.request == asked
    assert made.event.venue == "Maison de quartier de Planoise"
    assert [audience.slug for audience in made.event.audiences.all()] == ["elus"]


def test_facts_go_to_the_session_or_to_its_event():
    facts = {"title": "À Dijon", "capacity": 10, "expected_trainers": 1, "funding": "cnfpt", "is_demo": True}
    made = creating.create_from(model(), owner=None, department=vrl.department(), dates=[day(3), day(4)], **facts)
    assert (made.event.title, made.event.capacity, made.event.is_demo) == ("À Dijon", 10, True)
    assert (made.expected_trainers, made.funding, made.is_demo) == (1, "cnfpt", True)


@pytest.mark.parametrize(("days", "sentence"), [((3,), "Donnez 2\u00a0dates"), ((3, 3), "deux fois")])
def test_wrong_number_of_days_is_refused(days, sentence):
    with pytest.raises(creating.Refused, match=sentence):
        creating.create_from(model(), owner=None, department=vrl.department(), dates=[day(each) for each in days])


def test_cascade_holds_for_the_owner():
    asked = {"owner": vrl.trainer("n2"), "department": vrl.department(), "dates": [day(3), day(4), day(5)]}
    training = model("n2-3-jours")
    with pytest.raises(creating.Refused, match="habilitées N1"):
        creating.create_from(training, **asked)
    assert not Event.objects.exists()


def test_hour_that_does_not_exist_is_refused():
    night = model("n3-1-jour")
    night.starts_at = datetime.time(2, 30)
    with pytest.raises(creating.Refused, match="changement d’heure"):
        creating.create_from(night, owner=None, department=vrl.department(), dates=[datetime.date(2027, 3, 28)])


# Other days


def test_other_days_keep_the_hours_and_tell_everyone():
    session = vrl.session(days=(10, 11), trainers=[vrl.trainer()])
    person = events.registration(session.event)
    creating.reschedule(session, [day(21), day(20)])
    kept = [timezone.localtime(date.starts_at) for date in session.event.dates.all()]
    assert [(each.date(), each.hour) for each in kept] == [(day(20), 9), (day(21), 9)]
    assert timezone.localdate(session.event.starts_at) == day(20)
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [person.email]


@pytest.mark.parametrize(
    ("state", "days", "sentence"),
    [
        ("realisee", (20, 21), "ne changent plus"),
        ("ouverte", (20,), "Donnez 2\u00a0dates"),
        ("ouverte", (20, 20), "une seule fois"),
        ("ouverte", (20, 40), "s’arrête le"),
    ],
)
def test_days_that_cannot_be_are_refused(state, days, sentence):
    trainer = vrl.trainer()
    trainer.habilitations.update(expires_on=day(30))
    session = vrl.session(state=state, days=(10, 11), trainers=[trainer])
    with pytest.raises(creating.Refused, match=sentence):
        creating.reschedule(session, [day(each) for each in days])
    assert timezone.localdate(session.event.dates.earliest("starts_at").starts_at) == day(10)
