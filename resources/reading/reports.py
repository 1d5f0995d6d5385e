"""The doors to the readings: each runs in the sandbox and gives a plain report, or raises Refused or Unreadable."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import sandbox


@dataclass(frozen=True)
class PdfReport:
    """What a PDF says. `texts` has one text a page (the first 3 000 pages at most, 20 000 characters each), "" for a page without any.

    `has_javascript`, `has_launch` and `has_embedded` are refused before a report exists, so a report always has them False.
    `encrypted`: opens without a password but forbids some uses. `error`: a French sentence about what could not be read of a file otherwise fine.
    """

    pages: int
    title: str = ""
    tagged: bool = False
    language: str = ""
    encrypted: bool = False
    texts: list[str] = field(default_factory=list)
    cover: bytes | None = None  # WebP, at most 900 × 1 300
    error: str = ""
    has_javascript: bool = False
    has_launch: bool = False
    has_embedded: bool = False

    @property
    def has_text(self) -> bool:
        """False for a scan: « sans texte »."""
        return any(self.texts)


@dataclass(frozen=True)
class Rendition:
    """One drawing of an image: format is webp or avif."""

    format: str
    width: int
    height: int
    data: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        return f"image/{self.format}"


Images = list[Rendition]


def check_pdf(path: Path, *, timeout: float = sandbox.TIMEOUT, memory: int = sandbox.MEMORY) -> PdfReport:
    """Whether a PDF may be kept (U2), without its texts and cover: fast enough for the form that receives it."""
    return _pdf_report(sandbox.run("pdf-check", path, timeout=timeout, memory=memory))


def read_pdf(path: Path, *, timeout: float = sandbox.TIMEOUT, memory: int = sandbox.MEMORY) -> PdfReport:
    """Everything the site uses of a PDF: a job for a background task."""
    return _pdf_report(sandbox.run("pdf", path, timeout=timeout, memory=memory))


def renditions(path: Path, *, timeout: float = sandbox.TIMEOUT, memory: int = sandbox.MEMORY) -> Images:
    """The image drawn anew, upright, without metadata, in WebP and AVIF, 400, 800 and 1 600 pixels wide (never enlarged)."""
    lines = sandbox.run("image", path, timeout=timeout, memory=memory)
    return [Rendition(line["format"], line["width"], line["height"], base64.b64decode(line["data"])) for line in lines]


def _pdf_report(lines: list[dict[str, Any]]) -> PdfReport:
    covers = [base64.b64decode(line["cover"]) for line in lines if "cover" in line]
    return PdfReport(
        **lines[0]["facts"],
        texts=[line["text"] for line in lines if "text" in line],
        cover=covers[0] if covers else None,
        error=" ".join(line["error"] for line in lines if "error" in line),
    )
