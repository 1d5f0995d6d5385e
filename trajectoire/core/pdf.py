"""PDF files made from data with typst: tagged, titled, in French, accepted as PDF/UA-1 (ISO 14289-1)."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import typst

DATA = Path(__file__).parent / "data"
FONTS = DATA / "fonts"

# The characters that the fonts hold: one that no font holds would make the file unfit for PDF/UA-1.
SHOWN = re.compile(
    "[\n -~\u00a0-\u00ac\u00ae-\u017f\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u2009\u200a\u2010-\u201e\u2020-\u2022\u2026\u202f\u2030"
    "\u2032\u2033\u2039\u203a\u2044\u2070\u2074-\u208e\u20ac\u2116\u2122\u2150-\u215e\u2190-\u2199\u21d2\u2202\u2206\u2211\u2212\u221a"
    "\u221e\u2248\u2260\u2264\u2265\u25a0\u25a1\u25b2\u25b6\u25bc\u25c6\u25ca\u25cb\u25cf\u2713\u2714\u2717]"
)
MISSING = "\u25a1"  # □

# What every template may count on: its data, the site's colours and fonts, the language and the title.
PRELUDE = """\
#let data = json(bytes(sys.inputs.data))
#let rich(markup) = eval(markup, mode: "markup")
#let (night, brick, ochre, moss) = (rgb("#1d2a44"), rgb("#a8402c"), rgb("#d79b34"), rgb("#56703f"))
#let (paper, sand, rule, soft) = (rgb("#fbf6ea"), rgb("#f1e8d5"), rgb("#e2d8c3"), rgb("#4f596d"))
#let display = ("Trajectoire Titres", "Trajectoire Texte")
#set document(title: data.title, author: data.at("authors", default: ()), date: none)
#set text(lang: "fr", region: "FR", font: "Trajectoire Texte", size: 11pt, fill: night)
"""


def typst_pdf(markup_template: str, data: dict[str, Any]) -> bytes:
    """A PDF/UA-1 file drawn by a typst template; it reads `data`, which has at least a `title`.

    `rich(…)` draws what html_to_typst made. Raises typst.TypstError when the template is wrong, whatever the data hold.
    """
    return typst.compile(
        (PRELUDE + markup_template).encode(),
        font_paths=fonts(),
        pdf_standards="ua-1",
        sys_inputs={"data": json.dumps(shown(data))},
    )


def typst_png(markup_template: str, data: dict[str, Any]) -> bytes:
    """The first page drawn by a typst template as a PNG, one pixel a point; `data` as in `typst_pdf`."""
    source, inputs = (PRELUDE + markup_template).encode(), {"data": json.dumps(shown(data))}
    drawn = typst.compile(source, font_paths=fonts(), format="png", ppi=72, sys_inputs=inputs)
    return drawn[0] if isinstance(drawn, list) else drawn


@cache
def fonts() -> typst.Fonts:
    """Ours only: the same file on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def shown(value: Any) -> Any:
    """The same data without the characters that the fonts lack: □ for a sign, nothing for a control."""
    if isinstance(value, dict):
        return {key: shown(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [shown(part) for part in value]
    return "".join(map(_shown, unicodedata.normalize("NFC", value))) if isinstance(value, str) else value


def _shown(character: str) -> str:
    if SHOWN.match(character):
        return character
    return "" if unicodedata.category(character)[0] in "CM" else MISSING
