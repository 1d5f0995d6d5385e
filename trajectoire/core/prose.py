"""Rich text: one field, one list of what it may hold, cleaned at each save whatever the way in."""

import re
from html import unescape
from itertools import chain, count

from django.utils.html import strip_tags
from django.utils.text import slugify
from django_prose_editor.fields import ProseEditorField, create_sanitizer

from .text import NBSP, fold

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [2, 3, 4]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HardBreak": True,
}

BLOCK = re.compile(r"</?(?:p|h[1-6]|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|br)\b[^>]*>")
UNFINISHED = re.compile(r"(?<![.!?…:;,])\n")
HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)

clean_html = create_sanitizer(EXTENSIONS)


class ProseField(ProseEditorField):
    """HTML written in the prose editor; scripts, styles, frames and unknown tags are dropped at each save."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, extensions=EXTENSIONS, sanitize=True, **kwargs)

    def pre_save(self, model_instance, add):
        value = self.sanitize(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, value)
        return value


def plain(html: str) -> str:
    """The words of an HTML fragment, blocks apart from each other."""
    return " ".join(unescape(strip_tags(html.replace("<", " <"))).split())


def sentences(html: str) -> str:
    """The words of an HTML fragment as a text to read: a dot stands between blocks that do not end a sentence."""
    blocks = (" ".join(unescape(strip_tags(block)).split()) for block in BLOCK.split(html))
    return UNFINISHED.sub(f"{NBSP}· ", "\n".join(filter(None, blocks))).replace("\n", " ")


def anchored(html: str, taken: set[str]) -> tuple[str, list[dict]]:
    """The same HTML with an id on each h2 and h3, and its table of contents [{id, label, level}]."""
    toc: list[dict] = []

    def give_id(match: re.Match) -> str:
        label = plain(match[2])
        base = slugify(fold(label)) or "partie"
        anchor = next(a for a in chain([base], (f"{base}-{n}" for n in count(2))) if a not in taken)
        taken.add(anchor)
        toc.append({"id": anchor, "label": label, "level": int(match[1])})
        return f'<h{match[1]} id="{anchor}">{match[2]}</h{match[1]}>'

    return HEADING.sub(give_id, wide_tables(html)), toc


def wide_tables(html: str) -> str:
    """Tables scroll by themselves on a phone, and the keyboard can reach them."""
    return html.replace("<table>", '<div class="table-scroll" tabindex="0" role="region" aria-label="Tableau"><table>').replace(
        "</table>", "</table></div>"
    )
