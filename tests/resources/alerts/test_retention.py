"""What is kept of who asked for alerts, how long, and what staff sees of it."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from resources.alerts import models, subscribing
from resources.alerts.models import Alert, Subscriber
from trajectoire.core import retention
from trajectoire.core.outbox import OutgoingMail

from .conftest import DAY, HOUR, TUESDAY
from .test_subscribing import ask, link

pytestmark = pytest.mark.usefixtures("clock")


class TestRetention:
    def erase(self, now: datetime.datetime) -> None:
        for rule in retention.rules():
            if "alerte" in rule.label:
                rule.erase(now)

    def test_request_nobody_confirmed_goes_after_a_week(self, visitor):
        ask(visitor)
        self.erase(TUESDAY + 7 * DAY)
        assert Subscriber.objects.exists()
        self.erase(TUESDAY + 7 * DAY + HOUR)
        assert (Subscriber.objects.count(), Alert.objects.count()) == (0, 0)

    def test_asked_again_the_week_begins_again(self, visitor, clock):
        ask(visitor)
        clock.move_to(TUESDAY + 5 * DAY)
        ask(visitor)
        self.erase(TUESDAY + 8 * DAY)
        assert Alert.objects.exists()

    def test_confirmed_alert_stays(self, alert):
        alert()
        self.erase(TUESDAY + 1000 * DAY)
        assert Alert.objects.exists()

    def test_sleeper_is_asked_then_erased_without_an_answer(self, visitor, alert, clock):
        alert()
        alert(query="q=b")
        clock.move_to(TUESDAY + 3 * 365 * DAY)
        assert subscribing.ask_sleepers() == 0
        clock.move_to(TUESDAY + 3 * 365 * DAY + HOUR)
        assert (subscribing.ask_sleepers(), subscribing.ask_sleepers()) == (1, 0)
        assert OutgoingMail.objects.get().subject == "Voulez-vous garder vos abonnements\u202f?"
        self.erase(timezone.now() + 30 * DAY)
        assert Subscriber.objects.exists()
        self.erase(timezone.now() + 31 * DAY)
        assert not Subscriber.objects.exists()

    def test_sleeper_who_answers_stays(self, visitor, alert, clock):
        made = alert()
        clock.move_to(TUESDAY + 1100 * DAY)
        subscribing.ask_sleepers()
        page = visitor.get(link("")).content.decode()
        assert "Continuer à recevoir ces messages" in page
        answer = visitor.post(made.subscriber.manage_path, {"action": "suite"}, follow=True)
        assert "Merci. Ces messages continuent." in answer.content.decode()
        self.erase(timezone.now() + 31 * DAY)
        assert Subscriber.objects.get().asked_at is None
        assert subscribing.ask_sleepers() == 0

    def test_asked_by_another_run_in_between_is_asked_once(self, alert, monkeypatch):
        alert()
        later = TUESDAY + 1100 * DAY
        with time_machine.travel(later, tick=False):
            asleep = models.SubscriberQuerySet.asleep

            def twice(self, now):
                found = list(asleep(self, now))
                Subscriber.objects.update(asked_at=now)
                return found

            monkeypatch.setattr(models.SubscriberQuerySet, "asleep", twice)
            subscribing.ask_sleepers()
        assert not OutgoingMail.objects.exists()


def test_staff_sees_who_asked_for_what_and_may_erase(administrator, alert):
    made = alert(query="q=cantine")
    page = administrator.get(f"/admin/alerts/subscriber/{made.subscriber_id}/change/")
    html = page.content.decode()
    assert "«\u00a0cantine\u00a0»" in html
    assert subscribing.CONSENT in html
    assert 'name="_save"' not in html
    assert administrator.get("/admin/alerts/subscriber/").status_code == 200
    assert administrator.get("/admin/alerts/subscriber/add/").status_code == 403
    administrator.post(f"/admin/alerts/subscriber/{made.subscriber_id}/delete/", {"post": "yes"})
    assert not Alert.objects.exists()
