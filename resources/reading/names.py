"""File names that are safe to show, to put in an address and in a Content-Disposition header."""

import re
import unicodedata
from pathlib import PurePath

MAX_CHARACTERS = 100
MAX_BYTES = 200  # most file systems stop at 255 bytes, a storage may add its own suffix
FALLBACK = "fichier"
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")


def safe_name(name: str, extension: str = "") -> str:
    """The name cleaned (no path, control, bidirectional or punctuation character), at most 100 characters, accents kept.

    With `extension` (of the kind found by `identify`), the name ends with it whatever its own said; without, its own is kept.
    """
    base = re.split(r"[/\\]", _visible(name))[-1]
    own = EXTENSION.search(base)
    ending = (extension or (own.group()[1:] if own else "")).lower()
    ending = f".{ending}" if ending else ""
    stem = _words(base[: own.start()] if own else base)
    return _shortened(stem, ending) + ending


def extension_of(name: str) -> str:
    """The extension a name claims, in lower case without its dot ("" for « .htaccess »)."""
    return PurePath(_visible(name)).suffix.lower().removeprefix(".")


def _visible(name: str) -> str:
    """NFC, without control, format (bidirectional marks), surrogate, private or unassigned characters."""
    normal = unicodedata.normalize("NFC", name)
    return "".join(c for c in normal if unicodedata.category(c)[0] != "C")


def _words(stem: str) -> str:
    """Letters, marks and figures, joined by single hyphens; inner dots go too (« page.php.pdf »)."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c == "_" else "-" for c in stem)
    return re.sub(r"-{2,}", "-", kept).strip("-_")


def _shortened(stem: str, ending: str) -> str:
    stem = stem[: MAX_CHARACTERS - len(ending)]
    while len(stem.encode()) + len(ending) > MAX_BYTES:
        stem = stem[:-1]
    stem = stem.rstrip("-_") or FALLBACK
    return f"{FALLBACK}-{stem}" if RESERVED.fullmatch(stem) else stem
