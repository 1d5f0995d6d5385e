"""Every verb of OAI-PMH 2.0 and every error, valid against the schemas."""

import datetime

import pytest
import time_machine
from lxml import etree

from resources.models import Collection, Document
from resources.oai.answers import NO_DOMAIN, namespace
from tests.factories.documents import document, file, tomorrow
from trajectoire.core.text import NBSP

from .conftest import OAI, code, numbers

pytestmark = pytest.mark.usefixtures("world")
DC = "{http://purl.org/dc/elements/1.1/}"
ONE = "oai:www.example.org:{}"


def test_identify(ask):
    with time_machine.travel(datetime.datetime(2026, 3, 4, 5, 6, 7, tzinfo=datetime.UTC), tick=False):
        document()
    root = ask(verb="Identify")
    values = {child.tag.removeprefix(OAI): child.text for child in root.find(f"{OAI}Identify")}
    assert values["baseURL"] == "https://www.example.org/oai"
    assert values["protocolVersion"] == "2.0"
    assert values["earliestDatestamp"] == "2026-03-04T05:06:07Z"
    assert values["deletedRecord"] == "persistent"
    assert values["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert "oai:www.example.org:1" in etree.tostring(root, encoding="unicode")


def test_identify_of_an_empty_library(ask):
    assert code(ask(verb="Identify")) == ""


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost", "nothing"])
def test_address_that_is_no_domain(settings, address):
    settings.SITE_URL = address
    assert namespace() == NO_DOMAIN


def test_formats(ask):
    made = document()
    for root in (ask(verb="ListMetadataFormats"), ask(verb="ListMetadataFormats", identifier=ONE.format(made.pk))):
        assert [node.text for node in root.iter(f"{OAI}metadataPrefix")] == ["oai_dc"]
    assert code(ask(verb="ListMetadataFormats", identifier=ONE.format(made.pk + 1))) == "idDoesNotExist"


def test_sets(ask):
    root = ask(verb="ListSets")
    found = dict(zip((n.text for n in root.iter(f"{OAI}setSpec")), (n.text for n in root.iter(f"{OAI}setName")), strict=True))
    assert found["type"] == "Par type"
    assert found["type:synthese"] == "Synthèse"
    assert found["theme:laicite"] == "Citoyenneté, valeurs de la République, laïcité"
    assert found["collection:cetavou"] == "CETAVOU"
    assert code(ask(verb="ListSets", resumptionToken="x")) == "badResumptionToken"


def test_record(ask):
    made = document(
        "L’été <b> & ]]>",
        slug="ete",
        subtitle="à \x0cl’ombre",
        themes=["espace-public"],
        territories=["25", "25056"],
        authors="Ana Vauthier\nLe centre",
        collection="lettre-information",
        number=7,
        isbn="978-2",
        external=True,
        url="https://editeur.example/a?b=1&c=2",
        event_note="Journée",
        date_precision="mois",
    )
    file(made)
    root = ask(verb="GetRecord", identifier=ONE.format(made.pk), metadataPrefix="oai_dc")
    assert [node.text for node in root.iter(f"{OAI}setSpec")] == [
        *("type:synthese", "theme:espace-public", "theme:laicite", "collection:lettre-information")
    ]
    [container] = root.iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")
    assert [(node.tag.removeprefix(DC), node.text) for node in container] == [
        ("title", f"L’été <b> & ]]>{NBSP}: à l’ombre"),
        ("creator", "Ana Vauthier"),
        ("creator", "Le centre"),
        ("subject", "Espace public"),
        ("description", "Ce que le document apporte, en une phrase."),
        ("publisher", "Trajectoire Ressources"),
        ("date", "2024-05"),
        ("type", "Text"),
        ("type", "Synthèse"),
        ("format", "application/pdf"),
        ("identifier", "https://www.example.org/ressources/ete/"),
        ("identifier", "https://editeur.example/a?b=1&c=2"),
        ("identifier", "urn:ISBN:978-2"),
        ("source", "Journée"),
        ("language", "fr"),
        ("relation", f"Lettre d’information, n°{NBSP}7"),
        ("relation", "https://www.example.org/ressources/collections/lettre-information/"),
        ("relation", "urn:ISSN:2109-5582"),
        ("coverage", "Besançon"),
        ("coverage", "Doubs"),
        ("rights", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("rights", "Creative Commons BY-SA 4.0"),
    ]


def test_bare_record(ask):
    made = document(date=None, publisher="", summary="", themes=[], collection="cetavou", licence="reserved")
    root = ask(verb="GetRecord", identifier=ONE.format(made.pk), metadataPrefix="oai_dc")
    found = [node.tag.removeprefix(DC) for node in root.iter() if node.tag.startswith(DC)]
    assert found == ["title", "type", "type", "format", "identifier", "language", "relation", "relation", "rights"]


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_lists(ask, verb):
    made = [document(slug=f"d{n}").pk for n in range(3)]
    root = ask(verb=verb, metadataPrefix="oai_dc")
    assert numbers(root) == made
    assert root.find(f".//{OAI}resumptionToken") is None
    assert len(list(root.iter(f"{DC}title"))) == (3 if verb == "ListRecords" else 0)


@pytest.mark.parametrize("verb", ["Identify", "ListSets", "ListMetadataFormats", "ListRecords"])
def test_post_is_the_same_question(ask, verb):
    document()
    given = {"verb": verb} | ({"metadataPrefix": "oai_dc"} if verb == "ListRecords" else {})
    assert code(ask("post", **given)) == ""


def test_arguments_of_the_address_do_not_count_in_a_post(visitor, schema):
    root = etree.fromstring(visitor.post("/oai?verb=Identify").content)
    assert code(root) == "badVerb"


class TestSets:
    @pytest.mark.parametrize(
        ("spec", "expected"),
        [
            ("type", [0, 1, 2]),
            ("type:note", [1]),
            ("theme", [0, 1]),
            ("theme:laicite", [0, 1]),
            ("theme:espace-public", [1]),
            ("collection", [2]),
            ("collection:cetavou", [2]),
        ],
    )
    def test_selects_documents_here_and_gone(self, ask, spec, expected):
        made = [
            document(themes=["laicite"]),
            document(type="note", themes=["espace-public", "laicite"]),
            document(themes=[], collection="cetavou"),
        ]
        pks = [row.pk for row in made]
        assert numbers(ask(verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)) == [pks[n] for n in expected]
        for row in made:
            row.status = Document.Status.WITHDRAWN
            row.save()
        assert numbers(ask(verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)) == [-pks[n] for n in expected]

    @pytest.mark.parametrize("spec", ["inconnu", "type:inconnu", "theme:laicite:plus", "x:y", "type:synth"])
    def test_unknown_set_has_nothing(self, ask, spec):
        document(themes=["education"])
        assert code(ask(verb="ListRecords", metadataPrefix="oai_dc", set=spec)) == "noRecordsMatch"

    def test_name_that_begins_alike_is_another_set(self, ask):
        Collection.objects.create(slug="cetavou-plus", name="Plus")
        made = document(collection="cetavou-plus")
        made.delete()
        assert code(ask(verb="ListIdentifiers", metadataPrefix="oai_dc", set="collection:cetavou")) == "noRecordsMatch"


class TestDates:
    @pytest.fixture
    def pk(self) -> int:
        with time_machine.travel(datetime.datetime(2026, 3, 4, 23, 6, 7, 800_000, tzinfo=datetime.UTC), tick=False):
            return document().pk

    @pytest.mark.parametrize(
        ("first", "last", "found"),
        [
            ("2026-03-04", "", True),
            ("2026-03-05", "", False),
            ("", "2026-03-04", True),
            ("", "2026-03-03", False),
            ("2026-03-04", "2026-03-04", True),
            ("2026-03-04T23:06:07Z", "2026-03-04T23:06:07Z", True),
            ("2026-03-04T23:06:08Z", "", False),
            ("", "2026-03-04T23:06:06Z", False),
            ("1990-01-01", "2099-12-31", True),
        ],
    )
    def test_both_ends_are_included(self, ask, pk, first, last, found):
        dates = {name: value for name, value in (("from", first), ("until", last)) if value}
        root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", **dates)
        assert numbers(root) == ([pk] if found else [])
        assert code(root) == ("" if found else "noRecordsMatch")

    @pytest.mark.parametrize(
        "dates",
        [
            {"from": "2026-03-04", "until": "2026-03-04T00:00:00Z"},
            {"from": "2026-03-05", "until": "2026-03-04"},
            {"from": "2026-02-30"},
            {"from": "hier"},
            {"until": "2026-03-04T00:00Z"},
            {"until": "2026-03-04T00:00:00"},
            {"until": "9999-12-31"},
            {"from": "0000-01-01"},
        ],
    )
    def test_impossible_dates(self, ask, dates):
        assert code(ask(verb="ListRecords", metadataPrefix="oai_dc", **dates)) == "badArgument"

    def test_scheduled_document_comes_at_its_hour(self, ask):
        with time_machine.travel(datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), tick=False):
            made = document(publish_at=datetime.datetime(2026, 3, 4, 8, tzinfo=datetime.UTC))
        with time_machine.travel(datetime.datetime(2026, 3, 4, 7, tzinfo=datetime.UTC), tick=False):
            assert numbers(ask(verb="ListIdentifiers", metadataPrefix="oai_dc")) == []
        with time_machine.travel(datetime.datetime(2026, 3, 4, 9, tzinfo=datetime.UTC), tick=False):
            root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", from_="2026-03-04")
        assert numbers(root) == [made.pk]
        assert root.findtext(f".//{OAI}datestamp") == "2026-03-04T08:00:00Z"


class TestErrors:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({}, "badVerb"),
            ({"verb": "Supprimer"}, "badVerb"),
            ({"verb": ["Identify", "Identify"]}, "badVerb"),
            ({"verb": "Identify", "set": "x"}, "badArgument"),
            ({"verb": "GetRecord"}, "badArgument"),
            ({"verb": "GetRecord", "identifier": "x"}, "badArgument"),
            ({"verb": "ListRecords"}, "badArgument"),
            ({"verb": "ListRecords", "metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
            ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "x"}, "badArgument"),
            ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "theme:"}, "badArgument"),
            ({"verb": "ListRecords", "metadataPrefix": "a b"}, "badArgument"),
            ({"verb": "ListRecords", "metadataPrefix": ""}, "badArgument"),
            ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
            ({"verb": "ListRecords", "metadataPrefix": "oai_dc"}, "noRecordsMatch"),
            ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
            *(
                ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": name}, "idDoesNotExist")
                for name in ("x", "", "a b <c>", "é\u2028\x01", "://[", "%zz")
            ),
            ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": ONE.format("01")}, "idDoesNotExist"),
            ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": ONE.format("9" * 30)}, "idDoesNotExist"),
            ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:autre.example:1"}, "idDoesNotExist"),
        ],
    )
    def test_code(self, ask, given, expected):
        for method in ("get", "post"):
            assert code(ask(method, **given)) == expected

    def test_arguments_are_repeated_when_they_are_not_the_fault(self, ask):
        def request(**given):
            return dict(ask(**given).find(f"{OAI}request").attrib)

        assert request(verb="ListRecords", metadataPrefix="marc") == {"verb": "ListRecords", "metadataPrefix": "marc"}
        assert request(verb="ListRecords", metadataPrefix="oai_dc", x="<y>") == {}

    def test_format_of_a_record(self, ask):
        made = document()
        assert code(ask(verb="GetRecord", identifier=ONE.format(made.pk), metadataPrefix="x")) == "cannotDisseminateFormat"

    @pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
    def test_other_methods(self, visitor, method):
        assert getattr(visitor, method)("/oai").status_code == 405

    def test_cookie_is_not_needed(self, browser):
        client = browser()
        client.handler.enforce_csrf_checks = True
        assert client.post("/oai", {"verb": "Identify"}).status_code == 200


class TestPrivate:
    @pytest.mark.parametrize(
        "fields",
        [{"status": "draft"}, {"access": "formateurs"}, {"publish_at": tomorrow()}, {"status": "withdrawn"}],
    )
    def test_what_was_never_public_is_never_there(self, trainer, ask, fields):
        made = document("Un secret", **fields)
        made.save()
        assert code(ask(verb="ListRecords", metadataPrefix="oai_dc")) == "noRecordsMatch"
        assert code(ask(verb="GetRecord", identifier=ONE.format(made.pk), metadataPrefix="oai_dc")) == "idDoesNotExist"
        made.delete()
        assert code(ask(verb="ListRecords", metadataPrefix="oai_dc")) == "noRecordsMatch"
        assert "secret" not in trainer.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(visitor, django_assert_num_queries, count):
    for number in range(count):
        file(document(slug=f"d{number}", themes=["espace-public", "sante"], territories=["25"], collection="cetavou"))
    with django_assert_num_queries(9):
        visitor.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
