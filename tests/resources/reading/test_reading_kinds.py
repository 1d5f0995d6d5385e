import re

import pytest

from resources.reading import KINDS, Refused, Unreadable, identify, office, pdf, sandbox
from resources.reading import images as child_images
from resources.reading import kinds as module
from tests.hostile import archives, images, others, pdfs
from trajectoire.core.text import french_typography

LIMIT = 50_000_000
SENTENCE = re.compile(r"[A-Z].*[^ ]\.\Z")


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (pdfs.one_page(), "pdf"),
        (b"\xef\xbb\xbf\n" + pdfs.one_page(), "pdf"),
        (images.drawn(9, 9), "jpg"),
        (images.drawn(9, 9, fmt="PNG"), "png"),
        (images.drawn(9, 9, fmt="GIF"), "gif"),
        (images.drawn(9, 9, fmt="WEBP"), "webp"),
        (b"ID3\x04\0\0\0\0\0\0", "mp3"),
        (others.mp3(), "mp3"),
        (b"\0\0\0\x20ftypM4A \0", "m4a"),
        (others.mp4(), "mp4"),
        (b"OggS\0\x02", "ogg"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "webm"),
        (archives.office(archives.WORD), "docx"),
        (archives.office(archives.EXCEL), "xlsx"),
        (archives.office(archives.POWERPOINT), "pptx"),
        (archives.office(archives.SLIDESHOW), "ppsx"),
        (archives.opendocument(archives.TEXT), "odt"),
        (archives.opendocument("application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (archives.opendocument("application/vnd.oasis.opendocument.presentation"), "odp"),
        (archives.epub(), "epub"),
    ],
)
def test_kind_comes_from_the_content(data, extension, drop):
    kind = identify(drop(data), "sans rapport.exe", LIMIT)
    assert kind == KINDS[extension]
    assert kind.inline == (kind.family in ("pdf", "image", "media"))


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"MZ\x90\0", module.PROGRAM),
        (b"\x7fELF\x02", module.PROGRAM),
        (b"#!/bin/sh\n", module.PROGRAM),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", module.OLD_OFFICE),
        (b"{\\rtf1", module.RTF),
        (b"Rar!\x1a\x07", module.ARCHIVE),
        (b"\x1f\x8b\x08", module.ARCHIVE),
        (b"PK\x05\x06" + bytes(18), module.ARCHIVE),
        (b"\0\0\0\x18ftypheic", module.PHOTO),
        (b"\0\0\0\x18ftypavif", module.PHOTO),
        (b"II*\0", module.PHOTO),
        (b"\0\0\0\x14ftypqt  ", module.VIDEO),
        (b"RIFF\0\0\0\0AVI LIST", module.VIDEO),
        (b"<!DOCTYPE html>", module.MARKUP),
        (b"\xef\xbb\xbf <?php system(1);", module.MARKUP),
        (b"<?xml version='1.0'?><rss/>", module.MARKUP),
        (b"<?xml version='1.0'?><svg:svg/>", module.SVG),
        (b"\x00\x01\x02\x03", module.UNKNOWN),
        (b"RIFF\0\0\0\0WAVE", module.UNKNOWN),
    ],
)
def test_refused_formats_say_what_to_do(head, reason, drop):
    with pytest.raises(Refused) as refusal:
        identify(drop(head), "document.pdf", LIMIT)
    assert refusal.value.reason == reason


def test_every_reason_is_a_french_sentence_with_its_typography():
    modules = (module, office, pdf, child_images, sandbox)
    constants = [v for m in modules for name, v in vars(m).items() if name.isupper() and isinstance(v, str) and ". " in v]
    reasons = [*constants, *pdf.REFUSALS.values(), child_images.NOT_AN_IMAGE, pdf.CUT_TEXT, pdf.NO_COVER]
    assert len(reasons) > 30
    assert [text for text in reasons if not SENTENCE.match(text) or "'" in text or french_typography(text) != text] == []


@pytest.mark.parametrize("name", ["notes.txt", "NOTES.TXT", "table.csv"])
def test_text_is_named_by_its_extension(name, drop):
    kind = identify(drop("Été ; œuvre\n".encode()), name, LIMIT)
    assert (kind.extension, kind.inline) == (name[-3:].lower(), False)
    assert kind.content_type.endswith("charset=utf-8")


def test_text_of_windows_keeps_its_charset(drop):
    kind = identify(drop("Été ; 12 €\n".encode("windows-1252")), "table.csv", LIMIT)
    assert kind.content_type == "text/csv; charset=windows-1252"


@pytest.mark.parametrize("name", ["notes", ".htaccess", "page.html", "notes.txt.php"])
def test_text_under_another_name_is_refused(name, drop):
    with pytest.raises(Refused, match=r"\.txt ou \.csv"):
        identify(drop(b"du texte"), name, LIMIT)


@pytest.mark.parametrize("tail", [b"\0", b"\x81\x8d"])
def test_text_with_unreadable_bytes_far_inside_is_refused(tail, drop):
    with pytest.raises(Refused, match="UTF-8"):
        identify(drop(b"a" * 9_000 + tail), "notes.txt", LIMIT)


def test_accent_cut_at_the_end_is_read_as_windows(drop):
    assert "1252" in identify(drop(b"abc\xc3"), "notes.txt", LIMIT).content_type


@pytest.mark.parametrize(("size", "word"), [(0, "vide"), (1_500_001, "1,5 Mo, la limite est de 1 Mo")])
def test_size_out_of_bounds_is_refused(size, word, drop):
    with pytest.raises(Refused, match=word):
        identify(drop(b"a" * size), "notes.txt", 1_000_000)


@pytest.mark.parametrize(
    ("header", "length"),
    [
        (b"\xff\xfb\x90\x00", 417),  # MPEG-1, 128 kbit/s, 44.1 kHz
        (b"\xff\xfb\x92\x00", 418),  # the same, padded
        (b"\xff\xf3\x40\x00", 104),  # MPEG-2, 32 kbit/s, 22.05 kHz
        (b"\xff\xe3\x40\x00", 208),  # MPEG-2.5, 32 kbit/s, 11.025 kHz
        (b"\xff\xfb\xf0\x00", 0),
        (b"\xff\xfb\x9c\x00", 0),
        (b"\xff\xf9\x90\x00", 0),
        (b"\xff", 0),
        (b"\x00\xfb\x90\x00", 0),
    ],
)
def test_length_of_an_audio_frame(header, length):
    assert module._frame_length(header) == length


def test_two_bytes_alone_are_not_a_sound(drop):
    with pytest.raises(Refused):
        identify(drop(b"\xff\xfb\x90\x00" + b"\0" * 900), "son.mp3", LIMIT)


def test_video_with_an_archive_behind_is_refused(drop):
    with pytest.raises(Refused, match="deux formats"):
        identify(drop(others.mp4() + archives.zip_of_files()), "film.mp4", LIMIT)


def test_unreadable_is_caught_as_a_refusal():
    assert issubclass(Unreadable, Refused)
