"""QR codes: the same drawing for the same address, safe in a page, readable by a machine of somebody else."""

import io

from PIL import Image

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


def test_picture_has_its_quiet_margin():
    with Image.open(io.BytesIO(qr.png(ADDRESS))) as picture:
        grey = picture.convert("L")
        assert picture.width == picture.height >= 6 * (25 + 8)
        assert {grey.getpixel((x, y)) for x in range(picture.width) for y in range(24)} == {255}
        assert grey.getpixel((24, 24)) < 60
