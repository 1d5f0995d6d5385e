"""Asking, confirming, managing, leaving: only by POST, only with one's own link, and nobody learns who is known."""

import datetime
import re
import statistics
import time

import pytest
from django.core import mail as django_mail

from resources.alerts import subscribing
from resources.alerts.models import Alert, Subscriber
from trajectoire.core import listing, tokens
from trajectoire.core.outbox import OutgoingMail

from ...core.test_contact import shown
from .conftest import DAY, HOUR, TUESDAY

pytestmark = pytest.mark.usefixtures("clock")
NEW = "/alertes/nouvelle/?liste=ressources&q=cantine&theme=laicite&territoire=25&page=3&tri=titre&inconnu=x"
GOOD = {"email": "ada@example.org", "frequency": "semaine", "website": ""}


def ask(client, url: str = NEW, **changes):
    return client.post(url, GOOD | {"shown_at": shown()} | changes)


def link(part: str = "confirmer") -> str:
    """The path of a link in the last message."""
    body = OutgoingMail.objects.latest("pk").body
    return re.search(rf"http://127\.0\.0\.1:8000(/alertes/{part}\S*)", body.text)[1]


class TestAsking:
    def test_form_says_what_will_be_sent(self, visitor):
        html = visitor.get(NEW).content.decode()
        assert "Ressources\u00a0: «\u00a0cantine\u00a0», Laïcité, Doubs" in html
        assert 'href="/ressources/?q=cantine&amp;theme=laicite&amp;territoire=25&amp;tri=titre"' in html
        assert subscribing.CONSENT in html
        assert '<meta name="robots" content="noindex">' in html

    def test_list_leads_there_with_its_search(self, visitor):
        html = visitor.get("/ressources/?q=cantine&theme=laicite&tri=titre&page=2").content.decode()
        assert 'href="/alertes/nouvelle/?liste=ressources&amp;q=cantine&amp;theme=laicite"' in html
        assert "dès qu’un document répondra à ces critères" in html

    @pytest.mark.parametrize("name", ["ressources", "reseau"])
    def test_every_list_has_its_alert(self, visitor, name):
        assert {one.name for one in listing.registered()} >= {name}
        known = listing.find(name)
        assert f'href="/alertes/nouvelle/?liste={name}"' in visitor.get(known.url).content.decode()
        assert f"{known.title}\u00a0: toutes les nouveautés" in visitor.get(f"/alertes/nouvelle/?liste={name}").content.decode()

    def test_nothing_begins_before_the_confirmation(self, visitor, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            response = ask(visitor)
        assert response.headers["Location"] == "/alertes/nouvelle/?envoye"
        assert "dans les 48 heures" in visitor.get(response.headers["Location"]).content.decode()
        alert = Alert.objects.get()
        assert (alert.listing, alert.query) == ("ressources", "q=cantine&theme=laicite&territoire=25")
        assert (alert.frequency, alert.confirmed_at, alert.consent) == ("semaine", None, "")
        assert not Alert.objects.active().exists()
        [sent] = django_mail.outbox
        assert (sent.to, sent.subject) == (["ada@example.org"], "Confirmez votre alerte")
        assert "«\u00a0cantine\u00a0», Laïcité, Doubs" in sent.body
        assert "List-Unsubscribe" not in sent.extra_headers

    def test_confirmed_search_asked_again_keeps_its_date(self, visitor, alert, clock):
        made = alert(query="q=cantine&theme=laicite&territoire=25")
        clock.move_to(TUESDAY + DAY)
        ask(visitor)
        assert list(Alert.objects.values_list("pk", "confirmed_at")) == [(made.pk, TUESDAY)]

    def test_words_as_typed_stay_so(self, visitor):
        ask(visitor, "/alertes/nouvelle/?liste=ressources&q=cantin&exact=1")
        assert Alert.objects.get().query == "q=cantin&exact=1"

    def test_same_search_asked_again_is_one_alert(self, visitor):
        ask(visitor)
        ask(visitor, email="ADA@example.org", frequency="mois")
        assert (Subscriber.objects.count(), Alert.objects.count(), OutgoingMail.objects.count()) == (1, 1, 2)
        visitor.post(link())
        assert Alert.objects.get().frequency == "mois"

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"email": ""}, "Indiquez votre adresse e-mail."),
            ({"email": "ada@"}, "n’est pas complète"),
            ({"email": "a@b.fr\r\nBcc: c@d.fr"}, "n’est pas complète"),
            ({"email": f"{'a' * 250}@b.fr"}, "254"),
            ({"frequency": ""}, "Choisissez un rythme."),
            ({"frequency": "<b>"}, "Choisissez un des rythmes proposés."),
            ({"shown_at": ""}, "relisez votre message"),
        ],
    )
    def test_wrong_form_is_explained(self, visitor, changes, words):
        response = ask(visitor, **changes)
        assert response.status_code == 400
        assert words in response.content.decode()
        assert not Alert.objects.exists()

    def test_robot_is_answered_quietly(self, visitor):
        assert ask(visitor, website="x").headers["Location"] == "/alertes/nouvelle/?envoye"
        assert not Alert.objects.exists()

    @pytest.mark.parametrize(
        "url", ["/alertes/nouvelle/?liste=inconnue", "/alertes/nouvelle/?" + "&".join(f"theme={'é' * 40}{n}" for n in range(9))]
    )
    def test_search_that_cannot_be_kept_is_not_found(self, visitor, url):
        assert visitor.get(url).status_code == 404

    def test_reader_is_limited(self, visitor):
        for _ in range(20):
            ask(visitor, email="")
        assert ask(visitor).status_code == 429

    def test_mailbox_of_somebody_else_is_not_filled(self, browser):
        """Eleven clients, one address: the same answer, ten messages."""
        for number in range(11):
            answer = browser().post(NEW, GOOD | {"shown_at": shown()}, REMOTE_ADDR=f"203.0.113.{number}")
            assert answer.status_code == 302
        assert OutgoingMail.objects.count() == 10

    def test_fifty_alerts_are_enough_for_one_person(self, visitor, alert):
        for number in range(50):
            alert(query=f"q={number}")
        assert ask(visitor).status_code == 302
        assert (Alert.objects.count(), OutgoingMail.objects.count()) == (50, 0)


class TestSameAnswer:
    """Known, unknown, already confirmed: nothing on screen nor in the work done tells them apart."""

    def test_pages_are_the_same(self, visitor, alert):
        alert("known@example.org")
        for url in (NEW, "/alertes/"):
            answers = {
                (answer.status_code, answer.headers["Location"])
                for email in ("known@example.org", "unknown@example.org")
                for answer in [ask(visitor, url, email=email)]
            }
            assert len(answers) == 1

    def test_times_are_alike(self, visitor, alert):
        alert("known@example.org")
        times: dict[bool, list[float]] = {True: [], False: []}
        for number in range(8):
            for known, spent in times.items():
                start = time.process_time_ns()
                ask(visitor, email="known@example.org" if known else f"unknown{number}@example.org")
                spent.append((time.process_time_ns() - start) / 1e6)
        known, unknown = (statistics.median(one) for one in times.values())
        assert abs(known - unknown) < 20 or max(known, unknown) / min(known, unknown) < 1.5


class TestConfirming:
    def test_get_shows_a_button_and_post_confirms(self, visitor, clock):
        ask(visitor)
        clock.move_to(TUESDAY + HOUR)
        page = visitor.get(link())
        html = page.content.decode()
        assert "Confirmer et commencer" in html
        assert subscribing.CONSENT in html
        assert "no-store" in page.headers["Cache-Control"]
        assert Alert.objects.get().confirmed_at is None
        answer = visitor.post(link(), follow=True)
        assert "Votre alerte est confirmée." in answer.content.decode()
        alert = Alert.objects.get()
        assert (alert.confirmed_at, alert.sent_upto, alert.consent) == (TUESDAY + HOUR, TUESDAY + HOUR, subscribing.CONSENT)

    def test_confirmed_twice_nothing_moves(self, visitor, clock):
        ask(visitor)
        visitor.post(link())
        clock.move_to(TUESDAY + HOUR)
        assert visitor.post(link()).status_code == 302
        assert Alert.objects.get().confirmed_at == TUESDAY
        assert Alert.objects.get().sent_upto == TUESDAY

    def test_link_is_good_for_48_hours(self, visitor, clock):
        ask(visitor)
        clock.move_to(TUESDAY + 2 * DAY)
        assert visitor.get(link()).status_code == 200
        clock.move_to(TUESDAY + 2 * DAY + datetime.timedelta(seconds=2))
        for answer in (visitor.get(link()), visitor.post(link())):
            assert answer.status_code == 410
            assert "Ce lien a expiré" in answer.content.decode()
        assert Alert.objects.get().confirmed_at is None

    def test_link_of_a_deleted_alert_is_explained(self, visitor):
        ask(visitor)
        Alert.objects.all().delete()
        assert visitor.post(link()).status_code == 410

    def test_changed_link_is_not_found(self, visitor):
        ask(visitor)
        good = link()
        for wrong in (good.replace("confirmer/", "confirmer/x"), "/alertes/confirmer/abc/", f"{good[:-2]}/"):
            assert visitor.get(wrong).status_code == 404
            assert visitor.post(wrong).status_code == 404
        assert Alert.objects.get().confirmed_at is None


class TestManaging:
    def change(self, client, alert: Alert, action: str, **more):
        return client.post(alert.subscriber.manage_path, {"action": action, "alerte": alert.pk} | more)

    def test_page_shows_what_is_kept(self, visitor, alert):
        alert(query="q=cantine&theme=laicite", frequency="mois")
        alert(query="", paused=True)
        alert(query="q=attente", confirmed_at=None)
        page = visitor.get(Subscriber.objects.get().manage_path)
        html = page.content.decode()
        assert "ada@example.org" in html
        assert "Ressources\u00a0: «\u00a0cantine\u00a0», Laïcité" in html
        assert "Ressources\u00a0: toutes les nouveautés" in html
        assert '<option value="mois" selected>' in html
        assert html.count("<strong>En pause.</strong>") == 1
        assert "Confirmée le mardi 3 mars 2026" in html
        assert "attente" not in html
        assert "no-store" in page.headers["Cache-Control"]

    def test_query_count_does_not_grow(self, visitor, alert, django_assert_num_queries):
        made = alert()
        visitor.get(made.subscriber.manage_path)
        with django_assert_num_queries(3):
            visitor.get(made.subscriber.manage_path)
        for number in range(3):
            alert(query=f"q={number}")
        with django_assert_num_queries(3):
            visitor.get(made.subscriber.manage_path)

    def test_frequency_is_changed(self, visitor, alert):
        made = alert()
        answer = self.change(visitor, made, "rythme", frequency="mois")
        assert answer.headers["Location"] == f"{made.subscriber.manage_path}?fait=rythme"
        assert "Le rythme de cette alerte est modifié." in visitor.get(answer.headers["Location"]).content.decode()
        assert Alert.objects.get().frequency == "mois"
        assert self.change(visitor, made, "rythme", frequency="<b>").status_code == 404

    def test_pause_and_resume_from_now(self, visitor, alert, clock):
        made = alert()
        self.change(visitor, made, "pause")
        assert not Alert.objects.active().exists()
        clock.move_to(TUESDAY + DAY)
        self.change(visitor, made, "reprise")
        made.refresh_from_db()
        assert (made.paused, made.sent_upto) == (False, TUESDAY + DAY)

    def test_one_is_deleted(self, visitor, alert):
        made, other = alert(query="q=a"), alert(query="q=b")
        self.change(visitor, made, "supprimee")
        assert list(Alert.objects.all()) == [other]
        page = visitor.get(made.subscriber.manage_path)
        assert "q=b" in page.content.decode()

    def test_everything_is_erased(self, visitor, alert):
        made = alert()
        answer = visitor.post(made.subscriber.manage_path, {"action": "efface"}, follow=True)
        assert "Toutes vos données sont effacées." in answer.content.decode()
        assert (Subscriber.objects.count(), Alert.objects.count()) == (0, 0)
        assert visitor.get(made.subscriber.manage_path).status_code == 404

    def test_alert_of_somebody_else_is_not_found(self, visitor, alert):
        mine, theirs = alert(), alert("other@example.org")
        for action in ("pause", "supprimee", "rythme"):
            answer = visitor.post(mine.subscriber.manage_path, {"action": action, "alerte": theirs.pk, "frequency": "mois"})
            assert answer.status_code == 404
        assert Alert.objects.active().count() == 2

    @pytest.mark.parametrize(
        "data",
        [{}, {"action": "x"}, {"action": "pause"}, {"action": "pause", "alerte": "9" * 30}, {"action": "pause", "alerte": "²"}],
    )
    def test_unknown_button_is_not_found(self, visitor, alert, data):
        made = alert()
        given = {"alerte": made.pk} | data if data.get("action") == "x" else data
        assert visitor.post(made.subscriber.manage_path, given).status_code == 404

    @pytest.mark.parametrize("scope", ["alerts.leave", "alerts.confirm", "x"])
    def test_token_of_another_use_opens_nothing(self, visitor, alert, scope):
        pk = alert().subscriber_id
        assert visitor.get(f"/alertes/{tokens.sign(scope, pk)}/").status_code == 404

    def test_list_that_is_gone_is_said_by_its_name(self, visitor, alert):
        made = alert(listing="ancienne")
        assert "ancienne" in visitor.get(made.subscriber.manage_path).content.decode()

    def test_form_from_elsewhere_is_refused(self, alert):
        from tests.conftest import Reader

        client = Reader(enforce_csrf_checks=True)
        assert client.post(alert().subscriber.manage_path, {"action": "efface"}).status_code == 403
        assert Subscriber.objects.exists()
        client.end()


class TestLeaving:
    def test_one_click_of_a_mail_program_is_enough(self, alert):
        """RFC 8058: a POST without cookie nor token of the form."""
        from tests.conftest import Reader

        client = Reader(enforce_csrf_checks=True)
        made = alert()
        answer = client.post(made.subscriber.leave_path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Le désabonnement est fait" in answer.content.decode()
        assert (Subscriber.objects.count(), Alert.objects.count()) == (0, 0)
        assert client.post(made.subscriber.leave_path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert "Le désabonnement est fait" in client.get(made.subscriber.leave_path).content.decode()
        client.end()

    def test_scanner_that_follows_links_leaves_nothing(self, visitor, alert):
        made = alert()
        for method in (visitor.get, visitor.head):
            assert method(made.subscriber.leave_path).status_code == 200
        assert Alert.objects.active().exists()
        html = visitor.get(made.subscriber.leave_path).content.decode()
        assert "Me désabonner de toutes les alertes" in html
        assert made.subscriber.manage_path in html

    def test_link_of_somebody_else_leaves_them_alone(self, visitor, alert):
        mine, theirs = alert(), alert("other@example.org")
        token = theirs.subscriber.leave_path.split("/")[2]
        for wrong in (f"x{token}", token[:-1], tokens.sign("alerts.manage", theirs.subscriber_id)):
            assert visitor.post(f"/alertes/{wrong}/desabonnement/").status_code == 404
        visitor.post(mine.subscriber.leave_path)
        assert list(Subscriber.objects.all()) == [theirs.subscriber]


class TestLostLink:
    def remind(self, client, email: str):
        return client.post("/alertes/", {"email": email, "shown_at": shown(), "website": ""}, follow=True)

    def test_link_is_sent_to_who_has_alerts(self, visitor, alert):
        alert("Ada@example.org")
        for email in ("ada@example.org", "unknown@example.org"):
            assert "un message avec leur lien vient de partir" in self.remind(visitor, email).content.decode()
        assert [one.recipient for one in OutgoingMail.objects.all()] == ["Ada@example.org"]
        assert visitor.get(link("")).status_code == 200

    def test_who_never_confirmed_is_not_written_to(self, visitor, alert):
        alert(confirmed_at=None)
        self.remind(visitor, "ada@example.org")
        assert not OutgoingMail.objects.exists()

    def test_wrong_address_is_explained(self, visitor):
        answer = self.remind(visitor, "ada@")
        assert answer.status_code == 400
        assert "n’est pas complète" in answer.content.decode()

    def test_robots_and_floods_are_stopped(self, visitor, alert):
        alert()
        visitor.post("/alertes/", {"email": "ada@example.org", "website": "x"})
        assert not OutgoingMail.objects.exists()
        for _ in range(19):
            self.remind(visitor, "")
        assert self.remind(visitor, "ada@example.org").status_code == 429
