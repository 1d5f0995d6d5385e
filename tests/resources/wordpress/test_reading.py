"""Exports whole, cut, damaged, hostile, huge: what can be read is, and what cannot is said."""

import os
import subprocess
import sys

import pytest

from resources.importing.wordpress.records import read
from resources.importing.wordpress.stream import Stream
from resources.importing.wordpress.wxr import Export
from tests.conftest import ROOT
from trajectoire.core.importing import Unreadable

HEAD = (
    '<?xml version="1.0" encoding="{}"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wp="http://wordpress.org/export/1.{}/"><channel><title>S</title><wp:base_blog_url>https://www.site.example/ville</wp:base_blog_url>'
)
ITEM = (
    "<item><title>{0}</title><title>Second</title><link>https://www.site.example/ville/{1}/</link><content:encoded><![CDATA[{2}]]></content:encoded>"
    "<wp:post_id>{1}</wp:post_id><wp:post_name>n{1}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
)
END = "</channel></rss>"


@pytest.fixture
def records(tmp_path):
    """A function that reads bytes as an export."""

    def one(content: bytes):
        path = tmp_path / "site.xml"
        path.write_bytes(content)
        return list(read(path, {}))

    return one


def site(*items: str, encoding: str = "UTF-8", version: int = 2) -> str:
    return HEAD.format(encoding, version) + "".join(items) + END


@pytest.mark.parametrize("version", [0, 1, 2])
def test_every_version_is_read(records, version):
    [record] = records(site(ITEM.format("Titre", 1, "Texte"), version=version).encode())
    assert (record.number, record.key, record.label) == (1, "site.example/ville?p=1", "Titre")
    assert record.values["addresses"] == ["/ville/1/", "/ville/?p=1"]
    assert record.values["body"] == "<p>Texte</p>"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + site(ITEM.format("Été", 1, "Noël")).encode(),
        site(ITEM.format("Été", 1, "Noël"), encoding="windows-1252").encode("cp1252"),
        site(ITEM.format("Été", 1, "Noël"), encoding="UTF-16").encode("utf-16"),
        site(ITEM.format("Été", 1, "Noël"), encoding="inconnu").encode(),
        site(ITEM.format("Été", 1, "Noël")).encode("cp1252"),  # what it declares is wrong
        site(ITEM.format("&Eacute;t\x00é", 1, "No\x0bël\x1f")).encode(),
        site(ITEM.format("Été", 1, "Noël")).replace(">", ">\r\n").replace("<![CDATA[", "<![CDATA[").encode(),
    ],
    ids=["bom", "windows", "utf-16", "unknown", "wrong", "controls", "line-ends"],
)
def test_wrong_encodings_and_forbidden_characters_are_repaired(records, content):
    [record] = records(content)
    assert record.label == "Été"
    assert record.values["body"] == "<p>Noël</p>"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "export de WordPress"),
        (b"PK\x03\x04rien", "ZIP"),
        (b"<html>Une page</html>", "export de WordPress"),
        (b"<rss><channel><item/></channel></rss>", "export de WordPress"),
        (b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]>' + site(ITEM.format("&a;", 1, "")).encode(), "DTD"),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd">' + site().encode(), "DTD"),
    ],
    ids=["empty", "zip", "html", "rss", "bomb", "external"],
)
def test_what_is_no_export_is_refused_whole(records, content, said):
    with pytest.raises(Unreadable, match=said):
        records(content)


def test_a_cut_file_gives_what_it_holds_and_says_it(records):
    whole = site(ITEM.format("Un", 1, "A"), ITEM.format("Deux", 2, "B" * 500))
    first, second, end = records(whole[: -len(END) - 200].encode())
    assert (first.label, first.refused) == ("Un", "")
    assert "manque" in second.refused
    assert (end.number, end.label) == (3, "Fin du fichier")
    assert "coupé" in end.refused
    kept, end = records(site(ITEM.format("Un", 1, "A")).removesuffix(END).encode())
    assert (kept.refused, end.label) == ("", "Fin du fichier")


def test_damaged_contents_are_kept_apart(records):
    torn = "<item><title>Abîmé <b>x</title><content:encoded>non échappé <p>y</p></content:encoded>"
    found = {record.label: record for record in records(site(torn, ITEM.format("Entier", 1, "A")).encode())}
    assert found["Entier"].values["public"]
    [other] = [record for label, record in found.items() if label != "Entier"]
    assert not other.values["public"]
    assert "abîmé" in other.notes[0]


def test_html_that_was_not_escaped_is_read(records):
    item = "<item><title>A</title><content:encoded><p>B <em>c</em></p></content:encoded><wp:post_id>1</wp:post_id></item>"
    assert records(site(item).encode())[0].values["body"] == "<p>B <em>c</em></p>"


def test_a_number_given_twice_makes_two_contents(records):
    keys = [
        record.key for record in records(site(ITEM.format("A", 1, ""), ITEM.format("B", 1, ""), ITEM.format("C", 1, "")).encode())
    ]
    assert keys == ["site.example/ville?p=1", "site.example/ville?p=1#2", "site.example/ville?p=1#3"]


def test_a_content_without_end_is_refused_before_it_fills_the_memory(records, monkeypatch):
    monkeypatch.setattr("resources.importing.wordpress.stream.LARGEST_ITEM", 100_000)
    with pytest.raises(Unreadable, match="64"):
        records(site(ITEM.format("A", 1, "x" * 200_000)).encode())


def test_a_content_of_five_megabytes_is_read(records):
    [record] = records(site(ITEM.format("Long", 1, "<p>" + "mot " * 1_300_000 + "</p>")).encode())
    assert len(record.values["body"]) > 5_000_000


MEASURE = """
import resource, sys
from pathlib import Path
from resources.importing.wordpress.wxr import Export
path, before = Path(sys.argv[1]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in Export(path).items())
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_stays_bounded_whatever_the_size(tmp_path):
    item, path = ITEM.format("Titre", 1, "Des mots et des mots. " * 1_000), tmp_path / "grand.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD.format("UTF-8", 2))
        for _ in range(1_500):
            file.write(item)
        file.write(END)
    run = [sys.executable, "-c", f"import django; django.setup()\n{MEASURE}", str(path)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    told = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT, env=environment).stdout.split()
    assert path.stat().st_size > 33_000_000
    assert int(told[0]) == 1_500
    assert int(told[1]) < 16  # megabytes, for a file of 33


def test_an_export_of_nothing_is_read(records):
    assert records(site("<wp:category></wp:category><wp:tag></wp:tag>").encode()) == []


def test_pieces_however_small_give_the_same_text(tmp_path):
    path = tmp_path / "site.xml"
    path.write_text(site(ITEM.format("&eacute;t&eacute; &amp; co", 1, "A")), encoding="utf-8")
    stream = Stream(path)
    text = b"".join(iter(lambda: stream.read(1), b"")).decode()
    stream.close()
    assert "<title>été &amp; co</title>" in text
    assert stream.whole


def test_the_head_is_known_before_the_items(tmp_path):
    path = tmp_path / "site.xml"
    path.write_text(
        site("<wp:author><wp:author_login>a</wp:author_login></wp:author>", ITEM.format("A", 1, "")), encoding="utf-8"
    )
    export = Export(path)
    assert [item.title for item in export.items()] == ["A"]
    assert (export.hosts, export.authors, export.whole) == ({"site.example"}, {"a": ""}, True)
