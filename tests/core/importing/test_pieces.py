"""Attachments: found by what an address ends with, never written anywhere; archives made to harm are refused."""

import io
import zipfile

import pytest

from trajectoire.core.importing import Unreadable, pieces
from trajectoire.core.importing.pieces import FolderPieces, Pieces, ZipPieces
from trajectoire.core.importing.records import ImportRun

SITE = "https://ancien.fr/wp-content/uploads"


def archive(*names: str, content: str = "x") -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, content)
    return packed


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (f"{SITE}/2019/guide.pdf", "uploads/2019/guide.pdf"),
        (f"{SITE}/2020/guide.pdf?ver=3", "uploads/2020/guide.pdf"),
        ("2019/guide.pdf", "uploads/2019/guide.pdf"),
        ("guide.pdf", None),
        (f"{SITE}/2021/plan.pdf", "plan.pdf"),
        (f"{SITE}/2021/d%C3%A9bat.pdf", "uploads/débat.pdf"),
        ("absent.pdf", None),
    ],
)
def test_found_by_the_end_of_an_address(wanted, found):
    known = Pieces(["uploads/2019/guide.pdf", "uploads/2020/guide.pdf", "plan.pdf", "uploads/débat.pdf"])
    assert known.find(wanted) == found


def test_folder_and_archive_give_the_same(tmp_path):
    (tmp_path / "sous").mkdir()
    (tmp_path / "sous" / "a.txt").write_text("x")
    (tmp_path / "lien.txt").symlink_to("/etc/passwd")
    opened = ZipPieces(archive("sous/a.txt", "__MACOSX/a.txt"))
    for known in (FolderPieces(tmp_path), opened):
        assert (bool(known), len(known)) == (True, 1)
        with known.open(known.find("/a.txt")) as content:
            assert content.read() == b"x"
        known.close()


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "C:/x", "a\\..\\..\\x"])
def test_path_that_leaves_its_place_is_refused(name):
    with pytest.raises(Unreadable, match="chemin interdit"):
        ZipPieces(archive(name))


def test_bomb_is_refused():
    with pytest.raises(Unreadable, match="démesuré"):
        ZipPieces(archive("bombe.txt", content="0" * 2_000_000))


def test_archive_too_big_is_refused(monkeypatch):
    monkeypatch.setattr(pieces, "MOST_FILES", 1)
    with pytest.raises(Unreadable, match="trop grand"):
        ZipPieces(archive("a", "b"))


def test_archive_with_a_password_is_refused():
    packed = archive("a")
    content = bytearray(packed.getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="mot de passe"):
        ZipPieces(io.BytesIO(content))


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "a.zip").write_text("x")
    with pytest.raises(Unreadable, match="ZIP lisible"):
        pieces.of(ImportRun(attachments_place=str(tmp_path / "a.zip")))
    with pytest.raises(Unreadable), ImportRun(attachments_place=str(tmp_path / "a.zip")).opened_pieces():
        pass  # pragma: no cover


def test_run_without_attachments_finds_nothing(tmp_path):
    with ImportRun().opened_pieces() as known:
        assert not known
        assert known.find("a.txt") is None
        with pytest.raises(FileNotFoundError), known.open("a.txt"):
            pass  # pragma: no cover
    with ImportRun(attachments_place=str(tmp_path)).opened_pieces() as known:
        assert len(known) == 0
