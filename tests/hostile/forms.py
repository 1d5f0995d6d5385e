"""The forms that anybody may send, read from the pages as a robot would read them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.factories.directory import shown_a_minute_ago

TEXTS = {"text", "search", "tel", "url", "textarea", "hidden", ""}


@dataclass
class Form:
    """`fields`: {name: type}; a `<select>` and choices come with the values offered."""

    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)

    @property
    def is_guarded(self) -> bool:
        return {"website", "shown_at"} <= set(self.fields)

    def filled(self, text: str) -> dict[str, str]:
        """The same text in every field, a good address and a good hour where they decide."""
        sent = {name: text for name, kind in self.fields.items() if kind in TEXTS}
        sent |= {name: "ada@example.org" for name, kind in self.fields.items() if kind == "email"} | self.choices
        return sent | {"website": "", "shown_at": shown_a_minute_ago(), "csrfmiddlewaretoken": ""}


class Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "form":
            self.found.append(Form(given.get("method", "get").lower()))
        elif not self.found:
            return
        elif tag == "option" and self.select and given.get("value"):
            self.found[-1].choices.setdefault(self.select, given["value"])
        elif tag == "select":
            self.select = name
        elif tag == "input" and kind in ("radio", "checkbox"):
            self.found[-1].choices.setdefault(name, given.get("value", "on"))
        elif kind == "hidden" and given.get("value"):
            self.found[-1].choices[name] = given["value"]  # what a first step has already said
            self.found[-1].fields[name] = "kept"
        elif name and tag in ("input", "textarea"):
            self.found[-1].fields[name] = "textarea" if tag == "textarea" else kind


def forms_of(html: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = Forms()
    reader.feed(html)
    return [form for form in reader.found if form.method == "post"]
