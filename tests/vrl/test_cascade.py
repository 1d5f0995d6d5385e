"""Who may lead what, on which days, as one table; and where that is enforced."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import accounts, events, vrl
from tests.factories.admin import save
from trajectoire.core.roles import VRL
from vrl import cascade
from vrl.models import Habilitation, Trainer
from vrl.vocabulary import HabilitationState, Level

pytestmark = pytest.mark.django_db
H = HabilitationState
D = datetime.date
DAYS = [D(2026, 5, 11), D(2026, 5, 12), D(2026, 5, 13)]
YES = ""
# Level of the session, habilitations (level, state, obtained, expires), what is said (its beginning is enough of it).
LONG_AGO = D(2024, 1, 1)
TABLE = [
    (Level.N1, [("n1", H.ACTIVE, LONG_AGO, None)], "Les sessions N1 sont animées"),
    (Level.N2, [("n1", H.ACTIVE, LONG_AGO, None)], YES),
    (Level.N2, [("n2", H.ACTIVE, LONG_AGO, None)], "Une session N2 est animée par des personnes habilitées N1"),
    (Level.N2, [], "Une session N2 est animée par des personnes habilitées N1"),
    (Level.N3, [("n1", H.ACTIVE, LONG_AGO, None)], YES),
    (Level.N3, [("n2", H.ACTIVE, LONG_AGO, None)], YES),
    (Level.N3, [], "Une session N3 est animée par des personnes habilitées N1 ou N2"),
    (Level.AWARENESS, [("n2", H.ACTIVE, LONG_AGO, None)], YES),
    (Level.AWARENESS, [], "Un moment de sensibilisation est animé par des personnes habilitées N1 ou N2"),
    # States.
    (Level.N3, [("n2", H.TO_RENEW, LONG_AGO, None)], YES),
    (Level.N3, [("n2", H.PAUSED, LONG_AGO, None)], "L’habilitation N2 d’Ana est en pause."),
    (Level.N3, [("n2", H.WITHDRAWN, LONG_AGO, None)], "L’habilitation N2 d’Ana a été retirée."),
    (Level.N3, [("n2", H.LEFT, LONG_AGO, None)], "L’habilitation N2 d’Ana a pris fin."),
    (Level.N3, [("n2", H.WITHDRAWN, LONG_AGO, None), ("n2", H.ACTIVE, D(2025, 1, 1), None)], YES),
    (Level.N3, [("n2", H.PAUSED, D(2025, 1, 1), None), ("n1", H.WITHDRAWN, LONG_AGO, None)], "L’habilitation N2 d’Ana est en pause."),
    (Level.N2, [("n1", H.WITHDRAWN, LONG_AGO, None), ("n2", H.ACTIVE, LONG_AGO, None)], "L’habilitation N1 d’Ana a été retirée."),
    # Every date, the edges included.
    (Level.N3, [("n2", H.ACTIVE, DAYS[0], DAYS[2])], YES),
    (Level.N3, [("n2", H.ACTIVE, LONG_AGO, DAYS[1])], "L’habilitation N2 d’Ana s’arrête le 12 mai 2026\u00a0: elle ne couvre pas le 13"),
    (Level.N3, [("n2", H.ACTIVE, LONG_AGO, D(2026, 5, 10))], "L’habilitation N2 d’Ana s’arrête le 10 mai 2026\u00a0: elle ne couvre pas le 11"),
    (Level.N3, [("n2", H.ACTIVE, DAYS[1], None)], "L’habilitation N2 d’Ana commence le 12 mai 2026\u00a0: elle ne couvre pas le 11"),
    (Level.N3, [("n2", H.ACTIVE, LONG_AGO, DAYS[0]), ("n1", H.ACTIVE, DAYS[1], None)], YES),
    (Level.N3, [("n2", H.ACTIVE, LONG_AGO, DAYS[0]), ("n1", H.ACTIVE, DAYS[2], None)], "L’habilitation N2 d’Ana s’arrête le 11 mai 2026\u00a0: elle ne couvre pas le 12"),
]  # fmt: skip


def test_every_row_of_the_table():
    for level, held, expected in TABLE:
        trainer = Trainer.objects.create(name="Ana")
        for name, state, obtained, expires in held:
            Habilitation.objects.create(trainer=trainer, level=name, state=state, obtained_on=obtained, expires_on=expires)
        said = cascade.obstacle(trainer, level, DAYS)
        assert said.startswith(expected) if expected else said == "", (level, held)


def test_who_left_leads_nothing():
    trainer = vrl.trainer(left_on=D(2026, 3, 1))
    assert cascade.obstacle(trainer, Level.N3, DAYS).endswith("ne fait plus partie du réseau depuis le 1er mars 2026.")


def test_without_days_those_of_the_session_count_or_none():
    trainer = vrl.trainer()
    trainer.habilitations.update(expires_on=timezone.localdate() + datetime.timedelta(days=11))
    assert cascade.obstacle(trainer, Level.N3) == ""
    assert cascade.obstacle(trainer, vrl.session(days=(10, 11))) == ""
    assert "ne couvre pas" in cascade.obstacle(trainer, vrl.session(days=(10, 12)))


def test_date_after_midnight_counts_for_both_days():
    session = vrl.session(days=())
    start = events.in_days(10, 20)
    events.add_date(session.event, 10, starts_at=start, ends_at=start + datetime.timedelta(hours=6))
    assert len(cascade.days_of(session.event)) == 2


def test_team_is_told_apart_and_refused_whole():
    session = vrl.session(trainers=[vrl.trainer(), vrl.trainer(name="Ana", state=H.PAUSED)])
    vrl.team_member(session, vrl.trainer(name="Zoé", state=H.WITHDRAWN), "invitation")
    assert cascade.check_team(session) == ["L’habilitation N2 d’Ana est en pause."]
    with pytest.raises(cascade.Refused, match="en pause"):
        cascade.enforce(session)


def test_team_costs_the_same_however_large(django_assert_num_queries):
    one, many = vrl.session(trainers=[vrl.trainer()]), vrl.session(trainers=[vrl.trainer() for _ in range(4)])
    for session in (one, many):
        with django_assert_num_queries(3):
            assert cascade.check_team(session) == []


def test_other_dates_in_the_agenda_are_refused_too(browser, world):
    """The form of the event, in the administration, knows the team of the session."""
    trainer = vrl.trainer(name="Ana")
    trainer.habilitations.update(expires_on=events.in_days(12).date())
    session = vrl.session(trainers=[trainer])
    coordination = browser(accounts.in_role(VRL))
    address = f"/admin/events/event/{session.event_id}/change/"
    later = {"dates-0-day": events.in_days(20).date().isoformat()}
    assert "s’arrête le" in save(coordination, address, **later).content.decode()
    assert save(coordination, address, title="Autre titre").status_code == 302
    days = [events.in_days(20).date()]
    assert cascade.objections(session.event, days) != []
    session.state = "cloturee"
    session.save()
    assert cascade.objections(session.event, days) == []
    assert cascade.objections(events.event(), days) == []
