"""What is wrong in a French text (Lexique des règles typographiques, Imprimerie nationale), and where the site's texts are."""

import ast
import re
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
NB, NN = "\u00a0", "\u202f"
LETTER = r"[^\W\d_]"
RULES = [
    ("straight apostrophe", re.compile(rf"{LETTER}'{LETTER}")),
    ("straight quotes", re.compile(r'"')),
    ("no-break space missing after «", re.compile(rf"«(?!{NB})")),
    ("no-break space missing before »", re.compile(rf"(?<!{NB})»")),
    ("narrow no-break space missing before ; ! ?", re.compile(rf"[^{NN}\s!?(«][;!?](?=[\s»)]|$)|[ {NB}][;!?]")),
    ("no-break space missing before :", re.compile(rf"[^{NB}\s]:(?=\s|$)|[ {NN}]:(?!\S)")),
    ("no-break space missing before —", re.compile(r"[^\s] —")),
    ("three dots for an ellipsis", re.compile(r"\.\.\.")),
    ("no-break space missing in a number", re.compile(r"(?<![\d,.])\d{1,3}[ \u00a0]\d{3}(?![\d-])")),
    ("no-break space missing before a unit", re.compile(rf"\d(?: (?:%|€|h|km|ha|Mo|ko)\b|[ ]?[%€](?<![{NB}{NN}][%€]))")),
    ("no-break space missing after n°", re.compile(r"\b[nN]°(?:(?=\w)| )")),
    ("ligature missing", re.compile(r"\b(?:coeur|oeuvre|soeur|oeil|voeux?|noeud|boeuf|moeurs)", re.IGNORECASE)),
    ("capital without its accent", re.compile(r"\b(?:Etat|Etats|Ecole|Education|Egalité|Elus?|Elues?|A (?:la|le|Dijon|lire))\b")),
]


class Text(NamedTuple):
    where: str
    text: str


def faults(text: str) -> list[str]:
    """Each broken rule with the words around it."""
    return [
        f"{name}: …{text[max(0, found.start() - 20) : found.end() + 20]}…"
        for name, rule in RULES
        for found in rule.finditer(text)
    ]


# Patterns, markup, addresses, log lines, headers, code: read by machines or by us.
TECHNICAL = re.compile(
    r"\\\\|[{}<>]|^[A-Za-z0-9_./-]+$|^#|https?://|%\(|%s|(?:^|;)\s*[\w-]+=|SELECT |PRAGMA|\(\?|'(?:none|self)'|^(?:User-agent|Disallow|Allow|Sitemap):|import "
)


def shown(text: str) -> bool:
    """Whether a string of the code is French to be read: words, not a pattern nor an address."""
    if TECHNICAL.search(text) or not re.search(rf"{LETTER}{LETTER}|« ?X|n°", text) or re.fullmatch(r"[A-Z' _]{4,}", text):
        return False
    return bool(re.search(rf"{LETTER}.*\s|{LETTER}'{LETTER}|[àâçéèêëîïôùûüœ’«]", text))


def python_texts(folder: Path) -> Iterator[Text]:
    """The strings of the code, comments and docstrings left out; « X » stands for what an f-string inserts."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        left_out = set(_docstrings(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                left_out.update(id(part) for part in ast.walk(node) if part is not node)
            if id(node) in left_out or not (text := _string(node)):
                continue
            if shown(text):
                yield Text(f"{path.relative_to(ROOT)}:{node.lineno}", text)


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def _string(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_part, node.values))
    return ""


def _part(part: ast.expr) -> str:
    """What an f-string holds there; « X » for a value, the space itself for one of our named spaces."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    name = part.value.id if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name) else ""
    return {"NBSP": NB, "NNBSP": NN}.get(name, "X")


INLINE = re.compile(r"</?(?:a|abbr|b|cite|em|i|mark|q|small|span|strong|sub|sup)\b[^>]*>")
WORDS_IN_ATTRIBUTES = re.compile(r'\b(?:aria-label|alt|title|placeholder|content|label|text|link|button|data-[\w-]+)="([^"]*)"')


def template_texts(folder: Path) -> Iterator[Text]:
    """The words of the templates: between tags, in the attributes that are read, in what is given to other templates."""
    for path in sorted(folder.rglob("*.html")) + sorted(folder.rglob("*.txt")):
        source = path.read_text(encoding="utf-8")
        source = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->|<style.*?</style>", "", source, flags=re.S)
        for number, line in enumerate(source.splitlines(), 1):
            for text in _template_line(line):
                yield Text(f"{path.relative_to(ROOT)}:{number}", text)


def _template_line(line: str) -> Iterator[str]:
    drawn = re.sub(r"{{.*?}}", "X", line)
    for words in WORDS_IN_ATTRIBUTES.findall(drawn):
        if shown(re.sub(r"{%.*?%}", "", words)):
            yield unescape(re.sub(r"{%.*?%}", "", words))
    bare = re.sub(r"<[^>]*>", "\n", INLINE.sub("", re.sub(r"{%.*?%}", "X", drawn)))
    for words in bare.split("\n"):
        if re.search(LETTER + LETTER, words.replace("X", "")):
            yield unescape(words).strip(" ")


def toml_texts(folder: Path) -> Iterator[Text]:
    """Every text of the data files; tags taken off, addresses left out."""
    for path in sorted(folder.rglob("*.toml")):
        for text in _strings(tomllib.loads(path.read_text(encoding="utf-8"))):
            for line in re.sub(r"<[^>]*>", "\n", INLINE.sub("", text)).splitlines():
                words = re.sub(r"https?://\S+", "X", unescape(line)).strip(" ")
                if re.search(rf"{LETTER}\s|’|'", words):
                    yield Text(str(path.relative_to(ROOT)), words)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
