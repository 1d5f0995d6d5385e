"""Every element, attribute and property of our mails is known to the programs that show them, or does without harm.

After the tests of caniemail.com, cut down to the programs that readers in France use (tests/data/README.md).
"""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from trajectoire.core.mail_text import STYLES
from trajectoire.core.prose import EXTENSIONS

DATA = json.loads((Path(__file__).parents[2] / "data" / "caniemail.json").read_text("utf-8"))
FEATURES: dict[str, str] = DATA["features"]

# What mails were made of before anybody tested them: caniemail has no page on it.
ALWAYS = {
    *("element html", "element head", "element title", "element a", "element br", "element em", "element meta"),
    *("attribute href", "attribute hreflang", "attribute class", "attribute charset", "attribute name", "attribute content"),
    *("element meta-viewport", "element meta-supported-color-schemes", "property color", "property font-family"),
}
# The same thing under the name of its page.
NAMES = {
    **dict.fromkeys(("element h1", "element h2", "element h3", "element h4"), "html-h1-h6"),
    **dict.fromkeys(("element ul", "element ol", "element li"), "html-lists"),
    **dict.fromkeys(("element table", "element tbody", "element tr", "element th", "element td"), "html-table"),
    **dict.fromkeys(
        ("property border-top", "property border-bottom", "property border-left", "property border-color"), "css-border"
    ),
    "property padding-left": "css-padding",
}
# Where it is not known, the mail is read all the same.
WITHOUT_HARM = {
    "css-border-radius": "corners are square",
    "css-at-media-prefers-color-scheme": "the mail stays light, or the program darkens it by itself",
    "css-white-space": "a quoted message loses its blank lines",
    "html-aria-label": "the article has no name of its own: its title follows",
    "html-role": "the article is a plain block",
    "html-meta-color-scheme": "the mail stays light",
    "html-body": "its colours are those of the program",
    "html-lang": "the voice of the reader's own language reads it",
    "css-height": "the band of colour is thinner",
}
PROSE = {
    "Bold": ["strong"],
    "Italic": ["em"],
    "BulletList": ["ul"],
    "OrderedList": ["ol"],
    "ListItem": ["li"],
    "Blockquote": ["blockquote"],
    "Heading": ["h2", "h3", "h4"],
    "Link": ["a"],
    "Table": ["table", "tbody"],
    "TableRow": ["tr"],
    "TableHeader": ["th"],
    "TableCell": ["td"],
    "HardBreak": ["br"],
}


def used_in_templates() -> set[str]:
    found = set()
    for path in (settings.BASE_DIR / "templates" / "emails").glob("*.html"):
        html = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "x", path.read_text("utf-8"))
        for tag, attributes in re.findall(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>", html):
            found |= {f"element {tag}", *(f"attribute {name}" for name in re.findall(r"([a-z-]+)=\"", attributes))}
        found |= {f"element meta-{name}" for name in re.findall(r'<meta name="([a-z-]+)"', html)}
    return found


def used_in_styles() -> set[str]:
    css = re.sub(r"/\*.*?\*/", "", STYLES.read_text("utf-8"), flags=re.DOTALL)
    found = {f"property {name}" for name in re.findall(r"[{;]\s*([a-z-]+)\s*:", css)}
    return found | {f"media {name}" for name in re.findall(r"@media \(([a-z-]+)", css)}


def page_of(used: str) -> str:
    kind, name = used.split(" ")
    prefix = {"element": "html-", "attribute": "html-", "property": "css-", "media": "css-at-media-"}[kind]
    return NAMES.get(used, prefix + name)


USED = used_in_templates() | used_in_styles() | {f"element {tag}" for tags in PROSE.values() for tag in tags}


def unsupported(page: str) -> list[str]:
    """The programs that do not know it; « u » is unknown, « a » in part."""
    return [client for client, answer in zip(DATA["clients"], FEATURES[page], strict=True) if answer == "n"]


def test_rich_text_is_wholly_looked_at():
    assert set(PROSE) == set(EXTENSIONS)


@pytest.mark.parametrize("used", sorted(USED - ALWAYS))
def test_each_is_known_or_does_without_harm(used):
    page = page_of(used)
    assert page in FEATURES, f"caniemail has no page on {used}: is it safe?"
    assert page in WITHOUT_HARM or unsupported(page) == []


def test_no_excuse_is_kept_that_is_not_needed():
    pages = {page_of(used) for used in USED - ALWAYS}
    assert {page for page in WITHOUT_HARM if page not in pages or not unsupported(page)} == set()


@pytest.mark.parametrize("wrong", ["css-display-grid", "css-variables", "html-video", "css-position"])
def test_what_programs_do_not_know_would_be_seen(wrong):
    """Negative control."""
    assert unsupported(wrong)
    assert wrong not in WITHOUT_HARM
