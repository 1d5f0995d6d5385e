"""Files of an old site: how contents cite them, which attachment each address is."""

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from .wxr import host_of

FOLDERS = ("/wp-content/uploads/", "/files/")  # the second: sites of a network, before 2013
# Looked for from the folder on: the bytes of an image written in a text are full of bars.
CITED = re.compile(r"""(?:wp-content/uploads|files)/[^\s"'<>()\[\]|\\]+""")
BEFORE = re.compile(r"""(?:https?:)?/[^\s"'<>()\[\]|\\]*$""")
LONGEST_BEFORE = 300
NAMED = re.compile(r"""wp-image-(\d+)|attachment_(\d+)|"(?:id|mediaId)"\s*:\s*"?(\d+)|\bimage="(\d+)\"""")
SEVERAL = re.compile(r"""\b(?:ids|include|images|gallery_ids)\s*=\s*["']?([\d,\s]+)""")
ALL = re.compile(r"\[gallery(?![^\]]*\b(?:ids|include)\b)")
SIZED = re.compile(r"(?:-\d{2,5}x\d{2,5}|-scaled|-rotated|-e\d{10,})+(?=\.[A-Za-z]{3,5}$)")
PICTURES = ("jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "ico", "bmp", "heic", "tif", "tiff")


def path_of(address: str, hosts: set[str]) -> str:
    """« https://site/wp-content/uploads/2019/03/a.pdf?x » → « 2019/03/a.pdf »; nothing for what is not a file of the site."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.netloc and host_of(address) not in hosts:
        return ""
    for folder in FOLDERS:
        _, found, path = parts.path.partition(folder)
        if found and "." in path.rsplit("/", 1)[-1]:
            return unquote(path)
    return ""


def original(path: str) -> str:
    """« a-300x200.jpg » → « a.jpg »: WordPress draws an image in several sizes."""
    return SIZED.sub("", path)


def is_picture(path: str) -> bool:
    return path.rsplit(".", 1)[-1].lower() in PICTURES


def cited(content: str, hosts: set[str]) -> Iterator[tuple[str, str]]:
    """(path, address) of each file of the site that a content cites, once."""
    seen = set()
    for match in CITED.finditer(content):
        before = BEFORE.search(content[max(0, match.start() - LONGEST_BEFORE) : match.start()])
        if before is None:
            continue
        address = before.group() + match.group().rstrip(".,;:&")
        if (path := path_of(address, hosts)) and path not in seen:
            seen.add(path)
            yield path, address


def named(content: str) -> Iterator[int]:
    """Identifiers of the attachments that a content shows."""
    for match in NAMED.finditer(content):
        yield int(next(filter(None, match.groups()))[:15])
    for match in SEVERAL.finditer(content):
        yield from (int(number[:15]) for number in re.findall(r"\d+", match[1]))


def shows_all(content: str) -> bool:
    """Whether it has a gallery of all that is attached to it."""
    return bool(ALL.search(content))


def old_paths(path: str, address: str) -> Iterator[str]:
    """Addresses, on the old site, of a file and of the size that is cited."""
    yield urlsplit(address).path
    yield f"/wp-content/uploads/{quote(path)}"
