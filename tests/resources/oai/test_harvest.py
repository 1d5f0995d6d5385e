"""A harvest while the library changes: each record once or again, none missed; those that go are told."""

import datetime

import pytest
from django.utils import timezone

from network.models import Theme
from resources.models import Document
from resources.oai import harvest
from resources.oai.tombstones import Tombstone
from resources.publishing import add_theme, withdraw
from tests.factories.documents import document, file, many, tomorrow
from trajectoire.core import tokens

from .conftest import OAI, code, numbers, token

pytestmark = pytest.mark.usefixtures("world")


def first(ask, **more):
    return ask(verb="ListIdentifiers", metadataPrefix="oai_dc", **more)


def following(ask, root, verb: str = "ListIdentifiers"):
    return ask(verb=verb, resumptionToken=token(root))


@pytest.fixture
def pages_of_three(monkeypatch):
    monkeypatch.setattr(harvest, "PAGE", 3)


class TestTokens:
    def test_pages(self, ask, pages_of_three):
        made = [row.pk for row in many(7)]
        pages = [first(ask)]
        while token(pages[-1]):
            pages.append(following(ask, pages[-1]))
        assert [numbers(page) for page in pages] == [made[:3], made[3:6], made[6:]]
        marks = [page.find(f".//{OAI}resumptionToken") for page in pages]
        assert [(mark.get("cursor"), mark.get("completeListSize")) for mark in marks] == [("0", "7"), ("3", "7"), ("6", "7")]
        assert [mark.get("expirationDate") is None for mark in marks] == [False, False, True]

    def test_full_last_page_has_no_token(self, ask, pages_of_three):
        many(3)
        assert first(ask).find(f".//{OAI}resumptionToken") is None

    def test_same_token_gives_the_same_page_again(self, ask, pages_of_three):
        many(7)
        page = first(ask)
        assert numbers(following(ask, page)) == numbers(following(ask, page))

    def test_token_keeps_the_set_and_the_dates(self, ask, pages_of_three):
        made = [document(type="note").pk for _ in range(4)]
        many(5)
        page = first(ask, set="type:note", from_="2000-01-01", until="2100-01-01")
        assert numbers(page) + numbers(following(ask, page)) == made

    @pytest.mark.parametrize(
        "change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.upper(), lambda t: tokens.sign("x", [1])]
    )
    def test_bad_token(self, ask, pages_of_three, change):
        many(4)
        assert code(ask(verb="ListIdentifiers", resumptionToken=change(token(first(ask))))) == "badResumptionToken"

    def test_token_of_another_verb(self, ask, pages_of_three):
        many(4)
        assert code(following(ask, first(ask), "ListRecords")) == "badResumptionToken"

    def test_token_expires(self, ask, pages_of_three, time_machine):
        time_machine.move_to("2026-03-04")
        many(4)
        page = first(ask)
        time_machine.shift(harvest.LIFETIME.total_seconds() - 60)
        assert code(following(ask, page)) == ""
        time_machine.shift(120)
        assert code(following(ask, page)) == "badResumptionToken"


class TestChanges:
    def test_changed_document_is_given_again_and_none_is_missed(self, ask, pages_of_three):
        made = [row.pk for row in many(7)]
        pages = [first(ask)]
        Document.objects.get(pk=made[0]).save()  # seen already
        Document.objects.get(pk=made[4]).save()  # not yet
        while token(pages[-1]):
            pages.append(following(ask, pages[-1]))
        assert [numbers(page) for page in pages] == [made[:3], [made[3], made[5], made[6]], [made[0], made[4]]]

    def test_document_that_goes_in_the_middle(self, ask, pages_of_three):
        made = [row.pk for row in many(5)]
        pages = [first(ask)]
        Document.objects.get(pk=made[1]).delete()
        withdraw(Document.objects.filter(pk=made[3]))
        while token(pages[-1]):
            pages.append(following(ask, pages[-1]))
        assert [numbers(page) for page in pages] == [made[:3], [made[4], -made[1], -made[3]]]

    def test_rank_instead_of_a_place_would_miss_one(self, ask, pages_of_three):
        """The negative control: pages counted by rank lose what moves to the end."""
        made = [row.pk for row in many(7)]
        rows = harvest.documents().order_by("stamp", "pk")
        seen = [row.pk for row in rows[:3]]
        Document.objects.get(pk=made[0]).save()
        seen += [row.pk for row in rows[3:6]] + [row.pk for row in rows[6:9]]
        assert set(made) - set(seen) == {made[3]}


class TestStamps:
    @pytest.mark.parametrize(
        "change",
        [
            lambda made: made.save(),
            lambda made: add_theme(Document.objects.filter(pk=made.pk), Theme.objects.get(slug="sante")),
            lambda made: file(made).delete(),
            lambda made: made.announce(),
        ],
        ids=["save", "theme", "file", "announce"],
    )
    def test_every_change_moves_the_stamp(self, change):
        made = document()
        Document.objects.filter(pk=made.pk).update(updated_at=made.publish_at)
        change(made)
        assert harvest.find(made.pk).stamp > made.publish_at


class TestTombstones:
    @pytest.mark.parametrize(
        "fields", [{"status": "draft"}, {"status": "withdrawn"}, {"access": "formateurs"}, {"publish_at": tomorrow()}]
    )
    def test_document_that_is_no_more_public(self, ask, fields):
        made = document("Un titre", themes=["espace-public"], collection="cetavou")
        for name, value in fields.items():
            setattr(made, name, value)
        made.save()
        root = ask(verb="GetRecord", identifier=f"oai:www.example.org:{made.pk}", metadataPrefix="oai_dc")
        assert numbers(root) == [-made.pk]
        assert [node.text for node in root.iter(f"{OAI}setSpec")] == [
            *("type:synthese", "theme:espace-public", "theme:laicite", "collection:cetavou")
        ]
        assert root.find(f".//{OAI}metadata") is None
        assert code(ask(verb="Identify")) == ""

    def test_document_that_comes_back(self, ask):
        made = document()
        withdraw(Document.objects.filter(pk=made.pk))
        assert numbers(first(ask)) == [-made.pk]
        made.status = Document.Status.PUBLISHED
        made.save()
        assert numbers(first(ask)) == [made.pk]
        assert Tombstone.objects.count() == 0

    def test_document_that_comes_back_by_its_hour(self, ask, time_machine):
        time_machine.move_to("2026-03-04")
        made = document()
        made.publish_at = timezone.now() + datetime.timedelta(days=1)
        made.save()
        assert numbers(first(ask)) == [-made.pk]
        time_machine.shift(100_000)
        assert numbers(first(ask)) == [made.pk]

    def test_withdrawn_twice_keeps_its_first_moment(self):
        made = document()
        withdraw(Document.objects.filter(pk=made.pk))
        [stamp] = Tombstone.objects.values_list("stamp", flat=True)
        withdraw(Document.objects.filter(pk=made.pk))
        Document.objects.get(pk=made.pk).delete()
        assert Tombstone.objects.get().stamp == stamp

    def test_nothing_of_the_text_is_kept(self):
        made = document("Un nom propre")
        made.delete()
        assert str(Tombstone.objects.get()).startswith("document ")
        assert {field.name for field in Tombstone._meta.get_fields()} == {"document_pk", "stamp", "sets"}
