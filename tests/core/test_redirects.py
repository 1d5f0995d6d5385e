"""Old addresses lead to their new page, whatever their spelling; those asked for in vain are counted, then redirected."""

import datetime

import pytest
from django.utils import timezone

from tests.factories.documents import document
from trajectoire.core import missed, redirects, retention, search
from trajectoire.core.redirects import MissedPath, OldAddress

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"}
MISSED = "/admin/core/missedpath/"


def goes(client, address: str) -> str:
    response = client.get(address)
    return response.headers["Location"] if response.status_code == 301 else ""


class TestKept:
    @pytest.mark.parametrize(
        ("old", "asked"),
        [
            ("https://www.ancien.fr/2019/03/guide/", "/2019/03/guide/"),
            ("/2019/03/guide", "/2019/03/guide/"),
            ("/2019/03/guide/", "/2019/03/guide"),
            ("/quartiers-d%C3%A9t%C3%A9/", "/quartiers-d%c3%a9t%c3%a9/?utm_source=lettre"),
            ("http://ancien.fr/?p=12", "/?p=12"),
            ("/index.php?page_id=7", "/?page_id=7&preview=1"),
            ("/index.php/2019/guide/", "/2019/guide/"),
            ("/2019/guide/", "/2019/guide/feed/"),
            ("/2019/guide/", "/2019/guide/page/2/"),
            ("/wp-content/uploads/guide.pdf", "/wp-content/uploads/guide.pdf"),
        ],
    )
    def test_every_spelling_leads_to_the_page(self, visitor, old, asked):
        assert redirects.keep(old, "/ressources/?theme=sante")
        assert goes(visitor, asked) == "/ressources/?theme=sante"

    @pytest.mark.parametrize(
        ("old", "target"),
        [
            ("/", "/ressources/"),
            ("/contact/", "/ressources/"),
            ("/guide/", "/guide"),
            ("/guide/", "https://ailleurs.example.org/"),
            ("/guide/", "//ailleurs.example.org/"),
            ("/" + "x" * 300, "/ressources/"),
        ],
    )
    def test_what_would_not_serve_is_refused(self, old, target):
        assert not redirects.keep(old, target)
        assert not OldAddress.objects.exists()

    def test_loops_are_refused(self):
        assert redirects.keep("/a/", "/b/")
        assert redirects.keep("/b/", "/c/")
        assert not redirects.keep("/c/", "/a/")

    def test_loop_made_by_hand_ends(self):
        OldAddress.objects.create(path="/a/", target="/b/")
        OldAddress.objects.create(path="/b/", target="/a/")
        assert not redirects.keep("/c/", "/a/")

    def test_many_at_once_follow_the_same_rules(self, django_assert_num_queries):
        redirects.keep("/a/", "/ressources/")
        MissedPath.objects.create(path="/d/")
        pairs = [("/a/", "/agenda/"), ("/d", "/e/"), ("/f/", "/f/"), ("/contact/", "/e/"), ("/", "/e/"), ("/g/", "/a/")]
        redirects.keep_all(pairs)
        assert dict(OldAddress.objects.values_list("path", "target")) == {"/a/": "/ressources/", "/d": "/e/", "/g/": "/a/"}
        assert not MissedPath.objects.exists()
        with django_assert_num_queries(4):
            redirects.keep_all([(f"/ancien/{number}/", f"/ressources/{number}/") for number in range(3)])

    def test_what_staff_decided_stays(self):
        redirects.keep("/a/", "/ressources/")
        assert redirects.keep("/a", "/agenda/")
        assert OldAddress.objects.get().target == "/ressources/"

    def test_pages_that_are_gone_are_forgotten(self):
        redirects.keep("/a/", "/ressources/x/")
        redirects.forget(["/ressources/x/"])
        assert not OldAddress.objects.exists()

    def test_page_of_the_site_comes_before(self, visitor, world):
        page = document("Le guide")
        redirects.keep(page.get_absolute_url(), "/agenda/")
        assert visitor.get(page.get_absolute_url()).status_code == 200

    def test_what_is_sent_is_not_redirected(self, visitor):
        redirects.keep("/a/", "/ressources/")
        assert visitor.post("/a/").status_code == 404

    def test_home_asks_nothing_more_without_a_number(self, rf, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert redirects.moved_number(rf.get("/?theme=sante")) is None
        with django_assert_num_queries(1):
            assert redirects.moved_number(rf.get("/?p=12")) is None


class TestMissed:
    def test_address_without_a_page_is_counted(self, visitor):
        for _ in range(2):
            visitor.get("/ancien/guide/?qui=ada", **BROWSER)
        row = MissedPath.objects.get()
        assert (row.path, row.count, row.last_day) == ("/ancien/guide/", 2, timezone.localdate())
        assert str(row) == "/ancien/guide/"

    @pytest.mark.parametrize(
        "path",
        [
            "/lettre/confirmer/abc/",
            "/alertes/abc:def:ghi/",
            "/compte/x/",
            "/wp-login.php",
            "/.env",
            "/ada@example.org/",
            "/06 12 34 56 78/",
            "/" + "x" * 130,
        ],
    )
    def test_tokens_robots_and_people_are_left_out(self, path):
        assert missed.kept_path(path) == ""

    def test_robots_are_left_out(self, visitor):
        visitor.get("/ancien/", HTTP_USER_AGENT="Googlebot")
        visitor.head("/ancien/", **BROWSER)
        assert not MissedPath.objects.exists()

    def test_one_client_fills_nothing(self, visitor, monkeypatch):
        monkeypatch.setattr(missed, "COUNTED_AN_HOUR", 2)
        for number in range(3):
            visitor.get(f"/invente-{number}/", **BROWSER)
        assert MissedPath.objects.count() == 2

    def test_table_is_bounded(self, visitor, monkeypatch):
        monkeypatch.setattr(missed, "MOST_ROWS", 1)
        for path in ("/a/", "/b/", "/a/"):
            visitor.get(path, **BROWSER)
        assert list(MissedPath.objects.values_list("path", "count")) == [("/a/", 2)]

    def test_kept_a_year(self):
        old = timezone.localdate() - datetime.timedelta(days=370)
        MissedPath.objects.create(path="/a/", last_day=old)
        MissedPath.objects.create(path="/b/")
        rule = next(rule for rule in retention.rules() if rule.label == "Adresses introuvables")
        rule.erase(timezone.now())
        assert MissedPath.objects.get().path == "/b/"


class TestScreens:
    def test_one_click_redirects_to_the_likely_page(self, administrator, visitor, world):
        page = document("Guide des conseils citoyens")
        search.rebuild()
        row = MissedPath.objects.create(path="/2019/guide-conseils-citoyens/", count=12)
        html = administrator.get(MISSED).content.decode()
        assert "Rediriger vers «\u00a0Guide des conseils citoyens\u00a0»" in html
        sent = administrator.post(f"{MISSED}{row.pk}/rediriger/", {"target": page.get_absolute_url()}, follow=True)
        assert "mène maintenant à" in sent.content.decode()
        assert goes(visitor, "/2019/guide-conseils-citoyens/") == page.get_absolute_url()
        assert not MissedPath.objects.exists()

    def test_target_elsewhere_is_refused(self, administrator):
        row = MissedPath.objects.create(path="/a/")
        sent = administrator.post(f"{MISSED}{row.pk}/rediriger/", {"target": "https://ailleurs.example.org/"}, follow=True)
        assert "page de ce site" in sent.content.decode()
        assert not OldAddress.objects.exists()

    def test_lines_are_ignored_one_or_several(self, administrator):
        first, second = (MissedPath.objects.create(path=path) for path in ("/a/", "/b/"))
        administrator.post(f"{MISSED}{first.pk}/ignorer/")
        administrator.post(MISSED, {"action": "ignore_chosen", "_selected_action": [second.pk]})
        assert not MissedPath.objects.filter(ignored=False).exists()
        assert "/a/" not in administrator.get(MISSED).content.decode()
        assert "/a/" in administrator.get(f"{MISSED}?ignorees=oui").content.decode()

    def test_others_change_nothing(self, powerless):
        row = MissedPath.objects.create(path="/a/")
        for way in ("rediriger", "ignorer"):
            assert powerless.post(f"{MISSED}{row.pk}/{way}/", {"target": "/ressources/"}).status_code == 403

    def test_address_written_by_hand_is_checked(self, administrator):
        MissedPath.objects.create(path="/guide/")
        url = "/admin/core/oldaddress/add/"
        refused = administrator.post(url, {"path": "/contact/", "target": "/ressources/"})
        assert "Le site a déjà une page à cette adresse." in refused.content.decode()
        assert "obligatoire" in administrator.post(url, {"path": "", "target": ""}).content.decode()
        administrator.post(url, {"path": "https://ancien.fr/guide/", "target": "/ressources/"})
        assert str(OldAddress.objects.get()) == "/guide/"
        assert not MissedPath.objects.exists()
