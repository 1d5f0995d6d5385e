"""The one style sheet that pages link to, made of its parts in static/css (`python -m trajectoire.core.assets` writes it).

The parts stay readable and commented; the sheet is committed, and a test says when it is behind its parts.
"""

import re
from pathlib import Path

CSS_DIR = Path(__file__).resolve().parent.parent.parent / "static" / "css"
FIRST = ("tokens.css", "base.css", "layout.css")
LAST = ("print.css",)
BUILT = "site.css"


def minify(css: str) -> str:
    """Return the sheet without comments or idle spaces, a rule a line; quoted strings are kept as they are."""
    pieces = re.split(r'("[^"]*")', re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return "".join(piece if piece.startswith('"') else _squeeze(piece) for piece in pieces).strip() + "\n"


def _squeeze(css: str) -> str:
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    css = re.sub(r"(?<=[a-z-]): (?=[^{}]*[;}])", ":", css)
    return css.replace(";}", "}").replace("}", "}\n").replace("\n}", "}")  # a rule a line keeps changes readable


def build_css(folder: Path = CSS_DIR) -> str:
    """Return the whole sheet: tokens, elements and layout, then components by name, then print."""
    components = sorted((folder / "components").glob("*.css"))
    parts = [folder / name for name in FIRST] + components + [folder / name for name in LAST]
    sheet = "".join(minify(part.read_text(encoding="utf-8")) for part in parts)
    return sheet.replace("url(../../", "url(../")  # components stand one folder lower than the sheet


def write_css(folder: Path = CSS_DIR) -> Path:
    """Write the sheet beside its parts and return its path."""
    target = folder / BUILT
    target.write_text(build_css(folder), encoding="utf-8")
    return target


if __name__ == "__main__":  # pragma: no cover (the one call of the command line)
    write_css()
