"""What is new, for whom, when: each object once, in one message a person and a period, and never what is reserved."""

import datetime
import re
from io import StringIO

import pytest
from django.core import mail as django_mail
from django.core.management import call_command

from resources.alerts import digests, models
from resources.alerts.digests import Outcome, send_all
from resources.alerts.models import Alert, Subscriber, period_start
from resources.models import Document
from tests.core.search.test_following import Held
from trajectoire.core import search
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.search import engine, storage

from .conftest import DAY, HOUR, TUESDAY

NOON = TUESDAY + 3 * HOUR
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def run(clock):
    """run(moment): it is that moment from now on, and the command runs."""

    def at(moment: datetime.datetime) -> Outcome:
        clock.move_to(moment)
        return send_all()

    return at


def texts() -> list[str]:
    return [mail.body.text for mail in OutgoingMail.objects.order_by("pk").select_related("body")]


class TestWhatIsTold:
    def test_what_appeared_since_the_last_message(self, alert, publish, run):
        alert()
        publish("Avant", TUESDAY - HOUR)
        publish("Après <b>", TUESDAY + HOUR, summary="Un résumé & une suite.")
        publish("Plus tard", TUESDAY + DAY)
        assert run(NOON) == Outcome(1, 0, 0)
        [text] = texts()
        assert "1\u00a0nouveauté dans vos alertes" in text
        assert "Après <b>\nhttp://127.0.0.1:8000/ressources/apres-b/\nUn résumé & une suite." in text
        assert "Avant" not in text
        assert "Plus tard" not in text
        html = OutgoingMail.objects.get().body.html
        assert ">Après &lt;b&gt;</a>" in html
        assert run(NOON + HOUR) == Outcome(0, 1, 0)
        assert run(TUESDAY + DAY + HOUR) == Outcome(1, 0, 0)
        assert "Plus tard" in texts()[1]
        assert "Après" not in texts()[1]

    def test_only_this_search(self, alert, publish, run):
        alert(query="q=cantine&theme=sante")
        publish("La cantine", TUESDAY + HOUR, themes=["sante"])
        publish("La cantine à l’école", TUESDAY + HOUR, themes=["education"])
        publish("Le dispensaire", TUESDAY + HOUR, themes=["sante"])
        assert run(NOON).sent == 1
        assert "La cantine\n" in texts()[0]
        assert "école" not in texts()[0]
        assert "dispensaire" not in texts()[0]

    def test_all_the_words_not_some_of_them(self, alert, publish, run):
        """On screen, documents with some of the words follow; by e-mail they would be noise."""
        alert(query="q=cantine+bio")
        publish("La cantine", TUESDAY + HOUR)
        assert run(NOON) == Outcome(0, 1, 0)
        publish("La cantine bio", TUESDAY + 4 * HOUR)
        assert run(TUESDAY + 5 * HOUR).sent == 1

    def test_nothing_reserved_nor_hidden(self, alert, publish, run):
        alert()
        publish("Kit", TUESDAY + HOUR, access=Document.Access.TRAINERS)
        publish("Brouillon", TUESDAY + HOUR, status=Document.Status.DRAFT)
        publish("Retiré", TUESDAY + HOUR, status=Document.Status.WITHDRAWN)
        assert run(NOON) == Outcome(0, 1, 0)
        assert texts() == []

    def test_withdrawn_just_before_is_not_told(self, alert, publish, run):
        alert()
        made = publish("Retiré depuis", TUESDAY + HOUR)
        made.status = Document.Status.WITHDRAWN
        made.save()
        assert run(NOON) == Outcome(0, 1, 0)

    def test_many_are_counted_and_a_link_leads_to_them(self, alert, publish, run):
        alert(query="theme=sante")
        for number in range(13):
            publish(f"Numéro {number:02}", TUESDAY + HOUR, themes=["sante"])
        run(NOON)
        [text] = texts()
        assert text.count("Numéro") == 10
        assert "13\u00a0nouveautés dans vos alertes" in text
        assert "Voir aussi 3\u00a0autres nouveautés\u00a0:\nhttp://127.0.0.1:8000/ressources/?theme=sante" in text

    def test_other_language_is_said(self, alert, publish, run):
        alert()
        publish("Neighbourhoods", TUESDAY + HOUR, language="en", summary="")
        run(NOON)
        assert re.search(r'<a [^>]*lang="en"[^>]*>Neighbourhoods</a>', OutgoingMail.objects.get().body.html)


class TestOneMessage:
    def test_ten_alerts_one_message_each_object_once(self, alert, publish, run):
        for number in range(10):
            alert(query=f"theme=sante&annee={2015 + number}" if number else "")
        publish("Santé 2024", TUESDAY + HOUR, themes=["sante"])
        publish("École", TUESDAY + HOUR)
        assert run(NOON) == Outcome(1, 0, 0)
        [text] = texts()
        assert text.count("Santé 2024\n") == 1
        assert text.count("== ") == 1
        assert {one.sent_upto for one in Alert.objects.all()} == {NOON - digests.SETTLED}

    def test_two_searches_two_parts(self, alert, publish, run):
        alert(query="theme=sante")
        alert(query="theme=education")
        publish("Santé", TUESDAY + HOUR, themes=["sante"])
        publish("École", TUESDAY + HOUR)
        run(NOON)
        [text] = texts()
        assert text.index("== Ressources\u00a0: Santé") < text.index("== Ressources\u00a0: Éducation")

    def test_each_person_their_own(self, alert, publish, django_capture_on_commit_callbacks, run):
        alert("ada@example.org", "theme=sante")
        alert("bob@example.org", "theme=education")
        alert("eve@example.org", "theme=mobilites")
        publish("Santé", TUESDAY + HOUR, themes=["sante"])
        publish("École", TUESDAY + HOUR)
        with django_capture_on_commit_callbacks(execute=True):
            assert run(NOON) == Outcome(2, 1, 0)
        assert sorted(message.to for message in django_mail.outbox) == [["ada@example.org"], ["bob@example.org"]]

    def test_message_can_be_left_in_one_click(self, alert, publish, visitor, run):
        alert()
        publish("Santé", TUESDAY + HOUR)
        run(NOON)
        [sent] = OutgoingMail.objects.all()
        url = sent.headers["List-Unsubscribe"].strip("<>")
        assert re.fullmatch(r"<http://127\.0\.0\.1:8000/alertes/[\w:-]+/desabonnement/>", sent.headers["List-Unsubscribe"])
        assert sent.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert url in sent.body.text
        assert "Me désabonner de toutes les alertes</a>" in sent.body.html
        visitor.post(url.removeprefix("http://127.0.0.1:8000"))
        publish("Autre", NOON)
        assert run(NOON + HOUR) == Outcome(0, 0, 0)

    def test_paused_unconfirmed_and_lists_that_are_gone_get_nothing(self, alert, publish, run):
        alert(query="q=a", paused=True)
        alert(query="q=b", confirmed_at=None)
        publish("Santé", TUESDAY + HOUR)
        assert run(NOON) == Outcome(0, 0, 0)
        alert(listing="ancienne")
        assert run(NOON) == Outcome(0, 1, 0)


class TestPeriods:
    @pytest.mark.parametrize(
        ("frequency", "moment", "start"),
        [
            ("semaine", "2026-03-03 10:00", "2026-03-02 07:00"),
            ("semaine", "2026-03-02 06:59", "2026-02-23 07:00"),
            ("semaine", "2026-03-02 07:00", "2026-03-02 07:00"),
            ("semaine", "2026-03-30 08:00", "2026-03-30 07:00"),  # the Monday after the hour changed
            ("mois", "2026-03-03 10:00", "2026-03-01 07:00"),
            ("mois", "2026-03-01 06:59", "2026-02-01 07:00"),
            ("mois", "2026-01-01 06:59", "2025-12-01 07:00"),
            ("mois", "2028-03-01 06:00", "2028-02-01 07:00"),
        ],
    )
    def test_start(self, frequency, moment, start):
        def paris(text: str) -> datetime.datetime:
            return datetime.datetime.fromisoformat(text).replace(tzinfo=models.PARIS)

        assert period_start(frequency, paris(moment).astimezone(datetime.UTC)) == paris(start)

    def test_weekly_waits_for_monday(self, alert, publish, run):
        alert(frequency="semaine")
        publish("Mercredi", TUESDAY + DAY)
        assert run(TUESDAY + 5 * DAY) == Outcome(0, 0, 0)
        monday = datetime.datetime(2026, 3, 9, 7, 3, tzinfo=models.PARIS)
        assert run(monday - 4 * MINUTE) == Outcome(0, 0, 0)
        assert run(monday) == Outcome(1, 0, 0)
        publish("Lundi", monday + HOUR)
        assert run(monday + 2 * HOUR) == Outcome(0, 0, 0)
        assert run(monday + 7 * DAY) == Outcome(1, 0, 0)
        assert "Lundi" in texts()[1]

    def test_week_without_news_does_not_make_the_next_days_due(self, alert, publish, run):
        alert(frequency="semaine")
        monday = datetime.datetime(2026, 3, 9, 8, 0, tzinfo=models.PARIS)
        assert run(monday) == Outcome(0, 1, 0)
        publish("Mardi", monday + DAY)
        assert run(monday + 2 * DAY) == Outcome(0, 0, 0)

    def test_monthly_waits_for_the_first(self, alert, publish, run):
        alert(frequency="mois")
        publish("Mars", TUESDAY + DAY)
        assert run(TUESDAY + 27 * DAY) == Outcome(0, 0, 0)
        assert run(TUESDAY + 29 * DAY) == Outcome(1, 0, 0)

    def test_alerts_of_other_rhythms_join_the_message(self, alert, publish, run):
        alert(query="theme=sante", frequency="semaine")
        alert(query="theme=education")
        publish("Santé", TUESDAY + HOUR, themes=["sante"])
        publish("École", TUESDAY + HOUR)
        assert run(NOON).sent == 1
        assert "Santé" not in texts()[0]
        publish("École 2", NOON)
        assert run(TUESDAY + 7 * DAY).sent == 1
        assert "Santé" in texts()[1]
        assert "École 2" in texts()[1]


class TestNothingIsLost:
    def test_what_is_being_committed_is_told_by_the_next_run(self, alert, publish, run):
        """Dated before this run, committed after it: the run looks no further than two minutes ago."""
        alert()
        run(NOON)
        publish("Lent", NOON - MINUTE)
        assert run(NOON + 5 * MINUTE).sent == 1

    def test_object_left_out_by_the_engine_waits(self, alert, publish, run):
        """While another process applies changes, search leaves them out: nothing is told, nothing is passed over."""
        alert()
        search.query(search.Query())
        with Held(storage.APPLY):
            publish("En cours", TUESDAY + HOUR)
            assert run(NOON) == Outcome(0, 0, 1)
            assert Alert.objects.get().sent_upto == TUESDAY
        assert run(NOON) == Outcome(1, 0, 0)

    def test_without_an_index_nothing_is_told_nor_passed_over(self, alert, publish, settings, tmp_path, run):
        alert()
        publish("Santé", TUESDAY + HOUR)
        folder = settings.SEARCH_INDEX_DIR
        settings.SEARCH_INDEX_DIR = tmp_path / "file"  # where nothing can be opened nor built
        settings.SEARCH_INDEX_DIR.write_text("not a folder")
        engine.forget()
        assert run(NOON) == Outcome(0, 0, 1)
        settings.SEARCH_INDEX_DIR = folder
        engine.forget()
        assert run(NOON).sent == 1

    def test_one_person_in_trouble_does_not_stop_the_others(self, alert, publish, monkeypatch, run):
        alert("ada@example.org")
        alert("bob@example.org")
        publish("Santé", TUESDAY + HOUR)
        Subscriber.objects.filter(email="ada@example.org").update(email="not an address")
        assert run(NOON) == Outcome(1, 0, 1)
        assert Alert.objects.get(subscriber__email="not an address").sent_upto == TUESDAY

    def test_deleted_while_the_message_is_written_is_left_for_the_next_run(self, alert, publish):
        made, other = alert(query="theme=sante"), alert(query="theme=education")
        publish("Santé", TUESDAY + HOUR, themes=["sante"])
        stale = list(Alert.objects.select_related("subscriber"))
        sections = [digests.new_in(one, NOON, {}) for one in stale]
        other.delete()
        assert not digests.write(stale, sections, NOON)
        assert texts() == []
        made.refresh_from_db()
        assert made.sent_upto == TUESDAY

    def test_two_runs_at_once_write_once(self, alert, publish, run):
        alert()
        publish("Santé", TUESDAY + HOUR)
        stale = list(Alert.objects.select_related("subscriber"))
        assert run(NOON).sent == 1
        assert digests._tell(stale, NOON, {}) == "later"
        assert len(texts()) == 1


class TestCost:
    def test_same_search_is_asked_once_for_everybody(self, alert, publish, monkeypatch, run):
        for number in range(5):
            alert(f"p{number}@example.org")
        publish("Santé", TUESDAY + HOUR)
        asked = []
        query = search.query
        monkeypatch.setattr(search, "query", lambda question: asked.append(question) or query(question))
        assert run(NOON).sent == 5
        assert len(asked) == 1

    def test_people_without_news_cost_no_query_each(self, alert, django_assert_num_queries, run):
        alert("p@example.org")
        run(NOON)
        with django_assert_num_queries(8):
            run(NOON + HOUR)
        for number in range(3):
            alert(f"p{number}@example.org", sent_upto=NOON + HOUR - digests.SETTLED)
        with django_assert_num_queries(8):
            run(NOON + 2 * HOUR)


def test_command_says_what_it_did(alert, publish, clock):
    alert()
    alert("bob@example.org", "theme=mobilites")
    publish("Santé", TUESDAY + HOUR, themes=["sante"])
    clock.move_to(NOON)
    out = StringIO()
    call_command("send_alerts", stdout=out)
    assert out.getvalue() == "1\u00a0personne prévenue, 1 sans nouveauté, 0 au prochain passage\u202f; 0\u00a0relance.\n"
