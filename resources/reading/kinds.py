"""What a file is, from its content and never from its name (U1). What is accepted, refused, cleaned, and why: docs/files.md."""

import codecs
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import sandbox
from .errors import Refused
from .names import extension_of

HEAD = 4_096
CHUNK = 1 << 20


@dataclass(frozen=True)
class Kind:
    """A kind of file the site publishes; `inline` when a browser may show it in its own page rather than download it."""

    extension: str
    content_type: str
    label: str
    family: str  # pdf, image, office, media or text: which reading applies
    inline: bool = False


def _office(extension: str, subtype: str, label: str) -> Kind:
    return Kind(extension, f"application/{subtype}", label, "office")


OOXML, ODF = "vnd.openxmlformats-officedocument.", "vnd.oasis.opendocument."
KINDS = {
    kind.extension: kind
    for kind in (
        Kind("pdf", "application/pdf", "PDF", "pdf", inline=True),
        Kind("jpg", "image/jpeg", "Image JPEG", "image", inline=True),
        Kind("png", "image/png", "Image PNG", "image", inline=True),
        Kind("webp", "image/webp", "Image WebP", "image", inline=True),
        Kind("gif", "image/gif", "Image GIF", "image", inline=True),
        Kind("mp3", "audio/mpeg", "Audio MP3", "media", inline=True),
        Kind("m4a", "audio/mp4", "Audio MP4", "media", inline=True),
        Kind("ogg", "audio/ogg", "Audio Ogg", "media", inline=True),
        Kind("mp4", "video/mp4", "Vidéo MP4", "media", inline=True),
        Kind("webm", "video/webm", "Vidéo WebM", "media", inline=True),
        Kind("txt", "text/plain; charset=utf-8", "Texte", "text"),
        Kind("csv", "text/csv; charset=utf-8", "Tableau CSV", "text"),
        _office("docx", f"{OOXML}wordprocessingml.document", "Word"),
        _office("xlsx", f"{OOXML}spreadsheetml.sheet", "Excel"),
        _office("pptx", f"{OOXML}presentationml.presentation", "PowerPoint"),
        _office("ppsx", f"{OOXML}presentationml.slideshow", "PowerPoint"),
        _office("odt", f"{ODF}text", "Texte OpenDocument"),
        _office("ods", f"{ODF}spreadsheet", "Tableur OpenDocument"),
        _office("odp", f"{ODF}presentation", "Diaporama OpenDocument"),
        _office("epub", "epub+zip", "Livre numérique EPUB"),
    )
}

EMPTY = "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre ordinateur, puis déposez-le de nouveau."
TOO_LARGE = "Ce fichier pèse {size} Mo, la limite est de {limit} Mo. Réduisez-le ou coupez-le en plusieurs fichiers."
UNKNOWN = "Ce format de fichier n’est pas accepté. Déposez un PDF, une image (JPEG, PNG, WebP, GIF), un document bureautique, un son ou une vidéo."
POLYGLOT = "Ce fichier se fait passer pour deux formats à la fois. Enregistrez-le de nouveau depuis le logiciel d’origine."
PROGRAM = "Ce fichier est un programme, quel que soit son nom. Il ne peut pas être publié."
MARKUP = "Ce fichier est une page web ou du code (HTML, XML, PHP), quel que soit son nom. Enregistrez-le en PDF, puis déposez-le de nouveau."
SVG = "Les images SVG ne sont pas acceptées, car elles peuvent contenir du code. Enregistrez l’image en PNG, puis déposez-la de nouveau."
OLD_OFFICE = "Ce fichier est dans un ancien format Office (doc, xls, ppt) ou protégé par un mot de passe. Enregistrez-le en docx, xlsx ou pptx, sans mot de passe."
RTF = "Le format RTF n’est pas accepté. Enregistrez le document en docx, en odt ou en PDF, puis déposez-le de nouveau."
ARCHIVE = "Ce fichier est une archive compressée. Déposez plutôt chaque fichier qu’elle contient, un par un."
PHOTO = "Ce format de photo (HEIC, AVIF, TIFF, BMP) n’est pas accepté. Enregistrez l’image en JPEG ou en PNG, puis déposez-la de nouveau."
VIDEO = "Ce format de vidéo n’est pas accepté. Enregistrez la vidéo en MP4, puis déposez-la de nouveau."
TEXT_NAME = "Un fichier de texte doit avoir un nom qui se termine par .txt ou .csv. Renommez-le, ou enregistrez-le en PDF."
TEXT_BYTES = "Ce fichier de texte contient des caractères illisibles. Enregistrez-le en UTF-8, puis déposez-le de nouveau."

REFUSALS = (
    (rb"MZ|\x7fELF|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|#!|L\0\0\0\x01\x14\x02", PROGRAM),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (rb"\{\\rtf", RTF),
    (rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ|PK\x05\x06|PK\x07\x08|.{257}ustar", ARCHIVE),
    (rb"II\*\0|MM\0\*|BM.{4}\0\0\0\0|.{4}ftyp(?:heic|heix|hevc|heim|mif1|msf1|avif|avis)", PHOTO),
    (rb"RIFF.{4}AVI |.{4}ftypqt  |\x30\x26\xb2\x75|FLV\x01", VIDEO),
)
SIGNATURES = (
    (rb"(?:\xef\xbb\xbf)?\s*%PDF-\d", "pdf"),
    (rb"\xff\xd8\xff", "jpg"),
    (rb"\x89PNG\r\n\x1a\n", "png"),
    (rb"GIF8[79]a", "gif"),
    (rb"RIFF.{4}WEBP", "webp"),
    (rb"ID3[\x02-\x04]", "mp3"),
    (rb".{4}ftypM4[AB]", "m4a"),
    (rb".{4}ftyp(?:isom|iso[2-9]|mp4[12]|avc1|M4V |M4VH|M4VP|dash|MSNV|3gp[4-9]|f4v )", "mp4"),
    (rb"OggS\0", "ogg"),
    (rb"\x1a\x45\xdf\xa3.{0,60}?webm", "webm"),
)
MARKUP_START = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|\?php|\?xml|\?=|svg|!--)", re.IGNORECASE)
SVG_START = re.compile(rb"<(?:[a-z]+:)?svg\b", re.IGNORECASE)
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def identify(path: Path, name: str, max_bytes: int) -> Kind:
    """The kind of the file, `name` being what the person called it, once checked in the sandbox. Raises Refused."""
    _check_size(path.stat().st_size, max_bytes)
    with path.open("rb") as file:
        head = file.read(HEAD)
    for pattern, reason in REFUSALS:
        if re.match(pattern, head, re.DOTALL):
            raise Refused(reason)
    if head.startswith(b"PK\x03\x04"):
        return KINDS[sandbox.run("office", path)[0]["kind"]]
    extension = _signed(head)
    if not extension:
        return _text(path, name, head)
    _check_content(path, KINDS[extension].family)
    return KINDS[extension]


def _check_size(size: int, max_bytes: int) -> None:
    if size == 0:
        raise Refused(EMPTY)
    if size > max_bytes:
        shown = [f"{value / 1_000_000:.1f}".replace(".", ",").removesuffix(",0") for value in (size, max_bytes)]
        raise Refused(TOO_LARGE.format(size=shown[0], limit=shown[1]))


def _signed(head: bytes) -> str:
    found = next((extension for pattern, extension in SIGNATURES if re.match(pattern, head, re.DOTALL)), "")
    return found or ("mp3" if _is_mpeg_audio(head) else "")


def _check_content(path: Path, family: str) -> None:
    """A PDF that may be kept (U2), a whole image; no archive glued behind (images are drawn anew: what is glued to them is lost)."""
    if family == "image":
        sandbox.run("image-check", path)
    elif zipfile.is_zipfile(path):
        raise Refused(POLYGLOT)
    elif family == "pdf":
        sandbox.run("pdf-check", path)


def _is_mpeg_audio(head: bytes) -> bool:
    """Two layer III frames in a row, for two bytes alone would prove nothing (ISO 11172-3, 2.4.1.3)."""
    length = _frame_length(head)
    return bool(length) and _frame_length(head[length:]) > 0


def _frame_length(frame: bytes) -> int:
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:
        return 0
    mpeg1, rate_index, frequency_index = frame[1] & 0x18 == 0x18, frame[2] >> 4, frame[2] >> 2 & 3
    if not 0 < rate_index < 15 or frequency_index == 3:
        return 0
    rates = (
        (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
        if mpeg1
        else (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    )
    frequency = (44_100, 48_000, 32_000)[frequency_index] // {0x18: 1, 0x10: 2}.get(frame[1] & 0x18, 4)
    return (144 if mpeg1 else 72) * rates[rate_index - 1] * 1000 // frequency + (frame[2] >> 1 & 1)


def _text(path: Path, name: str, head: bytes) -> Kind:
    """A text, whose bytes do not say whether it is a table: here the name chooses between txt and csv, and nothing else."""
    if MARKUP_START.match(head.removeprefix(codecs.BOM_UTF8).lstrip()):
        raise Refused(SVG if SVG_START.search(head) else MARKUP)
    if CONTROLS.search(head):
        raise Refused(UNKNOWN)
    extension = extension_of(name)
    if extension not in ("txt", "csv"):
        raise Refused(TEXT_NAME)
    kind = KINDS[extension]
    charset = _charset(path)
    return (
        kind if charset == "utf-8" else Kind(kind.extension, kind.content_type.replace("utf-8", charset), kind.label, kind.family)
    )


def _charset(path: Path) -> str:
    for charset in ("utf-8", "windows-1252"):
        if _decodes(path, codecs.getincrementaldecoder(charset)):
            return charset
    raise Refused(TEXT_BYTES)


def _decodes(path: Path, decoder: Callable[[], codecs.IncrementalDecoder]) -> bool:
    reading = decoder()
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                if CONTROLS.search(piece):
                    return False
                reading.decode(piece)
        reading.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True
