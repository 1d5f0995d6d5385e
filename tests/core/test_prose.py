"""The words of rich text, as a sentence to read."""

import pytest

from trajectoire.core.prose import sentences


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>Le contexte</h2><p>Un bar <strong>associatif</strong>, ouvert.</p>", "Le contexte · Un bar associatif, ouvert."),
        ("<ul><li>jouer</li><li>lire</li></ul>", "jouer · lire"),
        ("<table><tbody><tr><td>Planoise</td><td>à Besançon</td></tr></tbody></table>", "Planoise · à Besançon"),
        ("<p>Fini.</p><p>Ensuite :</p><p>oui</p>", "Fini. Ensuite : oui"),
        ("<p>a &amp; b</p><p></p>c", "a & b · c"),
        ("une ligne\n  ou deux", "une ligne ou deux"),
        ("", ""),
    ],
)
def test_blocks_stand_apart(html, text):
    assert sentences(html).replace("\u00a0· ", " · ") == text
