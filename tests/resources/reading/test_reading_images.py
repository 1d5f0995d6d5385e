import io

import pytest
from PIL import Image, features

from resources.reading import Refused, Rendition, renditions
from resources.reading import images as child
from resources.reading.worker import answers
from tests.hostile import images


def opened(rendition: Rendition) -> Image.Image:
    return Image.open(io.BytesIO(rendition.data))


def in_process(path) -> list[dict]:
    return list(answers(lambda: child.read(path, 60)))


def test_three_widths_in_two_formats(drop):
    found = renditions(drop(images.drawn(2_000, 1_000)))
    assert [(r.format, r.width, r.height) for r in found if r.format == "webp"] == [
        ("webp", 400, 200),
        ("webp", 800, 400),
        ("webp", 1_600, 800),
    ]
    assert {r.content_type for r in found} == {"image/webp", "image/avif"} if features.check("avif") else {"image/webp"}
    assert all(opened(r).size == (r.width, r.height) for r in found)
    assert all(opened(r).format.lower() == r.format for r in found)


@pytest.mark.parametrize(("width", "widths"), [(300, [300]), (400, [400]), (600, [400, 600]), (1_000, [400, 800, 1_000])])
def test_small_image_is_never_enlarged(width, widths, drop):
    assert [r.width for r in renditions(drop(images.drawn(width, 90))) if r.format == "webp"] == widths


def test_very_tall_image_is_narrowed(drop):
    sizes = [(r.width, r.height) for r in renditions(drop(images.drawn(400, 20_000))) if r.format == "webp"]
    assert sizes == [(24, 1_200), (48, 2_400), (96, 4_800)]


def test_photo_is_upright_and_says_nothing_of_its_author(drop):
    data = images.jpeg_turned()
    assert b"secret" in data
    found = renditions(drop(data))
    assert [(r.width, r.height) for r in found if r.format == "webp"] == [(400, 800), (500, 1_000)]
    for rendition in found:
        image = opened(rendition)
        red, _green, blue = image.convert("RGB").getpixel((200, 100))
        assert red > 200 > 60 > blue, "the left half is on top once turned"
        assert not image.getexif()
        assert "icc_profile" not in image.info
        assert b"secret" not in rendition.data


def test_code_glued_to_an_image_is_gone(drop):
    for rendition in renditions(drop(images.gif_with_php())):
        assert b"php" not in rendition.data


def test_broken_metadata_do_not_prevent_the_reading(drop):
    assert in_process(drop(images.jpeg_with_broken_metadata()))[-1] == {"done": True}


@pytest.mark.parametrize(
    ("mode", "fmt"), [("CMYK", "JPEG"), ("L", "JPEG"), ("P", "GIF"), ("P", "PNG"), ("I;16", "PNG"), ("1", "PNG"), ("LA", "PNG")]
)
def test_every_mode_becomes_rgb(mode, fmt, drop):
    source = images.drawn(80, 60, "L" if mode == "I;16" else mode, fmt)
    lines = in_process(drop(source))
    assert lines[-1] == {"done": True}
    assert (lines[0]["width"], lines[0]["height"]) == (80, 60)


def test_transparency_is_kept(drop):
    found = renditions(drop(images.drawn(80, 60, "RGBA", "PNG")))
    assert all(opened(r).mode in ("RGBA", "RGB") for r in found)
    target = io.BytesIO()
    Image.new("RGBA", (80, 60), (255, 0, 0, 0)).save(target, "PNG")
    assert all(opened(r).convert("RGBA").getpixel((9, 9))[3] == 0 for r in renditions(drop(target.getvalue())))


def test_large_image_is_reduced_by_strips_without_seam(drop):
    """A ramp from top to bottom stays a ramp: no strip is lost or shifted."""
    ramp = Image.linear_gradient("L").resize((3_300, 3_300))
    target = io.BytesIO()
    ramp.save(target, "PNG")
    large = opened([r for r in renditions(drop(target.getvalue())) if r.format == "webp"][-1]).convert("L")
    column = [large.getpixel((800, y)) for y in range(0, 1_600, 40)]
    assert large.size == (1_600, 1_600)
    assert column == sorted(column)
    assert all(abs(value - 255 * n / 40) < 8 for n, value in enumerate(column))


def test_colours_go_through_the_profile_of_the_file(drop):
    """A profile whose red and blue are exchanged: once in sRGB, the left half is blue."""
    exchanged = images.srgb().replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    path = drop(images.drawn(90, 60, icc_profile=exchanged, quality=95))
    red, _green, blue = opened(renditions(path)[0]).convert("RGB").getpixel((10, 10))
    assert blue > 200 > 60 > red
    assert in_process(path)[-1] == {"done": True}


def test_several_pictures_in_one_keep_the_first(drop):
    """A photo of a telephone in two pictures (MPO)."""
    target = io.BytesIO()
    first, second = Image.new("RGB", (90, 60), "red"), Image.new("RGB", (90, 60), "blue")
    first.save(target, "MPO", save_all=True, append_images=[second])
    lines = in_process(drop(target.getvalue()))
    assert lines[-1] == {"done": True}
    red, _green, blue = opened(renditions(drop(target.getvalue()))[0]).convert("RGB").getpixel((9, 9))
    assert red > 200 > 60 > blue


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (images.png_bomb, child.TOO_LARGE),
        (images.png_over_the_limit, child.TOO_LARGE),
        (images.jpeg_cut, child.CUT),
        (images.jpeg_header_only, child.NOT_AN_IMAGE),
    ],
)
def test_refusal_by_the_child(make, reason, drop):
    assert in_process(drop(make())) == [{"refused": reason}]


def test_cut_photo_is_refused(drop):
    with pytest.raises(Refused, match="incomplète"):
        renditions(drop(images.jpeg_cut()))


def test_check_decodes_only(drop):
    assert list(child.check(drop(images.drawn(80, 60)), 60)) == [{"size": (80, 60)}]


def test_lack_of_memory_while_decoding_says_what_to_do(drop, monkeypatch):
    """In this process no limit holds: the decoder is made to fail as it does in the child."""

    def fail(_image):
        raise MemoryError

    monkeypatch.setattr(child, "_reduced", fail)
    assert in_process(drop(images.drawn(80, 60))) == [{"unreadable": child.TOO_LARGE}]
