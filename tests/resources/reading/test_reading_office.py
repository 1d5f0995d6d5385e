"""The child's look into office files, called here; the same files go through the sandbox in test_reading_hostile."""

import pytest

from resources.reading import office
from resources.reading.worker import answers
from tests.hostile import CASES, archives

OFFICE = [case for case in CASES if case.id.partition("-")[0] in ("docx", "odt", "odp", "zip", "epub")]


def in_process(path) -> list[dict]:
    return list(answers(lambda: office.read(path, 60)))


@pytest.mark.parametrize("case", [c for c in OFFICE if "bomb" not in c.id and "giant" not in c.id], ids=lambda case: case.id)
def test_child_answers_in_words(case, drop):
    answer = in_process(drop(case.make()))
    if case.word:
        assert case.word in answer[0]["refused"]
    else:
        assert answer == [{"kind": case.name.rpartition(".")[2]}, {"done": True}]


@pytest.mark.parametrize("make", [lambda: archives.docx_bomb(201_000_000), lambda: archives.docx_bomb(21_000_000)])
def test_bomb_is_weighed_before_it_is_opened(make, drop):
    assert in_process(drop(make())) == [{"refused": office.BOMB}]


def test_repetitive_but_small_file_is_no_bomb(drop):
    assert in_process(drop(archives.docx_bomb(15_000_000)))[-1] == {"done": True}


@pytest.mark.parametrize(
    "target",
    [
        "http://a.example/x",
        "HTTPS://a.example/x",
        " ftp://a",
        "\\\\203.0.113.9\\x",
        "//a.example/x",
        "file://serveur/x",
        "file:///\\\\s\\x",
        "mhtml:x",
    ],
)
def test_other_machines_are_remote(target):
    assert office.REMOTE.search(target)


@pytest.mark.parametrize(
    "target",
    ["Modele.dotx", "file:///C:\\Modeles\\Note.dotx", "file:///home/agent/modele.ott", "C:\\x.dotx", "../media/a.png", ""],
)
def test_places_on_a_disk_are_not(target):
    assert not office.REMOTE.search(target)


@pytest.mark.parametrize("name", ["/etc/passwd", "C:/x", "a/../../b", "..", "a\\b", "a\nb"])
def test_unsafe_paths(name):
    assert office.UNSAFE_PATH.search(name)


@pytest.mark.parametrize("name", ["word/document.xml", "Pictures/100..png", "[Content_Types].xml", "_rels/.rels", "a..b/c"])
def test_safe_paths(name):
    assert not office.UNSAFE_PATH.search(name)


@pytest.mark.parametrize(
    ("name", "program"),
    [("word/embeddings/a.xlsx", False), ("word/embeddings/a.xlsm", True), ("xl/printerSettings/a.bin", False)],
)
def test_embedded_objects(name, program):
    assert bool(office.PROGRAM_PATHS.search(name)) is program
