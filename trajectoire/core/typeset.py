"""Rich text for typst: the site's HTML becomes typst markup that can only draw.

Every word goes through a string literal (`#"…";`), so that nothing in a text is ever read as code: « #import » stays text.
Headings never skip a level, which PDF/UA-1 refuses (ISO 14289-1, 7.4.2).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .pdf import shown

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
INLINE = {"strong": "strong", "b": "strong", "em": "emph", "i": "emph"}
LISTS = {"ul": "list", "ol": "enum"}
CELLS = {"td", "th"}
SILENT = {"script", "style", "template"}
LINK = re.compile(r"(https?://|mailto:|tel:)\S+", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\n\f]+")
SPAN = re.compile(r"[1-9]")
DEEPEST = 16  # a table in a list in a quotation fits; typst refuses show rules nested much deeper
NARROW = 22  # characters: a column of shorter texts keeps its natural width


@dataclass
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    def nodes(self, *tags: str) -> "Iterator[Node]":
        """The elements of these names below this one, outermost only."""
        for child in self.children:
            if isinstance(child, Node):
                if child.tag in tags:
                    yield child
                else:
                    yield from child.nodes(*tags)

    @property
    def text(self) -> str:
        """The words it shows, on one line."""
        if self.tag in SILENT:
            return ""
        words = " ".join(child if isinstance(child, str) else child.text for child in self.children)
        return SPACES.sub(" ", words).strip()


def html_to_typst(html: str, under: int = 0) -> str:
    """Typst markup for an HTML fragment; its headings lie under a heading of level `under` (0: none)."""
    return Typesetter(under).blocks(parse(html))


def literal(text: str) -> str:
    """A typst string holding this text."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse(html: str) -> Node:
    parser = TreeParser()
    parser.feed(html)
    parser.close()
    return parser.open[0]


class TreeParser(HTMLParser):
    """A tree of at most `DEEPEST` levels; deeper elements are left out, their text is kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.open) < DEEPEST or tag == "br":
            node = Node(tag, {name: value or "" for name, value in attrs})
            self.open[-1].children.append(node)
            if tag != "br":
                self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(SPACES.sub(" ", data))


class Typesetter:
    """Turns a tree into markup; remembers which headings the last one lies under."""

    def __init__(self, under: int) -> None:
        self.under = under
        self.path: list[str] = []

    def blocks(self, node: Node, *, free: bool = True) -> str:
        """What an element holds. Headings are headings only when `free`: elsewhere (a cell, a list) they are bold."""
        parts = [self.text(c) if isinstance(c, str) else self.element(c, free) for c in node.children]
        return "".join(parts).strip(" ")

    @staticmethod
    def text(text: str) -> str:
        words = text.strip(" ")
        if not words:
            return " " if text else ""
        return f"{' ' * text.startswith(' ')}#{literal(words)};{' ' * text.endswith(' ')}"

    def element(self, node: Node, free: bool) -> str:
        if node.tag in (*INLINE, "a", "br", *SILENT):
            return self.phrase(node, linked=False)
        if node.tag == "table":
            return self.table(node)
        if node.tag in HEADINGS:
            return self.heading(node, free)
        if node.tag in LISTS and (items := [f"[{self.blocks(item, free=False)}]" for item in node.nodes("li")]):
            return f"#{LISTS[node.tag]}({', '.join(items)});"
        inner = self.blocks(node, free=free and node.tag != "blockquote")
        if inner and node.tag == "blockquote":
            return f"#quote(block: true)[{inner}];"
        return f"{inner}#parbreak();" if inner and node.tag in ("p", "div", "li") else inner

    def phrase(self, node: Node, linked: bool) -> str:
        """An element inside a line. What it holds stays in the line: a block there would split its tag, which PDF/UA forbids."""
        if node.tag in SILENT:
            return ""
        if node.tag == "br":
            return "#linebreak();"
        href = node.attributes.get("href", "").strip() if node.tag == "a" else ""
        is_link = not linked and bool(LINK.fullmatch(href))
        inner = "".join(self.text(c) if isinstance(c, str) else self.phrase(c, linked or is_link) for c in node.children)
        if not inner.strip():
            return inner
        if is_link:
            return f"#link({literal(href)})[{inner}];"
        return f"#{INLINE[node.tag]}[{inner}];" if node.tag in INLINE else inner

    def heading(self, node: Node, free: bool) -> str:
        """A heading one level below the nearest larger one, so that no level is skipped; none without words."""
        words = shown(node.text).strip()
        if not words:
            return ""
        if not free:
            return f"#strong[#{literal(words)};];#parbreak();"
        while self.path and self.path[-1] >= node.tag:
            self.path.pop()
        self.path.append(node.tag)
        return f"#heading(level: {self.under + len(self.path)})[#{literal(words)};];"

    def table(self, node: Node) -> str:
        """The first row of <th> becomes the header, repeated on each page; short rows are completed."""
        rows = [list(row.nodes(*CELLS)) for row in node.nodes("tr")]
        rows = [row for row in rows if row]
        width = max((sum(span(cell) for cell in row) for row in rows), default=0)
        if not width:
            return self.blocks(node, free=False)
        drawn = [self.cells(row, width) for row in rows]
        if all(cell.tag == "th" for cell in rows[0]):
            drawn[0] = f"table.header({drawn[0]})"
        return f"#table(columns: ({columns(rows, width)},), {', '.join(drawn)});"

    def cells(self, row: list[Node], width: int) -> str:
        cells = []
        for cell in row:
            cells += [f"[{self.blocks(cell, free=False)}]"] + ["[]"] * (span(cell) - 1)
        return ", ".join(cells + ["[]"] * (width - len(cells)))


def span(cell: Node) -> int:
    """How many columns a cell covers; its text goes in the first one."""
    wanted = cell.attributes.get("colspan", "1")
    return int(wanted) if SPAN.fullmatch(wanted) else 1


def columns(rows: list[list[Node]], width: int) -> str:
    """Widths that fill the page: narrow columns keep theirs, the others share the rest by the length of their texts."""
    longest = [max((len(row[i].text) for row in rows if i < len(row)), default=0) for i in range(width)]
    threshold = min(NARROW, max(longest) - 1)
    return ", ".join("auto" if length <= threshold else f"{round(max(1, length) ** 0.5 + 1)}fr" for length in longest)
