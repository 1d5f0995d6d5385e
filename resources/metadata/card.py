"""The picture of a document that social networks show beside a link: the tiles of the house, the title, the type, the year.

Drawn at the first request, kept beside the index: its address holds a mark of its content, so that it is never drawn twice.
The folder can be emptied at any time.
"""

import hashlib
import json
import logging
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import Truncator

from trajectoire.core.pdf import typst_png

from ..cards import drawn_cover
from ..models import Document

logger = logging.getLogger(__name__)
TEMPLATE = Path(__file__).parent.parent / "data" / "card.typ"
WIDTH, HEIGHT = 1200, 630  # pixels: what Open Graph's readers show without cutting
LONGEST = 150  # characters of a title
MARK = 16  # hexadecimal digits


def contents(document: Document) -> dict[str, Any]:
    """What card.typ draws."""
    year = str(document.date.year) if document.date else ""
    return {
        "title": Truncator(document.title).chars(LONGEST),
        "kind": str(document.type),
        "year": year,
        "cover": drawn_cover(document).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
    }


def digest(document: Document) -> str:
    """A mark of what the picture shows, in `MARK` digits."""
    shown = json.dumps(contents(document), sort_keys=True) + _template()
    return hashlib.sha256(shown.encode()).hexdigest()[:MARK]


def picture(document: Document) -> bytes:
    """The PNG of a document, from the folder or drawn now."""
    folder = Path(settings.CARDS_DIR)
    path = folder / f"{document.pk}-{digest(document)}.png"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        png = typst_png(_template(), contents(document))
    try:
        _keep(path, png)
    except OSError as error:  # no room: the picture is given all the same
        logger.warning("card not kept: %s", error)
    return png


def _keep(path: Path, png: bytes) -> None:
    """Whole or not at all; the earlier pictures of the same document go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="carte-", delete=False) as file:
        file.write(png)
    Path(file.name).replace(path)
    for old in path.parent.glob(f"{path.name.split('-')[0]}-*.png"):
        if old != path:
            old.unlink(missing_ok=True)


@cache
def _template() -> str:
    return TEMPLATE.read_text(encoding="utf-8")
