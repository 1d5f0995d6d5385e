"""The files of an old site, taken from the attachments of the import and given to documents; where their old addresses lead."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile

from resources import reading
from resources.intake import accept, attach, store_cover
from resources.models import Document
from trajectoire.core import noting, redirects
from trajectoire.core.importing.pieces import Pieces
from trajectoire.core.redirects import OldAddress
from trajectoire.core.text import plural

from . import uploads

LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
EMPTY = re.compile(r"<(p|li|ul|ol)>(?:\s|<br>|<em></em>|<li></li>)*</\1>")
COVER = "Son image devient la couverture."
COVER_AND_OTHERS = "Images : la première devient la couverture, {} dans le texte."
REFUSED = "Fichier refusé, {} : {}"
CHUNK = 1 << 20
File = Mapping[str, str]


def is_picture(file: File) -> bool:
    return uploads.is_picture(file["path"])


def found(file: File, pieces: Pieces | None) -> str | None:
    """Its name in the attachments; the whole image is preferred to one of its sizes."""
    if not pieces:
        return None
    whole = uploads.original(file["path"])
    return pieces.find(file["path"]) if whole == file["path"] else pieces.find(whole) or pieces.find(file["path"])


def all_of(values: Mapping[str, Any]) -> list[File]:
    return [*values["files"], *values.get("images", ())]


def missing(values: Mapping[str, Any], pieces: Pieces) -> list[str]:
    return [file["path"] for file in all_of(values) if found(file, pieces) is None]


def body_of(values: Mapping[str, Any], pieces: Pieces | None) -> str:
    """The text; an image that is not there, or that becomes the cover, leaves no link."""
    images = values.get("images", ())
    cover = cover_of(values, pieces)
    kept = {uploads.original(image["path"]) for image in images if image is not cover and found(image, pieces)}
    hosts = set(values.get("hosts", ()))

    def linked(match: re.Match[str]) -> str:
        path = uploads.path_of(unescape(match[1]), hosts)
        return match.group() if not path or not uploads.is_picture(path) or uploads.original(path) in kept else ""

    return EMPTY.sub("", LINK.sub(linked, values["body"])) if images else values["body"]


def cover_of(values: Mapping[str, Any], pieces: Pieces | None) -> File | None:
    """The first image that is there: the field of texts holds none."""
    return next((image for image in values.get("images", ()) if found(image, pieces)), None)


def told_of_images(values: Mapping[str, Any], pieces: Pieces | None) -> list[str]:
    """What becomes of the images that are there; nothing when there are none."""
    images = {uploads.original(image["path"]) for image in values.get("images", ()) if found(image, pieces)}
    if not images:
        return []
    others = len(images) - 1
    return [
        COVER
        if not others
        else COVER_AND_OTHERS.format(plural(others, "autre est jointe et liée", "autres sont jointes et liées"))
    ]


def names(values: Mapping[str, Any]) -> dict[str, str]:
    """{path: name here}; two files called the same in two folders keep the name of their folder."""
    given: dict[str, str] = {}
    for file in all_of(values):
        path = uploads.original(file["path"])
        name = path.rsplit("/", 1)[-1]
        taken = {_stem(other) for other in given.values()}
        given.setdefault(file["path"], path.replace("/", "-") if _stem(name) in taken else name)
    return given


def _stem(name: str) -> str:
    """Without what its kind adds, nor what a long name loses."""
    return reading.safe_name(name, "x").rsplit(".", 1)[0][:90]


def lacking(document: Document, values: Mapping[str, Any], pieces: Pieces) -> tuple[list[str], list[str]]:
    """(paths of what the attachments have and the document has not, why others are refused)."""
    wanted, refused = [], []
    for file in _to_attach(document, values, pieces):
        try:
            with _opened(file, file["path"].rsplit("/", 1)[-1], pieces) as upload:
                accept(upload)
            wanted.append(file["path"])
        except reading.Refused as error:
            refused.append(REFUSED.format(file["path"], error.reason))
    return wanted, refused


def _to_attach(document: Document, values: Mapping[str, Any], pieces: Pieces) -> Iterator[File]:
    held = {_stem(name) for name in document.files.values_list("name", flat=True)}
    cover, called = cover_of(values, pieces), names(values)
    for file in all_of(values):
        wanted = not document.cover_renditions if file is cover else _stem(called[file["path"]]) not in held
        if wanted and found(file, pieces):
            yield file


def attach_all(document: Document, values: Mapping[str, Any], pieces: Pieces) -> list[str]:
    """Store what is lacking, the first image as the cover; gives why files are refused, in French."""
    cover, called, refused = cover_of(values, pieces), names(values), []
    for order, file in enumerate(list(_to_attach(document, values, pieces)), document.files.count()):
        try:
            with _opened(file, called[file["path"]], pieces) as upload:
                accepted = accept(upload)
                if file is cover:
                    store_cover(document, accepted.renditions)
                    Document.objects.filter(pk=document.pk).update(cover_alt=file["alt"][:200])
                else:
                    noting.made(attach(document, accepted, title=(file["alt"] or file["title"])[:150], order=order))
        except reading.Refused as error:
            refused.append(REFUSED.format(file["path"], error.reason))
    _lead(document, values, called)
    return refused


def _opened(file: File, name: str, pieces: Pieces) -> TemporaryUploadedFile:
    """As if staff had dropped it, copied by pieces, no further than what the site accepts."""
    upload = TemporaryUploadedFile(name, "", 0, None)
    copy: Any = upload.file
    with pieces.open(found(file, pieces) or "") as content:
        while copy.tell() <= settings.UPLOAD_MAX_BYTES and (chunk := content.read(CHUNK)):
            copy.write(chunk)
    upload.size = copy.tell()
    copy.seek(0)
    return upload


def _lead(document: Document, values: Mapping[str, Any], called: Mapping[str, str]) -> None:
    """The old address of each file leads to the file, else to the document."""
    here = {_stem(file.name): file for file in document.files.all()}
    page = document.get_absolute_url()
    for file in all_of(values):
        stored = here.get(_stem(called[file["path"]]))
        target = stored.get_absolute_url() if stored else page
        for old in addresses(file):
            if redirects.keep(old, target) and stored:
                spellings = redirects.spellings(redirects.normal(old))
                OldAddress.objects.filter(path__in=spellings, target=page).update(target=target)
        for old in filter(None, (file["link"], file["page"], file["number"])):
            redirects.keep(old, page)


def addresses(file: File) -> set[str]:
    """Where the old site gave it, whole and in the sizes that the text cites."""
    given = {
        old for address in (file["address"], file.get("cited", "")) if address for old in uploads.old_paths(file["path"], address)
    }
    return {old for old in given if old}
