"""Files that people drop: what they are, whether they may be kept, what they say.

    kind = identify(path, name, max_bytes)     from its content; raises Refused
    safe_name(name, kind.extension)            what is shown and used in addresses
    check_pdf(path), read_pdf(path)            facts; texts and cover
    renditions(path)                           an image drawn anew

Readings run in a child process with limits (sandbox.py). The child imports this package too: neither Django nor a decoder may be imported here.
"""

from .errors import Refused, Unreadable
from .kinds import KINDS, Kind, identify
from .names import safe_name
from .reports import Images, PdfReport, Rendition, check_pdf, read_pdf, renditions

__all__ = [
    "KINDS",
    "Images",
    "Kind",
    "PdfReport",
    "Refused",
    "Rendition",
    "Unreadable",
    "check_pdf",
    "identify",
    "read_pdf",
    "renditions",
    "safe_name",
]
