"""Makers of hostile and awkward files (FAULTS.md, U1 to U15): everything is made by code, nothing is stored.

`CASES` says what each is and under which name it is dropped, for tests of the readings and of the site alike:

    for case in CASES: path = case.write(folder)

`REFUSED` must be refused as soon as they are identified, in words; those of `HEAVY` too, at the cost of the child process's limits.
`ACCEPTED` are odd but harmless.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import archives, images, others, pdfs


@dataclass(frozen=True)
class Case:
    """A file: `name` as the person calls it, and `word`, part of what they must read when it is refused."""

    id: str
    name: str
    make: Callable[[], bytes]
    word: str = ""

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.id}.upload"
        path.write_bytes(self.make())
        return path


def _cases(name: str, word: str, *makers: Callable[[], bytes]) -> tuple[Case, ...]:
    return tuple(Case(f"{name.partition('.')[2]}-{maker.__name__}", name, maker, word) for maker in makers)


REFUSED = (
    *_cases("photo.png", "trop de pixels", images.png_bomb, images.png_over_the_limit, images.png_too_long),
    *_cases("photo.webp", "trop de pixels", images.webp_wide),
    *_cases("photo.jpg", "incomplète", images.jpeg_cut),
    *_cases("photo.png", "ne s’ouvre pas", images.png_text_bomb),
    *_cases("photo.jpg", "ne s’ouvre pas", images.jpeg_header_only),
    *_cases("dessin.svg", "SVG", images.svg_billion_laughs, images.svg_external_entity, images.svg_with_script),
    *_cases("note.docx", "trop de données", archives.docx_bomb, archives.docx_thin_bomb, archives.docx_of_many_members),
    *_cases("note.docx", "trop de données", archives.giant_directory),
    *_cases("note.docx", "chemins dangereux", archives.zip_slip, archives.zip_twice_the_same_name),
    *_cases("note.docx", "chemins dangereux", archives.docx_with_external_entity, archives.docx_billion_laughs),
    *_cases("note.docx", "macros", archives.docm, archives.docx_with_macros),
    *_cases("note.docx", "objet incorporé", archives.docx_with_activex, archives.docx_with_ole),
    *_cases("note.docx", "autre adresse", archives.docx_with_remote_template, archives.docx_with_template_on_a_share),
    *_cases("note.docx", "abîmé", archives.docx_broken, archives.docx_cut),
    *_cases("note.docx", "format", archives.docx_of_no_kind),
    *_cases("note.docx", "deux formats", archives.docx_and_pdf),
    *_cases("note.docx", "mot de passe", archives.zip_locked),
    *_cases("note.odt", "macros", archives.odt_with_macros, archives.odt_with_event, archives.odt_with_basic_event),
    *_cases("note.odp", "macros", archives.odp_that_launches),
    *_cases("note.odt", "autre adresse", archives.odt_with_remote_template, archives.odt_with_remote_image),
    *_cases("note.odt", "mot de passe", archives.odt_locked),
    *_cases("note.odt", "format", archives.odt_of_no_kind),
    *_cases("lot.zip", "archive", archives.zip_of_files),
    *_cases(
        "note.pdf", "JavaScript", pdfs.javascript_named, pdfs.javascript_on_open, pdfs.javascript_escaped, pdfs.javascript_on_page
    ),
    *_cases("note.pdf", "JavaScript", pdfs.rendition_script, pdfs.javascript_packed, pdfs.javascript_packed_in_hexadecimal),
    *_cases("note.pdf", "JavaScript", pdfs.javascript_in_dead_revision, pdfs.xfa_form),
    *_cases("note.pdf", "Launch", pdfs.launch),
    *_cases("note.pdf", "fichiers joints", pdfs.embedded, pdfs.embedded_without_types, pdfs.attached_by_annotation),
    *_cases("note.pdf", "mot de passe", pdfs.locked, pdfs.unknown_lock),
    *_cases("note.pdf", "page lisible", pdfs.deep_page_tree, pdfs.page_tree_in_a_loop, pdfs.lying_count, pdfs.no_page),
    *_cases("note.pdf", "page lisible", pdfs.page_that_does_not_open),
    *_cases("note.pdf", "abîmé", pdfs.cut, pdfs.only_a_header),
    *_cases("note.pdf", "deux formats", others.polyglot),
    Case("html-as-pdf", "note.pdf", lambda: others.HTML, "page web"),
    Case("exe-as-pdf", "note.pdf", lambda: others.PROGRAM, "programme"),
    Case("htaccess", ".htaccess", lambda: others.HTACCESS, ".txt ou .csv"),
    Case("empty", "note.pdf", lambda: b"", "vide"),
    Case("60-mb", "note.pdf", lambda: b"%PDF-1.7\n" + bytes(60_000_000), "60 Mo, la limite est de 50 Mo"),
)
# refused because the child process reached its limit of memory
HEAVY = (*_cases("note.pdf", "mémoire", pdfs.flate_bomb, pdfs.form_in_itself, pdfs.forms_within_forms),)
ACCEPTED = (
    *_cases("photo.gif", "", images.gif_with_php),
    *_cases("photo.jpg", "", images.jpeg_turned, images.jpeg_with_broken_metadata),
    *_cases("note.docx", "", archives.docx),
    *_cases("note.odt", "", archives.odt),
    *_cases("livre.epub", "", archives.epub),
    *_cases(
        "note.pdf", "", pdfs.scanned, pdfs.restricted, pdfs.many_pages, pdfs.empty_attachment_tree, pdfs.broken_object_stream
    ),
    *_cases("note.pdf", "", pdfs.flate_tower, pdfs.deep_arrays, pdfs.flat_page, pdfs.thin_page, pdfs.picture_bomb),
    *_cases("film.mp4", "", others.mp4),
    *_cases("son.mp3", "", others.mp3),
)
CASES = REFUSED + HEAVY + ACCEPTED
