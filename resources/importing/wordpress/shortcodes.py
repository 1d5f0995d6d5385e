"""[Short codes] of WordPress, of its extensions and page builders, as plain HTML: what they show stays, how they lay it out goes."""

import base64
import binascii
import re
from html import escape, unescape
from urllib.parse import unquote

from .names import BUILDERS, DYNAMIC, LAYOUT, WITHIN_TEXT

TAG = re.compile(r"""\[(\[?)(/?)([A-Za-z][\w-]*)((?:\s(?:[^\[\]"']++|"[^"]{0,20000}+"|'[^']{0,20000}+')*+)?)\](\]?)""")
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
# The editor sometimes curled the quotation marks of the codes.
CURLED = re.compile(r"=(?:&#822[01];|&#8243;|&#187;|[“”″»])([^\[\]“”″&]*)(?:&#822[01];|&#8243;|&#187;|[“”″»])")
RAW = re.compile(r"\[vc_raw_html[^\[\]]*\]([A-Za-z0-9+/=\s]*)\[/vc_raw_html\]")
MEDIA = {
    "video": "Vidéo",
    "audio": "Enregistrement sonore",
    "vc_video": "Vidéo",
    "et_pb_video": "Vidéo",
    "fusion_youtube": "Vidéo",
}
SOURCES = ("src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "link", "id")
HEADINGS = ("title", "heading", "question")


class Expansion:
    """`html`: the content without codes. `left_out`: the names of those that showed what is made elsewhere (forms, lists of posts…).

    `gallery`: whether a gallery shows all the images attached to the content, without naming them.
    """

    def __init__(self, content: str) -> None:
        self.left_out: dict[str, None] = {}
        self.gallery = False
        content = RAW.sub(_decoded, CURLED.sub(r'="\1"', content))
        self.closed = {match[3].lower() for match in TAG.finditer(content) if match[2]}
        self.html = TAG.sub(self._replaced, content)

    def _replaced(self, match: re.Match[str]) -> str:
        if match[1] and match[5]:
            return match.group()[1:-1]  # [[code]]: WordPress shows it as it is written
        name, given = match[3].lower(), {key.lower(): _value(*values) for key, *values in ATTRIBUTE.findall(match[4])}
        laid_out = name.startswith(BUILDERS) or name in LAYOUT or name in WITHIN_TEXT
        if not (laid_out or given or name in self.closed or name in ALONE):
            return match.group()  # « [2012] », « [sic] »: a bracket in a sentence
        before, after = match[1], match[5]
        if match[2]:
            return before + CLOSED.get(name, "" if name in WITHIN_TEXT or not laid_out else "\n\n") + after
        return before + self._opened(name, given, laid_out) + after

    def _opened(self, name: str, given: dict[str, str], laid_out: bool) -> str:
        if name in WITHIN_TEXT:
            return ""
        if name == "gallery":
            return self._gallery(given)
        if name in SHOWN:
            return SHOWN[name]
        if name in MEDIA:
            source = next((given[key] for key in SOURCES if given.get(key)), "")
            return _link(source, MEDIA[name]) if source else "\n\n"
        if name in DYNAMIC or not (laid_out or name in self.closed):
            self.left_out[name] = None
            return ""
        return _shown(name, given)

    def _gallery(self, given: dict[str, str]) -> str:
        ids = re.findall(r"\d+", given.get("ids") or given.get("include") or "")
        self.gallery = self.gallery or not ids
        return _images(ids)


SHOWN = {"caption": "<figure>", "wp_caption": "<figure>", "embed": "\n\n", "nextpage": "\n\n", "more": ""}
ALONE = {*SHOWN, *MEDIA, *DYNAMIC, "gallery"}  # codes even without an attribute nor an end
CLOSED = {"caption": "</figure>", "wp_caption": "</figure>", "embed": "\n\n"}


def _value(*values: str) -> str:
    """Builders write quotation marks and brackets of their values in their own way."""
    value = next(filter(None, values), "")
    for code, meant in (("%22", '"'), ("%91", "["), ("%93", "]"), ("``", '"')):
        value = value.replace(code, meant)
    return unescape(value).strip()


def _decoded(match: re.Match[str]) -> str:
    try:
        return "\n\n" + unquote(base64.b64decode(match[1]).decode("utf-8", "ignore")) + "\n\n"
    except binascii.Error:
        return "\n\n"


def _shown(name: str, given: dict[str, str]) -> str:
    """What a builder's code shows by its own attributes, before what it contains."""
    address, said = _address(given)
    label = given.get("button_text") or (
        given.get("title") or given.get("text") or said if name.endswith(("button", "btn")) else ""
    )
    if label and address:
        heading = f"\n\n<h3>{escape(given['title'])}</h3>\n\n" if given.get("button_text") and given.get("title") else ""
        return heading + _link(address, label)
    if name in ("vc_single_image", "vc_gallery", "vc_images_carousel"):
        return _images(re.findall(r"\d+", given.get("image") or given.get("images") or ""))
    if name == "et_pb_gallery":
        return _images(re.findall(r"\d+", given.get("gallery_ids", "")))
    shown = f"\n\n<h{_level(given)}>{escape(words)}</h{_level(given)}>\n\n" if (words := _heading(name, given)) else "\n\n"
    if source := given.get("src") or given.get("image", ""):
        shown += f'<img src="{escape(source)}" alt="{escape(given.get("alt", ""))}">\n\n' if "/" in source else _images([source])
    return shown


def _heading(name: str, given: dict[str, str]) -> str:
    if name == "vc_custom_heading":
        return given.get("text", "")
    if name.endswith(("_image", "_video", "_row", "_section", "_column")):
        return ""
    return next((given[key] for key in HEADINGS if given.get(key)), "")


def _level(given: dict[str, str]) -> str:
    found = re.search(r"tag:h([1-6])", given.get("font_container", "")) or re.fullmatch(
        r"h([1-6])", given.get("header_level", "")
    )
    return found[1] if found else "3"


def _address(given: dict[str, str]) -> tuple[str, str]:
    """(address, label) of what is given as a link; WPBakery writes « url:https%3A%2F%2F…|title:… »."""
    text = next((given[key] for key in ("link", "url", "href", "button_url", "button_link") if given.get(key)), "")
    if not text.startswith("url:"):
        return text, ""
    parts = dict(part.split(":", 1) for part in text.split("|") if ":" in part)
    return unquote(parts["url"]), unquote(parts.get("title", ""))


def _link(address: str, label: str) -> str:
    return f'\n\n<p><a href="{escape(address)}">{escape(label)}</a></p>\n\n'


def _images(ids: list[str]) -> str:
    return "\n\n" + "".join(f'<p><img data-id="{number}"></p>' for number in ids) + "\n\n"
