"""The notice of one document: its address, its type, who may have it."""

import pytest

from tests.factories.documents import document, tomorrow

pytestmark = pytest.mark.usefixtures("world")
TYPES = {
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}


@pytest.mark.parametrize("extension", TYPES)
def test_notice(visitor, extension):
    document("Menus & laïcité", slug="menus")
    answer = visitor.get(f"/ressources/menus.{extension}")
    assert answer.headers["Content-Type"] == TYPES[extension]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="menus.{extension}"'
    assert "laïcité" in answer.content.decode()


@pytest.mark.parametrize("extension", TYPES)
def test_page_links_to_its_notices(visitor, extension):
    made = document(slug="menus")
    html = visitor.get(made.get_absolute_url()).content.decode()
    assert f'href="/ressources/menus.{extension}"' in html


@pytest.mark.parametrize(
    "fields",
    [{"status": "draft"}, {"status": "withdrawn"}, {"publish_at": tomorrow()}, {"access": "formateurs"}],
)
def test_what_is_not_public_has_no_notice(visitor, fields):
    document(slug="menus", **fields)
    assert visitor.get("/ressources/menus.ris").status_code == 404


def test_reserved_document_has_one_for_trainers(trainer):
    document(slug="menus", access="formateurs")
    answer = trainer.get("/ressources/menus.ris")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(visitor, django_assert_num_queries, count):
    for number in range(count):
        document(slug=f"d{number}", themes=["education", "sante"][:count])
    with django_assert_num_queries(2):
        visitor.get("/ressources/d0.ris")
