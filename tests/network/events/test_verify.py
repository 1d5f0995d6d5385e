"""The public page: genuine, replaced, revoked, unknown; nothing more than what the paper says."""

import pytest

from network.events import attestations
from network.events.models import Attestation, AttestationYear
from tests.factories import events
from tests.network.events.test_attestations import attended

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued() -> Attestation:
    event = events.event("Une journée", days=(-2,), venue="MJC")
    attended(event, name="Amina Martin", email="amina@example.org", structure="Régie")
    return attestations.issue(event)[0]


def words(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def test_genuine_one_says_what_to_compare(visitor, issued):
    response = visitor.get(issued.verify_path)
    page = words(response)
    for told in ("est authentique", issued.number, "A. Martin", "Une journée", "2 demi-journées sur 2"):
        assert told in page
    for kept in ("Amina", "amina@example.org", "Régie"):
        assert kept not in page
    assert "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page
    assert not response.cookies


def test_replaced_and_revoked_ones_say_so_and_no_more(visitor, issued):
    new = attestations.correct(issued, "nom mal écrit")
    page = words(visitor.get(issued.verify_path))
    assert "a été remplacée" in page
    for kept in ("Martin", "nom mal écrit", new.code, "Une journée"):
        assert kept not in page
    assert "est authentique" in words(visitor.get(new.verify_path))
    attestations.revoke(new, "erreur de personne")
    page = words(visitor.get(new.verify_path))
    assert "a été retirée" in page
    assert "erreur de personne" not in page


def test_forgotten_one_is_still_genuine_without_its_name(visitor, issued):
    Attestation.objects.update(name="")
    page = words(visitor.get(issued.verify_path))
    assert "est authentique" in page
    assert "Effacé : il n’est gardé que trois ans" in page


@pytest.mark.parametrize("code", ["ABCDEFGHJKMNPQRS", "x", "é", "1" * 300, "' OR 1=1 --", "<script>"])
def test_unknown_codes_get_the_same_words_after_the_same_work(visitor, issued, code, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = visitor.get(f"/verifier/{code}/")
    assert response.status_code == 404
    assert "Aucune attestation ne porte ce code" in words(response)
    assert f">{code}" not in words(response)
    with django_assert_num_queries(1):
        visitor.get(issued.verify_path)


def test_code_copied_by_hand_is_understood(visitor, issued):
    Attestation.objects.update(code="01ABCDEFGHJKMNPQ")
    response = visitor.get("/verifier/", {"code": "oI ab-cdef.ghjk mnpq"})
    assert response.headers["Location"] == "/verifier/01ABCDEFGHJKMNPQ/"
    assert "est authentique" in words(visitor.get("/verifier/o1ab-cdef-ghjk-mnpq/"))


@pytest.mark.parametrize("query", ["?code=", "?code=+-+"])
def test_empty_code_is_asked_again(visitor, query):
    response = visitor.get(f"/verifier/{query}")
    assert "Écrivez le code" in words(response)
    assert "Écrivez le code" not in words(visitor.get("/verifier/"))


def test_trying_codes_is_limited(visitor, issued):
    statuses = [visitor.get(f"/verifier/{number:016}/").status_code for number in range(61)]
    assert statuses == [404] * 60 + [429]
    assert visitor.get(issued.verify_path).status_code == 429


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Amina Martin", "A. Martin"), ("Amina", "A."), ("", ""), ("  Léa de La Tour ", "L. de La Tour"), ("Jean-Paul B.", "J. B.")],
)
def test_first_name_is_an_initial(name, shown):
    assert attestations.masked(name) == shown


def test_codes_are_shown_by_four():
    assert attestations.shown_code("ABCDEFGHJKMNPQRS") == "ABCD-EFGH-JKMN-PQRS"
    assert attestations.read_code("abcd-efgh jkmn.pqrs") == "ABCDEFGHJKMNPQRS"


def test_texts_of_rows():
    assert str(AttestationYear(year=2026, last=7)) == "2026-0007"
    assert str(Attestation(year=2026, order=12)) == "2026-0012"
    assert str(Attestation(year=2026, order=12345, version=2)) == "2026-12345, version 2"
