"""Rich text for typst: what it draws, and that no text is ever read as code."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trajectoire.core.pdf import typst_pdf
from trajectoire.core.typeset import html_to_typst, literal

STRING = re.compile(r'"(?:[^"\\]|\\["\\])*"')
# All that may stand outside strings: our own calls, and layout.
MARKUP = re.compile(
    r"(?:#(?:heading|strong|emph|list|enum|link|quote|table|parbreak|linebreak)\b|table\.header|level: \d+|block: true|columns: "
    r"|auto|\d+fr|[#()\[\];, ]|S)*"
)
DRAW = "#title()\n#rich(data.body)"


@pytest.mark.parametrize(
    ("html", "markup"),
    [
        ("", ""),
        (
            "<p>Un <strong>mot</strong> et <em>un</em> autre</p>",
            '#"Un"; #strong[#"mot";]; #"et"; #emph[#"un";]; #"autre";#parbreak();',
        ),
        ("<p>a<br>b</p>", '#"a";#linebreak();#"b";#parbreak();'),
        ("<p>a<br/>b", '#"a";#linebreak();#"b";#parbreak();'),
        ("<ul><li>un</li> <li><p>deux</p></li></ul>", '#list([#"un";], [#"deux";#parbreak();]);'),
        ("<ol><li>un</li></ol>", '#enum([#"un";]);'),
        ("<ul>sans point</ul>", '#"sans point";'),
        ("<li>seul</li>", '#"seul";#parbreak();'),
        ("<blockquote><p>dit</p></blockquote>", '#quote(block: true)[#"dit";#parbreak();];'),
        ('<a href="https://example.org/?a=1&amp;b=2">ici</a>', '#link("https://example.org/?a=1&b=2")[#"ici";];'),
        ('<a href="mailto:contact@example.org">écrire</a>', '#link("mailto:contact@example.org")[#"écrire";];'),
        ('<a href="javascript:alert(1)">ici</a>', '#"ici";'),
        ('<a href="/aide/">aide</a>', '#"aide";'),
        ("<a>rien</a><a href='https://example.org'></a>", '#"rien";'),
        ("<span>gardé</span><script>retiré</script><style>p{}</style>", '#"gardé";'),
        ("a</p></em>b", '#"a";#"b";'),
        ("<p>  \n </p>", ""),
        ("Un « mot »\u00a0!", '#"Un « mot »\u00a0!";'),
    ],
)
def test_html_becomes_markup(html, markup):
    assert html_to_typst(html) == markup


@pytest.mark.parametrize(
    ("html", "under", "levels"),
    [
        ("<h2>a</h2><h3>b</h3><h3>c</h3><h4>d</h4><h2>e</h2>", 0, "12231"),
        ("<h4>a</h4><h2>b</h2><h4>c</h4>", 0, "112"),
        ("<h3>a</h3><h3>b</h3><h4>c</h4>", 1, "223"),
        ("<h2> <script>a</script>\u0001</h2><h3>b<ul><li>c</ul></h3>", 0, "1"),
        ("<blockquote><h2>a</h2></blockquote><ul><li><h3>b</h3></li></ul>", 0, ""),
    ],
)
def test_headings_never_skip_a_level(html, under, levels):
    assert "".join(re.findall(r"heading\(level: (\d)\)", html_to_typst(html, under))) == levels


def test_table_is_completed_and_keeps_its_header():
    html = "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td colspan='2'>1</td></tr><tr><td>2</td></tr></tbody></table>"
    markup = html_to_typst(html)
    assert 'table.header([#"A";], [#"B";])' in markup
    assert markup.endswith(', [#"1";], [], [#"2";], []);')


def test_table_without_header_has_none():
    assert "header" not in html_to_typst("<table><tr><td>1</td><td colspan='x'>2</td></tr></table>")


def test_table_without_rows_keeps_its_text():
    assert html_to_typst("<table><tr></tr>perdu</table>") == '#"perdu";'


def test_long_columns_share_the_width():
    html = f"<table><tr><td>court</td><td>{'mot ' * 100}</td><td>{'mot ' * 30}</td></tr></table>"
    assert "columns: (auto, 21fr, 12fr,)" in html_to_typst(html)


def test_nesting_is_bounded_and_text_kept():
    markup = html_to_typst("<blockquote>" * 500 + "au fond" + "</blockquote>" * 500)
    assert '#"au fond";' in markup
    assert markup.count("#quote") < 20
    assert typst_pdf(DRAW, {"title": "x", "body": markup})


@given(st.text())
def test_literal_is_one_string(text):
    assert STRING.fullmatch(literal(text))


TAGS = ["h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "blockquote", "table", "thead", "tr", "th", "td", "a", "br", "x"]
PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ['#import "x"', '#read("/etc/passwd")', '"];#panic("x")', '\\"', "$x$", "*_`@<a>`", "//", "/*", "#{", "]", "\\", '";']
    ),
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.just('<a href="https://example.org/&quot;)[#panic()]">'),
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_but_our_calls_stands_outside_strings(html):
    assert MARKUP.fullmatch(STRING.sub("S", html_to_typst(html)))


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_any_html_makes_a_valid_file(html):
    assert typst_pdf(DRAW, {"title": "Essai", "body": html_to_typst(html)}).startswith(b"%PDF-1.7")
