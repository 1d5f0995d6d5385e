"""Files that are not what their name says, and awkward names."""

from . import archives, pdfs

HTML = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + b"\0" * 200
HTACCESS = b"AddType application/x-httpd-php .pdf\nphp_value auto_prepend_file x\n"


def polyglot() -> bytes:
    """A whole PDF, and a whole archive behind it."""
    return pdfs.one_page() + archives.zip_of_files()


def mp4() -> bytes:
    return b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2mp41" + b"\0\0\0\x08moov"


def mp3(header: bytes = b"\xff\xfb\x90\x00") -> bytes:
    """Two MPEG-1 layer III frames, 128 kbit/s, 44.1 kHz: 417 bytes each."""
    return (header + bytes(413)) * 2


NAMES = (
    "é" * 240 + ".pdf",
    "rapport\u202efdp.exe",
    'a"; filename="b.html',
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "a\0b\r\nSet-Cookie: x=1.pdf",
    "",
    ".htaccess",
    "...",
    "CON.txt",
    "page.php.pdf",
    "   ",
    "\u200f\u200b.pdf",
    "𝕏" * 200,
    "a/b:c*d?e|f<g>h.pdf",
    "%2e%2e%2fsecret.pdf",
    "z\u0301" * 150,
    "\ud800.pdf",
)
