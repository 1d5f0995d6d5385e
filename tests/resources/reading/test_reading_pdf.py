import base64
import io

import pytest
from PIL import Image

from resources.reading import PdfReport, Unreadable, check_pdf, pdf, read_pdf
from resources.reading.actions import OVERLAP, Scanner, found_in_file
from resources.reading.worker import answers
from tests.hostile import CASES, pdfs


def in_process(path, seconds: float = 60) -> list[dict]:
    """The child's own functions, called here."""
    return list(answers(lambda: pdf.read(path, seconds)))


def test_tagged_pdf_gives_all_its_facts(tagged_pdf, drop):
    report = read_pdf(drop(tagged_pdf))
    assert (report.pages, report.title, report.tagged, report.language) == (2, "Rapport d’essai", True, "fr")
    assert (report.encrypted, report.error, report.has_text) == (False, "", True)
    assert {report.has_javascript, report.has_launch, report.has_embedded} == {False}
    assert "Fontaine d’Ouche" in report.texts[0]
    assert "citoyenneté" in report.texts[0]
    assert "Constat" in report.texts[1]


def test_cover_is_a_picture_of_the_first_page(tagged_pdf, drop):
    cover = Image.open(io.BytesIO(read_pdf(drop(tagged_pdf)).cover))
    assert (cover.format, cover.size) == ("WEBP", (866, 1_300))
    assert cover.getpixel((5, 5)) == (255, 255, 255)
    assert cover.convert("L").getextrema()[0] < 60


def test_cover_of_a_wide_page_keeps_its_bounds(drop):
    cover = read_pdf(drop(pdfs.one_page(box=b"[0 0 1600 900]"))).cover
    assert Image.open(io.BytesIO(cover)).size == (900, 506)


def test_untagged_pdf_says_so(untagged_pdf, drop):
    report = check_pdf(drop(untagged_pdf))
    assert report == PdfReport(pages=1, language="en")


def test_words_cut_at_line_ends_are_whole(tagged_pdf, drop):
    text = read_pdf(drop(tagged_pdf)).texts[1]
    assert "socioprofessionnel" in text


def test_scan_has_no_text(drop):
    report = read_pdf(drop(pdfs.scanned()))
    assert (report.texts, report.has_text) == ([""], False)
    assert report.cover


def test_restricted_pdf_is_read_and_says_so(drop):
    report = read_pdf(drop(pdfs.restricted()))
    assert (report.encrypted, report.texts) == (True, ["Bonjour"])


def test_3000_pages_are_all_read(drop):
    report = read_pdf(drop(pdfs.many_pages()))
    assert (report.pages, len(report.texts), report.texts[2_999], report.error) == (3_000, 3_000, "Bonjour", "")


def test_pages_beyond_the_limit_are_said_to_be_missing(drop, monkeypatch):
    monkeypatch.setattr(pdf, "PAGES", 2)
    lines = in_process(drop(pdfs.many_pages(4)))
    assert [line["text"] for line in lines if "text" in line] == ["Bonjour"] * 2
    assert "(2 sur 4)" in lines[3]["error"]


def test_long_pages_are_cut(drop, monkeypatch):
    monkeypatch.setattr(pdf, "ALL_CHARACTERS", 30_000)
    texts = [line["text"] for line in in_process(drop(pdfs.much_text(3, 25_000))) if "text" in line]
    assert [len(text) for text in texts] == [20_000, 20_000]


def test_no_time_left_keeps_the_facts(drop):
    lines = in_process(drop(pdfs.many_paths(2_000)), seconds=0)
    assert lines[0]["facts"]["pages"] == 1
    assert [bool(line.get("error")) for line in lines] == [False, True, True, False]
    assert lines[-1] == {"done": True}


def test_second_page_that_does_not_open_has_no_text(drop):
    kids = b"<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 2 >>"
    broken = pdfs.one_page().replace(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", kids)
    assert [line["text"] for line in in_process(drop(broken)) if "text" in line] == ["Bonjour", ""]


@pytest.mark.parametrize(
    "title", [b"(Microsoft Word - note.docx)", b"(Sans titre)", b"(rapport_VF2.pdf)", b"(document 1)", b"( )", b"<FEFF>"]
)
def test_useless_title_is_no_title(title, drop):
    assert check_pdf(drop(pdfs.titled(title))).title == ""


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (b"<FEFF00C90074E9E9>", "Ét\ue9e9"),
        (b"(Un\\000 titre\\r\\nsur deux lignes)", "Un titre sur deux lignes"),
        (b"<FEFFD83D0041>", "A"),
        (b"(" + b"a" * 5_000 + b")", "a" * 300),
    ],
)
def test_awkward_title_is_cleaned(title, shown, drop):
    assert check_pdf(drop(pdfs.titled(title))).title == shown


@pytest.mark.parametrize("case", [case for case in CASES if case.id.startswith("pdf-j")], ids=lambda case: case.id)
def test_script_is_found_by_the_child(case, drop):
    assert "JavaScript" in in_process(drop(case.make()))[0]["refused"]


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (pdfs.launch, "Launch"),
        (pdfs.embedded, "joints"),
        (pdfs.xfa_form, "XFA"),
        (pdfs.locked, "mot de passe"),
    ],
)
def test_refusal_by_the_child(make, word, drop):
    assert word in in_process(drop(make()))[0]["refused"]


@pytest.mark.parametrize("make", [pdfs.cut, pdfs.no_page])
def test_unreadable_for_the_child(make, drop):
    assert "unreadable" in in_process(drop(make()))[0]


def test_check_by_the_child_gives_facts_only(tagged_pdf, drop):
    assert next(pdf.check(drop(tagged_pdf), 60))["facts"]["pages"] == 2


def test_cover_by_the_child(tagged_pdf, drop):
    cover = next(line["cover"] for line in in_process(drop(tagged_pdf)) if "cover" in line)
    assert base64.b64decode(cover)[8:12] == b"WEBP"


def test_page_without_text_is_empty_for_the_child(drop):
    assert [line["text"] for line in in_process(drop(pdfs.scanned())) if "text" in line] == [""]


def test_broken_object_stream_is_no_danger():
    assert found_in_file(pdfs.broken_object_stream()) == set()


def test_link_to_a_word_like_a_danger_is_none():
    assert found_in_file(b"/URI (https://exemple.fr/JavaScripts/Launcher) /EmbeddedFiles << >> /EFG << >>") == set()


@pytest.mark.parametrize("cut", range(1, 12))
def test_scanner_finds_a_name_cut_in_two(cut):
    scanner, name = Scanner(), b"/JavaScript"
    scanner.feed(b"x" * OVERLAP + name[:cut])
    scanner.feed(name[cut:] + b" ")
    assert scanner.dangers == {"javascript"}


def test_damaged_pdf_is_unreadable_not_only_refused(drop):
    with pytest.raises(Unreadable, match="ne s’ouvre pas"):
        check_pdf(drop(b"%PDF-1.4\nrien"))
