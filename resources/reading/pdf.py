"""Reads a PDF with PDFium. Runs in the child process only (see sandbox.py): PDFium can hang, abort or take all the memory it is given."""

import base64
import ctypes
import io
import mmap
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium
from PIL import Image

from .actions import Scanner, found_in_file
from .errors import Refused, Unreadable

PAGES = 3_000
PAGE_CHARACTERS = 20_000
ALL_CHARACTERS = 10_000_000
TITLE_CHARACTERS = 300
COVER_WIDTH, COVER_HEIGHT = 900, 1_300
# shares of the time limit: what is read by then is kept, the rest is said to be missing
TEXT_SHARE, COVER_SHARE = 0.5, 0.8

REFUSALS = {
    "javascript": "Ce PDF contient du JavaScript ou un formulaire dynamique (XFA). Enregistrez-le sans script, par exemple en l’imprimant "
    "dans un nouveau PDF, puis déposez-le de nouveau.",
    "launch": "Ce PDF contient une commande qui ouvre un programme ou un fichier de l’ordinateur (action « Launch »). Retirez ce lien, puis "
    "déposez le PDF de nouveau.",
    "embedded": "Ce PDF contient des fichiers joints. Retirez-les, puis déposez chaque fichier à part.",
}
LOCKED = "Ce PDF est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis déposez-le de nouveau."
NOT_A_PDF = "Ce PDF est abîmé ou incomplet : il ne s’ouvre pas. Enregistrez-le de nouveau depuis le document d’origine."
NO_PAGE = "Ce PDF n’a aucune page lisible. Enregistrez-le de nouveau depuis le document d’origine."
CUT_TEXT = "Le texte est trop long pour être lu en entier : la recherche porte sur les premières pages ({read} sur {pages})."
NO_COVER = "La première page est trop complexe pour être dessinée : le document n’a pas de couverture."

# titles that office software leaves behind, which say nothing to a reader
EMPTY_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|(?:sans[ -]titre|untitled|document|présentation|presentation)[ -]?\d*|.*\.[a-z]{3,5})",
    re.I,
)


def check(path: Path, seconds: float) -> Iterator[dict[str, Any]]:
    """Only what decides whether the file is accepted."""
    with _opened(path) as document:
        yield {"facts": _facts(document, path)}


def read(path: Path, seconds: float) -> Iterator[dict[str, Any]]:
    """The facts, then a line per page of text, then the cover."""
    start = time.monotonic()
    with _opened(path) as document:
        facts = _facts(document, path)
        yield {"facts": facts}
        yield from _texts(document, facts["pages"], start + seconds * TEXT_SHARE)
        yield from _cover(document, start + seconds * COVER_SHARE)


@contextmanager
def _opened(path: Path) -> Iterator[pdfium.FPDF_DOCUMENT]:
    document = pdfium.FPDF_LoadDocument(str(path).encode(), None)
    if not document:
        locked = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Refused(LOCKED) if locked else Unreadable(NOT_A_PDF)
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _facts(document: pdfium.FPDF_DOCUMENT, path: Path) -> dict[str, Any]:
    dangers = _dangers(document, path)
    for danger, reason in REFUSALS.items():
        if danger in dangers:
            raise Refused(reason)
    pages = pdfium.FPDF_GetPageCount(document)
    first = pdfium.FPDF_LoadPage(document, 0) if pages > 0 else None
    if not first:
        raise Unreadable(NO_PAGE)
    pdfium.FPDF_ClosePage(first)
    return {
        "pages": pages,
        "title": useful_title(_wide(pdfium.FPDF_GetMetaText, document, b"Title")),
        "tagged": bool(pdfium.FPDFCatalog_IsTagged(document)),
        "language": _wide(pdfium.FPDFCatalog_GetLanguage, document)[:35],  # RFC 5646, 4.4.1
        "encrypted": pdfium.FPDF_GetSecurityHandlerRevision(document) != -1,
    }


def _dangers(document: pdfium.FPDF_DOCUMENT, path: Path) -> set[str]:
    dangers = _copied(document)
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or _is_xfa(document):
        dangers.add("javascript")
    if pdfium.FPDFDoc_GetAttachmentCount(document) > 0:
        dangers.add("embedded")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return dangers | found_in_file(data)


def _is_xfa(document: pdfium.FPDF_DOCUMENT) -> bool:
    return pdfium.FPDF_GetFormType(document) in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND)


def _copied(document: pdfium.FPDF_DOCUMENT) -> set[str]:
    """What the copy PDFium writes of the document names: no object stream, no encryption, no escaped name is left in it."""
    scanner = Scanner()
    kind = dict(pdfium.FPDF_FILEWRITE._fields_)["WriteBlock"]

    def write(_self: Any, data: Any, size: int) -> int:
        scanner.feed(ctypes.string_at(data, size))
        return 1

    target = pdfium.FPDF_FILEWRITE(version=1, WriteBlock=kind(write))
    pdfium.FPDF_SaveAsCopy(document, target, pdfium.FPDF_REMOVE_SECURITY)
    return scanner.dangers


def _wide(getter: Any, *arguments: Any) -> str:
    """A text PDFium gives as UTF-16, cleaned and on one line."""
    size = min(getter(*arguments, None, 0), 1 << 20)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    getter(*arguments, buffer, size)
    return " ".join(_clean(bytes(buffer)).split())


def _clean(utf16: bytes) -> str:
    """Text without hyphens of line ends (PDFium's U+0002 and U+FFFE), controls (databases refuse NUL) or lone surrogates."""
    text = utf16.decode("utf-16-le", "ignore")
    text = re.sub("[\x02\ufffe]\\s*", "", text).replace("\r\n", "\n")
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\uffff]", "", text)


def useful_title(title: str) -> str:
    """The title bounded, or "" when it only says which software or file it came from."""
    return "" if EMPTY_TITLE.fullmatch(title) else title[:TITLE_CHARACTERS]


def _texts(document: pdfium.FPDF_DOCUMENT, pages: int, deadline: float) -> Iterator[dict[str, Any]]:
    left = ALL_CHARACTERS
    for number in range(pages):
        if number >= PAGES or left <= 0 or time.monotonic() > deadline:
            yield {"error": CUT_TEXT.format(read=number, pages=pages)}
            return
        text = _text(document, number)
        left -= len(text)
        yield {"text": text}


def _text(document: pdfium.FPDF_DOCUMENT, number: int) -> str:
    """The first 20 000 characters of a page, "" when it has none or does not open."""
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        return ""
    text = pdfium.FPDFText_LoadPage(page)
    count = min(pdfium.FPDFText_CountChars(text), PAGE_CHARACTERS)
    buffer = (ctypes.c_ushort * (2 * max(count, 0) + 2))()
    if count > 0:
        pdfium.FPDFText_GetText(text, 0, count, buffer)
    pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(page)
    return _clean(bytes(buffer)).strip()


def _cover(document: pdfium.FPDF_DOCUMENT, deadline: float) -> Iterator[dict[str, Any]]:
    page = pdfium.FPDF_LoadPage(document, 0)
    image = _drawn(page, deadline)
    pdfium.FPDF_ClosePage(page)
    yield {"cover": _webp(image)} if image else {"error": NO_COVER}


def _drawn(page: pdfium.FPDF_PAGE, deadline: float) -> Image.Image | None:
    """The page at most 900 × 1 300 pixels, on white; None when it is not done in time."""
    width, height = max(pdfium.FPDF_GetPageWidthF(page), 1), max(pdfium.FPDF_GetPageHeightF(page), 1)
    scale = min(COVER_WIDTH / width, COVER_HEIGHT / height)
    size = max(1, int(width * scale)), max(1, int(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(*size, pdfium.FPDFBitmap_BGRx, None, 0)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, *size, 0xFFFFFFFF)
    late = dict(pdfium.IFSDK_PAUSE._fields_)["NeedToPauseNow"](lambda _self: time.monotonic() > deadline)
    pause = pdfium.IFSDK_PAUSE(version=1, NeedToPauseNow=late)
    status = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, *size, 0, pdfium.FPDF_ANNOT, pause)
    image = _copy_of(bitmap, size) if status == pdfium.FPDF_RENDER_DONE else None
    pdfium.FPDF_RenderPage_Close(page)
    pdfium.FPDFBitmap_Destroy(bitmap)
    return image


def _copy_of(bitmap: pdfium.FPDF_BITMAP, size: tuple[int, int]) -> Image.Image:
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * size[1])
    return Image.frombytes("RGB", size, data, "raw", "BGRX", stride)


def _webp(image: Image.Image) -> str:
    target = io.BytesIO()
    image.save(target, "WEBP", quality=80)
    return base64.b64encode(target.getvalue()).decode()
