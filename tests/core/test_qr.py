"""QR codes: the same drawing for the same address, safe in a page."""

from trajectoire.core import qr

ADDRESS = "https://www.example.org/verifier/ABCDEFGHJKMNPQRS/"


def test_drawing_holds_no_text_and_takes_its_box():
    drawn = qr.svg('"><script>alert(1)</script>')
    assert drawn.startswith("<svg ")
    assert "viewBox=" in drawn
    assert "width=" not in drawn
    assert "script" not in drawn
    assert "style" not in drawn


def test_same_address_makes_the_same_drawing():
    assert qr.svg(ADDRESS) == qr.svg(ADDRESS) != qr.svg(f"{ADDRESS}x")
