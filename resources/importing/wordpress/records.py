"""An export as records: one by item, in the order of the file, each with its text cleaned and the files it shows."""

import datetime
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from trajectoire.core.importing import Record
from trajectoire.core.prose import plain

from . import cleaning, uploads
from .cleaning import Cleaned
from .survey import CUT, Attachment, Survey, body_of, refusal, survey_of, title_of
from .wxr import Item

HREF = re.compile(r'(?<=<a href=")[^"]*(?=")')
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
PUBLIC = ("publish", "inherit")
UNPUBLISHED = {
    "draft": "Brouillon dans WordPress : gardé en brouillon.",
    "pending": "En attente de relecture dans WordPress : gardé en brouillon.",
    "private": "Privé dans WordPress : gardé en brouillon.",
    "future": "Publication prévue dans WordPress : gardé en brouillon.",
}
PASSWORD = "Protégé par un mot de passe dans WordPress : gardé en brouillon."  # noqa: S105 (a sentence)
DAMAGED = "Ce contenu est abîmé dans le fichier : gardé en brouillon, à comparer avec l’ancien site."


def read(path: Path | str, options: Mapping[str, Any]) -> Iterator[Record]:
    """All that the file holds, refused ones included. Raises Unreadable."""
    survey = survey_of(Path(path))
    seen: set[str] = set()
    last = 0
    for item in survey.export.items():
        last = item.place
        key = _key(survey, item, seen)
        why = refusal(item)
        if why:
            yield Record(item.place, "", _label(item), refused=why)
        elif item.type == "attachment":
            yield _attachment(survey, item, key)
        else:
            yield _content(survey, item, key)
    if not survey.export.whole:
        yield Record(last + 1, "", "Fin du fichier", refused=f"Le fichier est coupé. {CUT}")


def _key(survey: Survey, item: Item, seen: set[str]) -> str:
    """The site and the number there; exports put together by hand sometimes give a number twice."""
    site = survey.export.identity
    key = f"{site}?p={item.id}" if item.id else f"{site} {item.type} {item.slug or item.link}"
    base, rank = key, 2
    while key in seen:
        key, rank = f"{base}#{rank}", rank + 1
    seen.add(key)
    return key


def _label(item: Item) -> str:
    return title_of(item) or item.slug or f"{item.type} n°\u00a0{item.id}"


def _attachment(survey: Survey, item: Item, key: str) -> Record:
    attachment = survey.attachments[item.id]
    values = {
        "attachment": True,
        "title": (title_of(item) or attachment.path.rsplit("/", 1)[-1])[:250],
        "owner": survey.owner(attachment),
        "slug": unquote(item.slug),
        "type": item.type,
        "public": False,
        "summary": cleaning.summary_of(cleaning.clean(item.excerpt or item.content).html),
        "body": "",
        "files": [_file(survey, attachment)],
        "date": item.date[:10] if _moment(item.date) else "",
        "addresses": list(dict.fromkeys(_addresses(survey, item))),
    }
    return Record(item.place, key, _label(item), values=values)


def _content(survey: Survey, item: Item, key: str) -> Record:
    raw = body_of(item)
    cleaned = cleaning.clean(raw, survey.blocks)
    body = HREF.sub(lambda match: _absolute(match.group(), item, survey), cleaned.html)
    images = _images(survey, item, cleaned)
    body = _linked_to_images(body, survey)
    notes, author = _notes(item, cleaned), survey.export.authors.get(item.author, "")
    if item.author and not _is_name(author, item.author):
        author = ""
    values = {
        "title": title_of(item) or f"Sans titre (n°\u00a0{item.id})",
        "slug": unquote(item.slug),
        "type": item.type,
        "public": item.status in PUBLIC and not item.password and bool(item.id),
        "date": item.date[:10] if _moment(item.date) else "",
        "published_at": _published(item),
        "body": body,
        "summary": _summary(item, body),
        "author": author[:150],
        "terms": [[term.kind, term.slug, term.name] for term in item.terms],
        "files": _files(survey, item, raw, body),
        "images": images,
        "addresses": list(dict.fromkeys(_addresses(survey, item))),
        "hosts": sorted(survey.export.hosts),
    }
    return Record(item.place, key, _label(item), values=values, notes=tuple(notes))


def _notes(item: Item, cleaned: Cleaned) -> list[str]:
    notes = [PASSWORD] if item.password else []
    notes += [UNPUBLISHED[item.status]] if item.status in UNPUBLISHED else []
    notes += [] if item.id else [DAMAGED]
    if item.comments:
        notes.append(f"Commentaires laissés de côté : {item.comments}.")
    if cleaned.left_out:
        notes.append(f"Laissé de côté, car fait par une extension de l’ancien site : {', '.join(cleaned.left_out)}.")
    return notes


def _is_name(shown: str, login: str) -> bool:
    """A byline, not an account: « Camille Martin », « L’équipe », but neither « admin » nor an address."""
    return (
        bool(shown) and "@" not in shown and shown.lower() not in (login.lower(), "admin", "administrateur", "webmaster", "root")
    )


def _moment(text: str) -> datetime.datetime | None:
    """« 0000-00-00 00:00:00 » is what WordPress writes for no date."""
    try:
        return datetime.datetime.strptime(text.strip()[:19], "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None


def _published(item: Item) -> str:
    moment = _moment(item.date_gmt) or _moment(item.date)
    return moment.replace(tzinfo=datetime.UTC).isoformat() if moment else ""


def _summary(item: Item, body: str) -> str:
    written = plain(cleaning.clean(item.excerpt).html) or plain(
        item.first("_yoast_wpseo_metadesc", "rank_math_description", "_aioseop_description")
    )
    if written and "%%" not in written:
        return cleaning.summary_of(f"<p>{written}</p>", 1200)
    return cleaning.summary_of(
        LINK.sub(lambda link: "" if uploads.is_picture(urlsplit(unescape(link[1])).path) else link.group(), body)
    )


def _absolute(href: str, item: Item, survey: Survey) -> str:
    """An address of the old site, whole, so that it is recognised later."""
    href = unescape(href)
    if href.startswith("#") or urlsplit(href).scheme:
        return href.replace("&", "&amp;")
    base = item.link or next(iter(survey.export.sites), "")
    return urljoin(base, href).replace("&", "&amp;")


def _linked_to_images(body: str, survey: Survey) -> str:
    """« #image-12 » becomes the address of the attachment 12, or nothing when the export lacks it."""

    def linked(match: re.Match[str]) -> str:
        if not match[1].startswith("#image-"):
            return match.group()
        attachment = survey.attachments.get(int(match[1][7:]))
        if attachment is None:
            return ""
        words = attachment.alt or attachment.title or match[2]
        return f'<a href="{attachment.address}">{cleaning.escape(words, quote=False)}</a>'

    return re.sub(r"<p>\s*</p>", "", LINK.sub(linked, body)) if "#image-" in body else body


def _images(survey: Survey, item: Item, cleaned: Cleaned) -> list[dict[str, str]]:
    """The one put forward, then those of the text, then those of a gallery of all; each once."""
    found: dict[str, dict[str, str]] = {}

    def add(given: dict[str, str]) -> None:
        if given["path"]:
            found.setdefault(uploads.original(given["path"]), given)

    thumbnail = item.first("_thumbnail_id")
    numbers = [int(thumbnail[:15])] if thumbnail.isdecimal() else []
    for number in numbers:
        if attachment := survey.attachments.get(number):
            add(_file(survey, attachment))
    for image in cleaned.images:
        path = uploads.path_of(image.src, survey.export.hosts)
        attachment = survey.attachments.get(image.id) or survey.attachments.get(survey.by_path.get(uploads.original(path), 0))
        if attachment:
            add(
                _file(survey, attachment)
                | ({"alt": image.alt} if image.alt else {})
                | ({"cited": image.src} if image.src else {})
            )
        else:
            add(_cited(path, image.src, alt=image.alt))
    if cleaned.gallery:
        for number in survey.children.get(item.id, []):
            if survey.attachments[number].is_picture:
                add(_file(survey, survey.attachments[number]))
    return list(found.values())


def _files(survey: Survey, item: Item, raw: str, body: str) -> list[dict[str, str]]:
    """Files other than images: those that the text cites, those that are attached to it."""
    found: dict[str, dict[str, str]] = {}
    titles = {unescape(href): plain(words) for href, words in LINK.findall(body)}
    for path, address in uploads.cited(f"{body}\n{raw}", survey.export.hosts):
        if not uploads.is_picture(path):
            attachment = survey.attachments.get(survey.by_path.get(path, 0))
            given = _file(survey, attachment) if attachment else _cited(path, address, title=titles.get(unescape(address), ""))
            found.setdefault(path, given)
    for number in survey.children.get(item.id, []):
        attachment = survey.attachments[number]
        if not attachment.is_picture:
            found.setdefault(attachment.path, _file(survey, attachment))
    return list(found.values())


def _cited(path: str, address: str, title: str = "", alt: str = "") -> dict[str, str]:
    """A file that no attachment of the export describes."""
    return {"path": path, "address": address, "title": title[:150], "alt": alt, "link": "", "page": "", "number": ""}


def _file(survey: Survey, attachment: Attachment) -> dict[str, str]:
    return {
        "path": attachment.path,
        "address": attachment.address,
        "title": attachment.title[:150],
        "alt": attachment.alt[:200],
        "link": attachment.link,
        "page": f"{survey.export.home}/?attachment_id={attachment.id}",
        "number": f"{survey.export.home}/?p={attachment.id}",
    }


def _addresses(survey: Survey, item: Item) -> Iterator[str]:
    """Every address that answered for it on the old site; those of a draft never answered."""
    if item.status not in (*PUBLIC, "private"):
        return
    if item.link:
        yield _path(item.link)
    for old in item.fields.get("_wp_old_slug", ()):
        if item.slug and old and item.link.rstrip("/").endswith(f"/{item.slug}"):
            yield _path(f"{item.link.rstrip('/')[: -len(item.slug)]}{old}/")
    if item.id:
        names = {"page": ("page_id", "p"), "attachment": ("attachment_id", "p")}.get(item.type, ("p",))
        yield from (f"{survey.export.home}/?{name}={item.id}" for name in names)


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
