"""Looks inside office files (zip archives) without unpacking them. Runs in the child process only (see sandbox.py).

Accepted: docx, xlsx, pptx, ppsx, odt, ods, odp, epub. Refused (U3): macros, controls, embedded programs, templates and parts fetched from elsewhere.
ECMA-376 part 2 (packages and relationships), OpenDocument 1.3 part 2 (packages), EPUB OCF 3.3.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from .errors import Refused

MEMBERS = 5_000
TOTAL_BYTES = 200_000_000
RATIO = 200
RATIO_FROM = 20_000_000  # small files may be very repetitive
PDF_WINDOW = 1_024

OOXML = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    f"{OOXML}wordprocessingml.document.main+xml": "docx",
    f"{OOXML}spreadsheetml.sheet.main+xml": "xlsx",
    f"{OOXML}presentationml.presentation.main+xml": "pptx",
    f"{OOXML}presentationml.slideshow.main+xml": "ppsx",
}
MIMETYPES = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/epub+zip": "epub",
}
MACRO_PATHS = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml)$|^(?:Basic|Scripts)/.|(?:^|/)macrosheets/", re.IGNORECASE)
PROGRAM_PATHS = re.compile(r"(?:^|/)(?:activeX/|embeddings/[^/]*\.(?!docx$|xlsx$|pptx$)[^./]*$)", re.IGNORECASE)
UNSAFE_PATH = re.compile(r"^/|^[A-Za-z]:|\\|(?:^|/)\.\.(?:/|$)|[\x00-\x1f]")
REMOTE = re.compile(
    r"^\s*(?:https?:|ftp:|mhtml:|\\\\|//|file:/*\\\\|file:(?://)?//?[^/\\]+\.[^/\\]+/|file://[A-Za-z0-9])", re.IGNORECASE
)
FETCHING = ("template", "image", "object", "object-ole", "plugin", "section-source", "table-source", "include")
# relationships that only fetch when a reader asks
LINKS = ("/hyperlink", "/video", "/audio", "/media")

DAMAGED = "Ce fichier est abîmé ou incomplet : il ne s’ouvre pas. Enregistrez-le de nouveau, puis déposez-le."
ARCHIVE = "Ce fichier est une archive (zip). Déposez plutôt chaque fichier qu’elle contient, un par un."
UNKNOWN = "Ce format de fichier n’est pas accepté. Enregistrez-le en PDF, docx, xlsx, pptx, odt, ods ou odp, puis déposez-le de nouveau."
BOMB = "Ce fichier contient trop de données une fois décompressé. Réduisez ses images ou coupez-le en plusieurs fichiers."
UNSAFE = "Ce fichier contient des chemins dangereux : il a été fabriqué ou abîmé. Enregistrez-le de nouveau depuis le logiciel d’origine."
LOCKED = "Ce fichier est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis déposez-le de nouveau."
MACROS = (
    "Ce fichier contient des macros. Enregistrez-le dans un format sans macro (docx, xlsx, pptx, odt, ods ou odp), ou en PDF."
)
PROGRAM = "Ce fichier contient un objet incorporé ou un contrôle qui peut lancer un programme. Retirez-le, ou enregistrez le fichier en PDF."
REMOTE_PART = (
    "Ce fichier va chercher un modèle ou un contenu à une autre adresse. Rompez cette liaison, ou enregistrez le fichier en PDF."
)
POLYGLOT = "Ce fichier se fait passer pour deux formats à la fois. Enregistrez-le de nouveau depuis le logiciel d’origine."


def read(path: Path, seconds: float) -> Iterator[dict[str, Any]]:
    """One line: the extension of the office file."""
    with path.open("rb") as file:
        if b"%PDF-" in file.read(PDF_WINDOW):
            raise Refused(POLYGLOT)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), path.stat().st_size)
            yield {"kind": _kind(archive)}
    except (zipfile.BadZipFile, expat.ExpatError, NotImplementedError, EOFError, OSError, ValueError):
        raise Refused(DAMAGED) from None


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MEMBERS or total > TOTAL_BYTES or (total > RATIO_FROM and total > RATIO * size):
        raise Refused(BOMB)
    names = [member.filename for member in members]
    if len(set(names)) < len(names) or any(UNSAFE_PATH.search(member.orig_filename) for member in members):
        raise Refused(UNSAFE)
    if any(member.flag_bits & 1 for member in members):
        raise Refused(LOCKED)


def _kind(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if any(MACRO_PATHS.search(name) for name in names):
        raise Refused(MACROS)
    if any(PROGRAM_PATHS.search(name) for name in names):
        raise Refused(PROGRAM)
    if "[Content_Types].xml" in names:
        return _ooxml(archive, names)
    if "mimetype" in names:
        return _packaged(archive, names)
    raise Refused(ARCHIVE)


def _ooxml(archive: zipfile.ZipFile, names: list[str]) -> str:
    types: list[str] = []
    _elements(archive, "[Content_Types].xml", lambda _tag, attributes: types.append(attributes.get("ContentType", "")))
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types):
        raise Refused(MACROS)
    for name in names:
        if name.lower().endswith(".rels"):
            _elements(archive, name, _check_relationship)
    found = {MAIN_PARTS[kind] for kind in types if kind in MAIN_PARTS}
    if len(found) != 1:
        raise Refused(UNKNOWN)
    return found.pop()


def _check_relationship(_tag: str, attributes: dict[str, str]) -> None:
    """Links to click on are fine, parts loaded from another machine are not (a template on a local disk is only a memory of the author's)."""
    external = attributes.get("TargetMode", "").lower() == "external"
    fetched = not attributes.get("Type", "").lower().endswith(LINKS)
    if external and fetched and REMOTE.search(attributes.get("Target", "")):
        raise Refused(REMOTE_PART)


def _packaged(archive: zipfile.ZipFile, names: list[str]) -> str:
    """OpenDocument and EPUB say what they are in a member named mimetype."""
    with archive.open("mimetype") as part:
        kind = MIMETYPES.get(part.read(100).decode("ascii", "replace").strip())
    if kind is None:
        raise Refused(UNKNOWN)
    for name, visit in PACKAGE_CHECKS.items():
        if name in names:
            _elements(archive, name, visit)
    return kind


def _check_manifest(tag: str, _attributes: dict[str, str]) -> None:
    if _local(tag) in ("encryption-data", "EncryptedData"):
        raise Refused(LOCKED)


def _check_opendocument(tag: str, attributes: dict[str, str]) -> None:
    """Scripts and programs tied to events; templates, images or sections fetched from elsewhere. Links (text:a, draw:a) are fine."""
    values = {_local(name): value for name, value in attributes.items()}
    scripted = any("vnd.sun.star.script" in value for value in values.values())
    if scripted or tag.endswith("script:1.0 event-listener") or values.get("action") in ("execute", "macro"):
        raise Refused(MACROS)
    if _local(tag) in FETCHING and REMOTE.search(values.get("href", "")):
        raise Refused(REMOTE_PART)


PACKAGE_CHECKS = {
    "META-INF/manifest.xml": _check_manifest,
    "META-INF/encryption.xml": _check_manifest,
    "meta.xml": _check_opendocument,
    "styles.xml": _check_opendocument,
    "content.xml": _check_opendocument,
}


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _elements(archive: zipfile.ZipFile, name: str, visit: Callable[[str, dict[str, str]], Any]) -> None:
    """Calls `visit` with each element of a part ("namespace name"). A document type is refused: office files have none, bombs do."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = visit
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(name) as part:
        parser.ParseFile(part)


def _refuse_doctype(*_declaration: Any) -> None:
    raise Refused(UNSAFE)
