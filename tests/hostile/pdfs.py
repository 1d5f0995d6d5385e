"""Hostile and awkward PDFs, built object by object."""

import hashlib
import zlib

PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def document(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF with these objects; number 1 is the catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, trailer, table)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def flate(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


TEXT = b"BT /F1 24 Tf 72 700 Td (Bonjour) Tj ET"
FONT = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def one_page(
    catalogue: bytes = b"",
    page: bytes = b"",
    content: bytes = b"",
    box: bytes = b"[0 0 595 842]",
    trailer: bytes = b"",
    **more: bytes,
) -> bytes:
    """One page; `more` gives further objects from number 5 (o5=…)."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalogue,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox %b /Contents 4 0 R %b >>" % (box, page or b"/Resources " + FONT),
        4: content or stream(TEXT),
    }
    return document(objects | {int(name[1:]): body for name, body in more.items()}, trailer)


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def javascript_named() -> bytes:
    return one_page(b"/Names << /JavaScript << /Names [(a) 5 0 R] >> >>", o5=SCRIPT)


def javascript_on_open() -> bytes:
    return one_page(b"/OpenAction 5 0 R", o5=SCRIPT)


def javascript_escaped() -> bytes:
    return one_page(b"/OpenAction << /S/J#61vaScr#69pt /JS (x) >>")


def javascript_on_page() -> bytes:
    return one_page(page=b"/AA << /O << /S/JavaScript/JS 5 0 R >> >>", o5=flate(b"app.alert(1)"))


def rendition_script() -> bytes:
    return one_page(page=b"/AA << /O << /S /Rendition /JS (x) /OP 0 >> >>")


def _with_object_stream(wrap) -> bytes:
    """An action that only an object stream holds, found through a cross-reference stream (ISO 32000-2, 7.5.7 and 7.5.8)."""
    packed = b"5 0 " + SCRIPT
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        4: wrap(packed, b"/Type /ObjStm /N 1 /First 4 "),
    }
    out, rows = bytearray(b"%PDF-1.7\n"), [b"\0\0\0\0\0\0\0"]
    for number, body in objects.items():
        rows.append(b"\1" + len(out).to_bytes(4, "big") + b"\0\0")
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows.append(b"\2" + (4).to_bytes(4, "big") + b"\0\0")
    rows.append(b"\1" + len(out).to_bytes(4, "big") + b"\0\0")
    table = len(out)
    out += b"6 0 obj\n%b\nendobj\n" % stream(b"".join(rows), b"/Type /XRef /W [1 4 2] /Size 7 /Root 1 0 R")
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % table


def javascript_packed() -> bytes:
    return _with_object_stream(flate)


def javascript_packed_in_hexadecimal() -> bytes:
    return _with_object_stream(
        lambda data, entries: stream(
            zlib.compress(data).hex().encode() + b">", b"/Filter [/ASCIIHexDecode /FlateDecode] " + entries
        )
    )


def javascript_in_dead_revision() -> bytes:
    """Objects PDFium does not reach, in a stream that another reader may repair into life."""
    return one_page() + b"9 0 obj\n" + flate(b"5 0 " + SCRIPT, b"/Type /ObjStm /N 1 /First 4 ") + b"\nendobj\n"


def broken_object_stream() -> bytes:
    """Harmless: an unused object stream that is not Flate at all."""
    return one_page(o5=stream(b"not deflated", b"/Type /ObjStm /N 0 /First 0"))


def xfa_form() -> bytes:
    return one_page(b"/AcroForm << /Fields [] /XFA 5 0 R >>", o5=stream(b"<xdp:xdp/>"))


def launch() -> bytes:
    return one_page(b"/OpenAction << /S /Launch /F (cmd.exe) >>")


def embedded() -> bytes:
    return one_page(
        b"/Names << /EmbeddedFiles << /Names [(a.exe) 5 0 R] >> >>",
        o5=b"<< /Type /Filespec /F (a.exe) /EF << /F 6 0 R >> >>",
        o6=stream(b"MZ", b"/Type /EmbeddedFile"),
    )


def embedded_without_types() -> bytes:
    return one_page(
        b"/Names << /EmbeddedFiles << /Names [(a.exe) 5 0 R] >> >>", o5=b"<< /F (a.exe) /E#46 << /F 6 0 R >> >>", o6=stream(b"MZ")
    )


def attached_by_annotation() -> bytes:
    return one_page(page=b"/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /F (a) >> >>]")


def empty_attachment_tree() -> bytes:
    """Harmless: old Acrobat leaves an empty tree."""
    return one_page(b"/Names << /EmbeddedFiles << /Names [] >> >>")


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, i, out = list(range(256)), 0, 0, bytearray()
    for n in range(256):
        j = (j + state[n] + key[n % len(key)]) % 256
        state[n], state[j] = state[j], state[n]
    j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _locked(user: bytes) -> bytes:
    """Standard security handler, revision 2 (ISO 32000-1, 7.6.3)."""
    owner = _rc4(hashlib.md5((b"secret" + PADDING)[:32]).digest()[:5], (user + PADDING)[:32])
    key = hashlib.md5((user + PADDING)[:32] + owner + (0xFFFFFFC0).to_bytes(4, "little") + b"0" * 16).digest()[:5]
    content = _rc4(hashlib.md5(key + b"\x04\0\0\0\0").digest()[:10], TEXT)
    security = b"<< /Filter /Standard /V 1 /R 2 /O <%b> /U <%b> /P -64 >>" % (
        owner.hex().encode(),
        _rc4(key, PADDING).hex().encode(),
    )
    return one_page(content=stream(content), trailer=b"/Encrypt 5 0 R /ID [<%b> <%b>]" % ((b"30" * 16,) * 2), o5=security)


def locked() -> bytes:
    """Asks for a password."""
    return _locked(b"motdepasse")


def restricted() -> bytes:
    """Opens without a password, forbids to copy and print."""
    return _locked(b"")


def unknown_lock() -> bytes:
    return one_page(trailer=b"/Encrypt << /Filter /Inconnu /V 9 /R 9 >>")


def many_pages(count: int = 3_000) -> bytes:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(b"%d 0 R" % (5 + n) for n in range(count)), count),
        4: stream(TEXT),
    }
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources " + FONT + b" >>"
    return document(objects | {5 + n: page for n in range(count)})


def titled(title: bytes) -> bytes:
    return one_page(trailer=b"/Info 5 0 R", o5=b"<< /Title %b >>" % title)


def scanned() -> bytes:
    """A picture of a page, without text."""
    image = flate(
        bytes(range(256)) * 16, b"/Type /XObject /Subtype /Image /Width 64 /Height 64 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    )
    return one_page(page=b"/Resources << /XObject << /I 5 0 R >> >>", content=stream(b"595 0 0 842 0 0 cm /I Do"), o5=image)


def picture_bomb() -> bytes:
    """A picture of 30 000 × 30 000 points in full colour: 2.7 GB from 2.6 MB, deflated twice to a few kB."""
    packer = zlib.compressobj(9)
    row = bytes(30_000 * 3)
    once = b"".join([*(packer.compress(row) for _ in range(1_000)), packer.flush()])
    entries = b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /BitsPerComponent 8 /ColorSpace /DeviceRGB "
    image = stream(zlib.compress(once), b"/Filter [/FlateDecode /FlateDecode] " + entries)
    return one_page(page=b"/Resources << /XObject << /I 5 0 R >> >>", content=stream(b"595 0 0 842 0 0 cm /I Do"), o5=image)


def flate_bomb() -> bytes:
    """A page content of 500 MB, deflated twice to a few kB."""
    packer = zlib.compressobj(1)
    block = b"q Q " * 250_000
    once = b"".join([*(packer.compress(block) for _ in range(500)), packer.flush()])
    return one_page(content=stream(zlib.compress(once, 9), b"/Filter [/FlateDecode /FlateDecode]"))


def flate_tower() -> bytes:
    """The same filter a hundred times over."""
    return one_page(content=stream(zlib.compress(TEXT), b"/Filter [" + b"/FlateDecode " * 100 + b"]"))


def forms_within_forms(levels: int = 12, calls: int = 10) -> bytes:
    """Each form draws the next ten times: 10¹² drawings."""
    more = {}
    for level in range(levels):
        inner = b"/Resources << /XObject << /X %d 0 R >> >>" % (6 + level)
        more[f"o{5 + level}"] = stream(b"/X Do " * calls, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + inner)
    more[f"o{5 + levels}"] = stream(b"0 0 500 500 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return one_page(page=b"/Resources << /XObject << /X 5 0 R >> >>", content=stream(b"/X Do"), **more)


def form_in_itself() -> bytes:
    form = stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>")
    return one_page(page=b"/Resources << /XObject << /X 5 0 R >> >>", content=stream(b"/X Do"), o5=form)


def deep_page_tree(depth: int = 20_000) -> bytes:
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for number in range(2, depth):
        objects[number] = b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (max(2, number - 1), number + 1)
    objects[depth] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (depth - 1)
    return document(objects)


def page_tree_in_a_loop() -> bytes:
    return document(
        {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"}
    )


def lying_count() -> bytes:
    return document({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 2000000000 >>"})


def no_page() -> bytes:
    return document({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"})


def deep_arrays(depth: int = 400_000) -> bytes:
    return one_page(b"/X " + b"[" * depth + b"]" * depth)


def huge_page() -> bytes:
    return one_page(box=b"[0 0 2000000000 2000000000]")


def flat_page() -> bytes:
    """A page without area."""
    return one_page(box=b"[0 0 0 0]")


def thin_page() -> bytes:
    return one_page(box=b"[0 0 1 2000000]")


def endless_pattern() -> bytes:
    """Tiles of a thousandth of a point over a whole page."""
    tile = stream(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001 /Resources << >>",
    )
    content = stream(b"/Pattern cs /P scn 0 0 595 842 re f\n" * 200)
    return one_page(page=b"/Resources << /Pattern << /P 5 0 R >> >>", content=content, o5=tile)


def many_paths(count: int = 300_000) -> bytes:
    """A legitimate heavy drawing, a plan for instance."""
    curve = b"0.1 w 0 0 m 900 %d 20 900 595 842 c 500 3 9 600 1 1 c S\n"
    return one_page(content=flate(b"".join(curve % (n % 800) for n in range(count))))


def cut() -> bytes:
    whole = many_pages(50)
    return whole[: len(whole) // 3]


def only_a_header() -> bytes:
    return b"%PDF-1.7\n" + b"\0" * 2_000


def page_that_does_not_open() -> bytes:
    return document({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [9 0 R] /Count 1 >>"})


def much_text(pages: int, characters: int) -> bytes:
    """Pages that each show the same long line."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(b"%d 0 R" % (5 + n) for n in range(pages)), pages),
        4: flate(b"BT /F1 1 Tf 1 0 0 1 1 700 Tm (" + b"a" * characters + b") Tj ET"),
    }
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99999 842] /Contents 4 0 R /Resources " + FONT + b" >>"
    return document(objects | {5 + n: page for n in range(pages)})
