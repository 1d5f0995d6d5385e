"""Badges: a tagged PDF, eight a page, whoever the people are."""

import pypdfium2

from network.events.badges import badges_pdf
from network.events.models import RegistrationState
from tests.factories.admin import messages
from tests.factories.events import event, registration


def texts(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as pdf:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]


def test_eight_badges_a_page_with_name_and_structure(db):
    made = event("Journée d’étude")
    for number in range(9):
        registration(made, name=f"Personne {number}", structure="Régie du Grand Mail")
    registration(made, RegistrationState.WAITING, name="Pas encore")
    content = badges_pdf(made)
    first, second = texts(content)
    assert [f"Personne {number}" in first for number in range(9)] == [True] * 8 + [False]
    assert "Personne 8" in second
    assert first.count("Régie du Grand Mail") == 8
    assert "Pas encore" not in first + second
    assert b"pdfuaid" in content
    assert b"/StructTreeRoot" in content


def test_names_of_any_length_and_script_fit(db):
    made = event("Journée " * 20)
    registration(made, name="Marie-Antoinette Élisabeth de Bourbon-Siciles Très Longue Encore Plus Longue", structure="S" * 150)
    registration(made, name="#let 日本 $x$ \\", structure="")
    assert len(texts(badges_pdf(made))) == 1


def test_staff_downloads_them(administrator):
    made = event()
    registration(made)
    response = administrator.get(f"/admin/events/event/{made.pk}/badges.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.content.startswith(b"%PDF")


def test_without_anybody_there_is_no_badge(administrator):
    answer = administrator.get(f"/admin/events/event/{event().pk}/badges.pdf", follow=True)
    assert "il n’y a pas de badge" in messages(answer)[0]


def test_readers_take_none(documentalist):
    assert documentalist.get(f"/admin/events/event/{event().pk}/badges.pdf").status_code == 403
