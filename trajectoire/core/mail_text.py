"""What a mail says, from its two templates: nothing unknown may be left blank, styles are written into the HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context, Engine, engines
from django.utils.html import escape

STYLES = settings.BASE_DIR / "static" / "css" / "mail.css"


class UnknownVariable(Exception):
    """A template asks for a variable that it was not given: a mail with a hole must not leave."""


class Refusing(str):
    """Django asks it what to write in the place of an unknown variable."""

    def __contains__(self, text: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        raise UnknownVariable(str(variable))


class Strict(Context):
    """Also refuses unknown names where Django takes them for false: `if`, `for`."""

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError as error:
            raise UnknownVariable(key) from error


@dataclass(frozen=True)
class Rendered:
    """`html` may be empty."""

    subject: str
    text: str
    html: str

    def filled(self, values: Mapping[str, str]) -> "Rendered":
        """With the values of one person in the place of the marks."""
        text, html = self.text, self.html
        for name, value in values.items():
            text, html = text.replace(mark(name), value), html.replace(mark(name), escape(value))
        return Rendered(self.subject, text, html)


def mark(name: str) -> str:
    """What stands in a common text for a value of each person."""
    return f"-*{name}*-"


def render(kind: str, context: Mapping[str, Any]) -> Rendered:
    """emails/<kind>.txt (first line: the subject, then an empty one) and emails/<kind>.html."""
    given = {"site_url": settings.SITE_URL, **context}
    subject, blank, text = _fill(f"emails/{kind}.txt", given, autoescape=False).strip().split("\n", 2)
    if blank.strip():
        raise ValueError(f"the subject of {kind} takes more than one line")
    html = _fill(f"emails/{kind}.html", given | {"subject": subject}, autoescape=True)
    return Rendered(subject.strip(), text.strip() + "\n", inlined(html))


def _fill(name: str, context: Mapping[str, Any], *, autoescape: bool) -> str:
    return _engine().get_template(name).render(Strict(dict(context), autoescape=autoescape))


@cache
def _engine() -> Engine:
    """The site's templates and tags, with another answer to unknown variables."""
    known = engines["django"].engine  # type: ignore[attr-defined]
    return Engine(
        dirs=known.dirs, app_dirs=True, libraries=known.libraries, builtins=known.builtins, string_if_invalid=Refusing("%s")
    )


def inlined(html: str) -> str:
    """The HTML with its styles on each element; only the dark colours and narrow screens stay in a <style>."""
    return _inliner(STYLES, STYLES.stat().st_mtime_ns).inline(html)


@cache
def _inliner(path: Path, version: int) -> css_inline.CSSInliner:
    return css_inline.CSSInliner(extra_css=path.read_text("utf-8"), load_remote_stylesheets=False, keep_at_rules=True)
