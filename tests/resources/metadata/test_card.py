"""The drawn card: a PNG of the right size, drawn once, for public documents only."""

import io
from pathlib import Path

import pytest
from PIL import Image

from resources.metadata import card
from tests.factories.documents import document, tomorrow

pytestmark = pytest.mark.usefixtures("world")


def address(made, digest: str = "") -> str:
    return f"/ressources/{made.slug}/carte/{digest or card.digest(made)}.png"


def kept(settings) -> list[str]:
    return sorted(path.name for path in Path(settings.CARDS_DIR).iterdir())


def test_picture(visitor):
    answer = visitor.get(address(document("Un titre")))
    assert answer.headers["Content-Type"] == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert len(answer.content) < 200_000


def test_picture_is_drawn_once(visitor, settings, monkeypatch):
    made = document()
    first = visitor.get(address(made)).content
    assert kept(settings) == [f"{made.pk}-{card.digest(made)}.png"]
    monkeypatch.setattr(card, "typst_png", None)
    assert visitor.get(address(made)).content == first


def test_other_title_makes_another_picture_and_takes_the_first_away(visitor, settings):
    made, other = document("Avant"), document("Autre")
    old = address(made)
    visitor.get(old)
    visitor.get(address(other))
    made.title = "Après"
    made.save()
    assert visitor.get(old).headers["Location"] == address(made) != old
    assert visitor.get(address(made)).status_code == 200
    assert kept(settings) == sorted(f"{row.pk}-{card.digest(row)}.png" for row in (made, other))


def test_other_summary_keeps_the_picture():
    made = document(summary="Avant")
    before = card.digest(made)
    made.summary = "Après"
    assert card.digest(made) == before


@pytest.mark.parametrize(
    "title", ["x" * 250, "mot " * 60, "😀 中文", "#panic()", '" \\ <b>', "de taille moyenne, plus de cinquante caractères"]
)
def test_any_title(title):
    assert card.picture(document(title, slug="t", date=None)).startswith(b"\x89PNG")


def test_no_room_gives_the_picture_all_the_same(settings, tmp_path, caplog):
    """The folder cannot be made: a file stands in its place."""
    settings.CARDS_DIR = tmp_path / "cards"
    settings.CARDS_DIR.symlink_to("nowhere/at/all")
    assert card.picture(document()).startswith(b"\x89PNG")
    assert "card not kept" in caplog.text


@pytest.mark.parametrize(
    "fields", [{"access": "formateurs"}, {"status": "draft"}, {"status": "withdrawn"}, {"publish_at": tomorrow()}]
)
def test_what_is_not_public_has_no_picture(trainer, fields):
    made = document(**fields)
    assert trainer.get(address(made)).status_code == 404


@pytest.mark.parametrize("digest", ["x", "z" * 17, "..-..-..-..-..-."])
def test_address_that_is_no_mark(visitor, digest):
    assert visitor.get(address(document(), digest)).status_code == 404
