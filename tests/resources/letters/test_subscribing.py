"""Asking for the letter, confirming, leaving, following a link: only by POST, only with one's own link."""

import datetime
import re
import statistics
import time

import pytest
from django.core import mail as django_mail
from django.db import OperationalError, connection
from django.utils import timezone

from resources.alerts import subscribing as people
from resources.alerts.models import Alert, Subscriber
from resources.letters import subscribing
from resources.letters.models import Departure, Link, Subscription
from tests.conftest import Reader
from tests.factories.documents import document
from trajectoire.core import retention, tokens
from trajectoire.core.outbox import OutgoingMail

from ...core.test_contact import shown
from .conftest import DAY, HOUR, TUESDAY

pytestmark = pytest.mark.usefixtures("clock")
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def ask(client, email: str = "ada@example.org", **changes):
    return client.post("/lettre/", {"email": email, "website": "", "shown_at": shown()} | changes)


def link(part: str = "lettre/confirmer") -> str:
    """The path of a link in the last message."""
    body = OutgoingMail.objects.latest("pk").body
    return re.search(rf"http://127\.0\.0\.1:8000(/{part}\S*)", body.text)[1]


class TestPage:
    def test_page_holds_the_form_and_the_last_numbers(self, visitor):
        for number in (46, 47):
            document(f"Numéro {number}", type="lettre-information", collection="lettre-information", number=number)
        document("Pas encore", type="lettre-information", collection="lettre-information", number=48, status="draft")
        html = visitor.get("/lettre/").content.decode()
        assert subscribing.CONSENT in html
        assert html.index("Numéro 47") < html.index("Numéro 46")
        assert "Pas encore" not in html
        assert 'href="/ressources/collections/lettre-information/"' in html

    def test_page_works_before_the_first_number(self, visitor):
        from resources.models import Collection

        Collection.objects.filter(slug="lettre-information").delete()
        assert "Derniers numéros" not in visitor.get("/lettre/").content.decode()

    @pytest.mark.parametrize("count", [1, 4])
    def test_query_count_does_not_grow(self, visitor, count, django_assert_num_queries):
        for number in range(count):
            document(type="lettre-information", collection="lettre-information", number=number + 1, territories=["25"])
        visitor.get("/lettre/")
        with django_assert_num_queries(5):
            visitor.get("/lettre/")

    @pytest.mark.parametrize("page", ["/", "/plan-du-site/"])
    def test_site_leads_there(self, visitor, page):
        assert '<a href="/lettre/">Lettre d’information</a>' in visitor.get(page).content.decode()


class TestAsking:
    def test_nothing_begins_before_the_confirmation(self, visitor, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            response = ask(visitor)
        assert response.headers["Location"] == "/lettre/?envoye"
        assert "dans les 48 heures" in visitor.get("/lettre/?envoye").content.decode()
        [sent] = django_mail.outbox
        assert (sent.to, sent.subject) == (["ada@example.org"], "Confirmez votre abonnement à la lettre")
        assert subscribing.CONSENT in sent.body
        assert Subscription.objects.get().state == "À confirmer"
        assert not Subscription.objects.active().exists()

    def test_someone_with_alerts_is_one_row(self, visitor, alert):
        alert("Ada@example.org")
        ask(visitor)
        visitor.post(link())
        assert Subscription.objects.get().subscriber == Subscriber.objects.get()

    def test_same_answer_for_a_known_address(self, visitor, reader):
        reader("known@example.org")
        answers = [ask(visitor, email) for email in ("known@example.org", "unknown@example.org")]
        assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1

    def test_times_are_alike(self, visitor, reader):
        reader("known@example.org")
        times: dict[bool, list[float]] = {True: [], False: []}
        for number in range(8):
            for known, spent in times.items():
                start = time.process_time_ns()
                ask(visitor, "known@example.org" if known else f"unknown{number}@example.org")
                spent.append((time.process_time_ns() - start) / 1e6)
        known, unknown = (statistics.median(one) for one in times.values())
        assert abs(known - unknown) < 20 or max(known, unknown) / min(known, unknown) < 1.5

    @pytest.mark.parametrize(
        ("email", "words"), [("", "Indiquez votre adresse e-mail."), ("a@b.fr\r\nBcc: c@d.fr", "n’est pas complète")]
    )
    def test_wrong_address_is_explained(self, visitor, email, words):
        response = ask(visitor, email)
        assert response.status_code == 400
        assert words in response.content.decode()
        assert not Subscription.objects.exists()

    def test_robot_is_answered_quietly(self, visitor):
        assert ask(visitor, website="x").headers["Location"] == "/lettre/?envoye"
        assert not Subscription.objects.exists()

    def test_reader_is_limited(self, visitor):
        for _ in range(20):
            ask(visitor, "")
        assert ask(visitor).status_code == 429

    def test_mailbox_of_somebody_else_is_not_filled(self, browser):
        for number in range(11):
            given = {"email": "ada@example.org", "website": "", "shown_at": shown()}
            assert browser().post("/lettre/", given, REMOTE_ADDR=f"203.0.113.{number}").status_code == 302
        assert OutgoingMail.objects.count() == 10


class TestConfirming:
    def test_get_shows_a_button_and_post_confirms(self, visitor, clock):
        ask(visitor)
        clock.move_to(TUESDAY + HOUR)
        page = visitor.get(link())
        assert "Confirmer l’abonnement" in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
        assert not Subscription.objects.active().exists()
        answer = visitor.post(link(), follow=True)
        assert "Votre abonnement à la lettre d’information est confirmé." in answer.content.decode()
        assert "Ne plus recevoir la lettre" in answer.content.decode()
        kept = Subscription.objects.get()
        assert (kept.confirmed_at, kept.consent, kept.state) == (TUESDAY + HOUR, subscribing.CONSENT, "Actif")

    def test_confirmed_again_keeps_its_date_and_the_address_is_alive(self, visitor, reader, clock):
        made = reader(dead_at=TUESDAY)
        clock.move_to(TUESDAY + HOUR)
        ask(visitor)
        visitor.post(link())
        made.refresh_from_db()
        assert (made.confirmed_at, made.dead_at, made.trusted_from) == (TUESDAY, None, TUESDAY + HOUR)

    def test_link_is_good_for_48_hours(self, visitor, clock):
        ask(visitor)
        clock.move_to(TUESDAY + 2 * DAY + datetime.timedelta(seconds=2))
        for answer in (visitor.get(link()), visitor.post(link())):
            assert answer.status_code == 410
            assert "Ce lien a expiré" in answer.content.decode()
        assert not Subscription.objects.active().exists()

    def test_link_of_someone_gone_is_explained(self, visitor):
        ask(visitor)
        Subscription.objects.all().delete()
        assert visitor.post(link()).status_code == 410

    def test_changed_link_is_not_found(self, visitor):
        ask(visitor)
        for wrong in (f"{link()[:-2]}/", "/lettre/confirmer/abc/"):
            assert visitor.get(wrong).status_code == visitor.post(wrong).status_code == 404


class TestLeaving:
    def test_one_click_of_a_mail_program_is_enough(self, reader):
        """RFC 8058: a POST without cookie nor token of the form."""
        client = Reader(enforce_csrf_checks=True)
        path = reader().leave_path
        for _ in range(2):
            answer = client.post(path, {"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
            assert "Le désabonnement est fait" in answer.content.decode()
        assert (Subscription.objects.count(), Subscriber.objects.count(), Departure.objects.count()) == (0, 0, 1)
        client.end()

    def test_what_stays_of_a_departure_is_no_address(self, reader):
        subscribing.leave(reader())
        kept = Departure.objects.get()
        assert "ada" not in kept.digest
        assert kept.digest == Departure.digest_of("ADA@example.org")
        assert str(kept) == kept.digest[:8]

    def test_scanner_that_follows_links_leaves_nothing(self, visitor, reader):
        path = reader().leave_path
        for method in (visitor.get, visitor.head):
            assert method(path).status_code == 200
        assert Subscription.objects.active().exists()
        assert "Me désabonner de la lettre" in visitor.get(path).content.decode()

    def test_link_of_somebody_else_leaves_them_alone(self, visitor, reader):
        mine, theirs = reader(), reader("other@example.org")
        token = theirs.leave_path.split("/")[2]
        for wrong in (f"x{token}", token[:-1], tokens.sign("alerts.leave", theirs.pk)):
            assert visitor.post(f"/lettre/{wrong}/desabonnement/").status_code == 404
        visitor.post(mine.leave_path)
        assert list(Subscription.objects.all()) == [theirs]

    def test_alerts_go_on_without_the_letter(self, visitor, reader, alert):
        alert()
        visitor.post(reader().leave_path)
        assert (Subscription.objects.count(), Alert.objects.count()) == (0, 1)

    def test_letter_goes_on_without_the_alerts(self, visitor, reader, alert):
        made = alert()
        reader()
        answer = visitor.post(made.subscriber.leave_path).content.decode()
        assert "La lettre d’information continue d’arriver à ada@example.org" in answer
        assert (Subscription.objects.count(), Alert.objects.count()) == (1, 0)

    def test_everything_is_erased_at_once(self, visitor, reader, alert):
        alert()
        made = reader()
        page = visitor.get(made.subscriber.manage_path).content.decode()
        assert "Vous la recevez depuis le mardi 3 mars 2026" in page
        visitor.post(made.subscriber.manage_path, {"action": "efface"})
        assert (Subscriber.objects.count(), Subscription.objects.count(), Alert.objects.count()) == (0, 0, 0)
        assert Departure.objects.count() == 1

    def test_dead_address_is_told_to_its_owner(self, visitor, reader):
        page = visitor.get(reader(dead_at=TUESDAY).subscriber.manage_path).content.decode()
        assert "ont été refusés par votre messagerie" in page

    def test_lost_link_is_sent_to_who_receives_the_letter(self, visitor, reader):
        reader()
        visitor.post("/alertes/", {"email": "ada@example.org", "shown_at": shown(), "website": ""})
        assert OutgoingMail.objects.get().subject == "Le lien de vos abonnements"


class TestFollowing:
    @pytest.fixture
    def kept(self, letter) -> Link:
        return Link.objects.create(letter=letter(), url="https://example.org/a?b=1")

    def test_click_is_counted_and_leads_there(self, visitor, kept):
        answer = visitor.get(kept.path, headers=FIREFOX)
        assert (answer.status_code, answer.headers["Location"]) == (302, "https://example.org/a?b=1")
        assert "no-store" in answer.headers["Cache-Control"]
        assert not answer.cookies
        visitor.end()
        kept.refresh_from_db()
        assert (kept.clicks, str(kept)) == (1, "https://example.org/a?b=1")

    def test_robots_and_insistence_do_not_count(self, visitor, kept):
        visitor.get(kept.path)
        visitor.get(kept.path, headers={"User-Agent": "Mozilla/5.0 (compatible; SafeLinks scanner)"})
        visitor.head(kept.path, headers=FIREFOX)
        visitor.end()
        assert Link.objects.get().clicks == 0
        for _ in range(62):
            visitor.get(kept.path, headers=FIREFOX)
        visitor.end()
        assert Link.objects.get().clicks == 60

    def test_no_link_leads_elsewhere_than_a_stored_address(self, visitor, kept):
        for wrong in ("https://evil.example", tokens.sign("letters.link", 10**6), tokens.sign("x", kept.pk)):
            assert visitor.get(f"/lettre/lien/{wrong}/").status_code == 404
        assert visitor.get(f"{kept.path}?url=https://evil.example").headers["Location"] == kept.url

    def test_database_that_refuses_still_leads_there(self, visitor, kept):
        def refuse(execute, sql, params, many, context):
            if sql.startswith("UPDATE"):
                raise OperationalError("database is locked")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(refuse):
            assert visitor.get(kept.path, headers=FIREFOX).status_code == 302
            visitor.end()
        assert Link.objects.get().clicks == 0


class TestRetention:
    def erase(self, now: datetime.datetime) -> None:
        for rule in retention.rules():
            if "lettre" in rule.label or "alerte" in rule.label:
                rule.erase(now)

    def test_request_nobody_confirmed_goes_after_a_week(self, visitor, clock):
        ask(visitor)
        self.erase(TUESDAY + 7 * DAY)
        assert Subscription.objects.exists()
        clock.move_to(TUESDAY + 5 * DAY)
        ask(visitor)
        self.erase(TUESDAY + 8 * DAY)
        assert Subscription.objects.exists()
        self.erase(TUESDAY + 13 * DAY)
        assert (Subscriber.objects.count(), Subscription.objects.count()) == (0, 0)

    def test_reader_is_asked_after_three_years_then_erased(self, reader, clock):
        reader()
        self.erase(TUESDAY + 1000 * DAY)
        clock.move_to(TUESDAY + 1096 * DAY)
        assert (people.ask_sleepers(), people.ask_sleepers()) == (1, 0)
        self.erase(timezone.now() + 29 * DAY)
        assert Subscription.objects.exists()
        self.erase(timezone.now() + 31 * DAY)
        assert (Subscriber.objects.count(), Subscription.objects.count()) == (0, 0)

    def test_reader_who_answers_stays(self, visitor, reader, clock):
        made = reader()
        clock.move_to(TUESDAY + 1096 * DAY)
        people.ask_sleepers()
        visitor.post(made.subscriber.manage_path, {"action": "suite"})
        self.erase(timezone.now() + 31 * DAY)
        assert Subscription.objects.active().exists()

    def test_dead_address_goes_after_a_year_without_being_asked(self, reader, clock):
        reader(dead_at=TUESDAY)
        clock.move_to(TUESDAY + 1096 * DAY)
        assert people.ask_sleepers() == 0
        self.erase(timezone.now())
        assert (Subscriber.objects.count(), Subscription.objects.count()) == (0, 0)

    def test_trace_of_a_departure_goes_after_three_years(self, reader):
        subscribing.leave(reader())
        self.erase(TUESDAY + 1095 * DAY)
        assert Departure.objects.exists()
        self.erase(TUESDAY + 1096 * DAY)
        assert not Departure.objects.exists()
