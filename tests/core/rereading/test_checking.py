"""Visiting links: never inside, HEAD then GET, one site after the other, dead after two failures a week apart."""

import datetime
import socket
import time
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from tests.core.rereading.server import site
from trajectoire.core import fetching
from trajectoire.core.models import Page
from trajectoire.core.rereading import checking
from trajectoire.core.rereading.places import WebLink

NOW = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
HERE = {"127.0.0.1"}.__contains__  # this machine stands for the Internet, the rest of its network for the inside


@pytest.fixture
def web():
    with site() as found:
        yield found


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:192.168.1.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(address, public):
    assert fetching.is_public(address) is public


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/", ""),
        ("/page?a=1&b=é", ""),
        ("/404", "page introuvable (404)"),
        ("/410", "page introuvable (410)"),
        ("/500", "le site répond par une erreur (500)"),
        ("/403", ""),
        ("/head-501", ""),
        ("/to//", ""),
        ("/to//404", "page introuvable (404)"),
        ("/to//to//to//to//to//to//to//", "trop de redirections"),
        ("/to/file:///etc/passwd", "adresse mal écrite"),
        ("/silent", "le site ne répond pas comme il faut"),
    ],
)
def test_why_a_link_leads_nowhere(web, path, why):
    assert checking.reason(web[0] + path, HERE) == why


def test_head_is_enough_when_it_answers(web):
    address, asked = web
    checking.reason(f"{address}/a", HERE)
    checking.reason(f"{address}/404", HERE)
    assert asked == [("HEAD", "/a"), ("HEAD", "/404"), ("GET", "/404")]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9/", "adresse interne, que le public ne peut pas ouvrir"),
        ("http://[::1]/", "adresse interne, que le public ne peut pas ouvrir"),
        ("http://2130706433/", "adresse interne, que le public ne peut pas ouvrir"),
        ("http:///rien", "adresse mal écrite"),
        ("http://a:b@:99999/", "adresse mal écrite"),
        (f"http://{'a' * 70}.example/", "adresse mal écrite"),
    ],
)
def test_inside_is_never_visited(url, why):
    assert checking.reason(url) == why


def test_redirect_to_the_inside_is_not_followed(web):
    with site("127.0.0.2") as (inside, heard):
        assert checking.reason(f"{web[0]}/to/{inside}/secret", HERE) == "adresse interne, que le public ne peut pas ouvrir"
    assert heard == []


def test_site_without_a_name_and_closed_door_are_told(monkeypatch):
    def unknown(*args, **options):
        raise socket.gaierror

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert checking.reason(f"http://127.0.0.1:{free.getsockname()[1]}/", HERE) == "le site ne répond pas comme il faut"
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert checking.reason("https://example.org/") == "ce nom de site n’existe pas"


def test_secure_connection_to_a_plain_site_is_told(web):
    assert "certificat périmé ou faux" in checking.reason(web[0].replace("http:", "https:"), HERE)


def test_answer_that_never_ends_is_cut(monkeypatch):
    monkeypatch.setattr(fetching, "IN_ALL", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as quiet:
        began = time.monotonic()
        assert checking.reason(f"http://127.0.0.1:{quiet.getsockname()[1]}/", HERE) == "le site ne répond pas comme il faut"
        assert time.monotonic() - began < 5


def test_server_that_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as quiet:
        assert checking.reason(f"http://127.0.0.1:{quiet.getsockname()[1]}/", HERE) == "le site ne répond pas"


@pytest.mark.django_db
class TestState:
    def test_two_failures_a_week_apart_make_a_link_dead_and_an_answer_brings_it_back(self):
        link = WebLink.objects.create(url="https://example.org/")
        states = []
        for days, why in [(0, "x"), (1, "x"), (7, "x"), (14, ""), (21, "x")]:
            checking.note(link, why, NOW + datetime.timedelta(days))
            states.append(link.dead)
        assert states == [False, False, True, False, False]
        link.refresh_from_db()
        assert (link.failing_since, link.reason) == (NOW + datetime.timedelta(21), "x")

    def test_those_visited_longest_ago_come_first_and_what_is_meant_is_left_alone(self, web):
        address, asked = web
        for path, days in [("/recent", 1), ("/old", 9), ("/never", None)]:
            WebLink.objects.create(url=address + path, checked_at=days and NOW - datetime.timedelta(days))
        WebLink.objects.create(url=f"{address}/meant", meant=True)
        assert checking.visit_all(2, HERE, pause=0) == (2, 0)
        assert asked == [("HEAD", "/never"), ("HEAD", "/old")]

    def test_sites_take_turns_and_one_site_is_left_in_peace(self, web):
        address, asked = web
        with site() as (other, _):
            WebLink.objects.bulk_create(WebLink(url=url) for url in (f"{address}/a", f"{address}/b", f"{other}/c"))
            began = time.monotonic()
            checking.visit_all(9, HERE, pause=0.2)
        assert [link.url for link in checking._scattered(WebLink.objects.order_by("pk"))] == [
            f"{address}/a",
            f"{other}/c",
            f"{address}/b",
        ]
        assert time.monotonic() - began >= 0.2
        assert [path for _, path in asked] == ["/a", "/b"]

    def test_command_reads_texts_then_visits(self, world):
        """The addresses of this machine are not visited: the failure is kept."""
        Page.objects.filter(slug="aide").update(body='<p><a href="http://127.0.0.1:9/">x</a></p>')
        said = StringIO()
        with time_machine.travel(NOW, tick=False):
            call_command("check_links", stdout=said)
        assert "1\u00a0lien visité, 0\u00a0mort." in said.getvalue()
        call_command("check_links", no_visit=True, stdout=said)
        assert WebLink.objects.get().checked_at == NOW
