"""Decodes an image and makes its renditions. Runs in the child process only (see sandbox.py).

Only what is drawn anew here is published: whatever else the file held (EXIF and its places, comments, code) is gone. The first image of an
animation is kept: a page must not move on its own (RGAA 13.8).
"""

import base64
import io
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError, features

from .errors import Refused, Unreadable

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
WIDTHS = (400, 800, 1600)
TALLEST = 3  # heights per width: a very tall image gets narrower, its file stays bounded
SIDE = 30_000
STRIP = 64
# pixels that decode within the child's 300 MiB: WebP and GIF decoders keep several copies of the image, a progressive JPEG all its coefficients
PIXELS = {
    "JPEG": 40_000_000,
    "progressive": 30_000_000,
    "MPO": 40_000_000,
    "PNG": 40_000_000,
    "WEBP": 13_000_000,
    "GIF": 16_000_000,
}
SETTINGS: dict[str, dict[str, Any]] = {
    "WEBP": {"quality": 80, "method": 4},
    "AVIF": {"quality": 60, "speed": 8, "max_threads": 1},
}

TOO_LARGE = (
    "Cette image a trop de pixels pour être traitée. Réduisez-la à 4 000 pixels de large au plus, puis déposez-la de nouveau."
)
NOT_AN_IMAGE = "Cette image ne s’ouvre pas : elle est abîmée, ou ce n’est pas une image JPEG, PNG, WebP ou GIF."
CUT = "Cette image est incomplète ou abîmée. Récupérez le fichier d’origine, puis déposez-le de nouveau."


def check(path: Path, seconds: float) -> Iterator[dict[str, Any]]:
    """Whether the image decodes, at the cost of a decoding."""
    yield {"size": _decoded(path).size}


def read(path: Path, seconds: float) -> Iterator[dict[str, Any]]:
    """A line per rendition: format, width, height and its bytes in base 64."""
    image = _upright(_decoded(path))
    for size in _sizes(image.size):
        drawn = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        for name in _formats():
            target = io.BytesIO()
            drawn.save(target, name, **SETTINGS[name])
            yield {
                "format": name.lower(),
                "width": size[0],
                "height": size[1],
                "data": base64.b64encode(target.getvalue()).decode(),
            }


def _formats() -> list[str]:
    return [name for name in SETTINGS if features.check(name.lower())]


def _decoded(path: Path) -> Image.Image:
    """The image in RGB, RGBA or CMYK, large ones already reduced, with what the file says of orientation and colours in `info`."""
    with _opened(path) as image:
        _check_size(image)
        image.draft(None, (max(WIDTHS), max(WIDTHS)))  # JPEG: decode at a half, a quarter or an eighth
        try:
            image.load()
            return _reduced(image)
        except MemoryError:
            raise Unreadable(TOO_LARGE) from None
        except Exception:
            raise Refused(CUT) from None


def _opened(path: Path) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a broken EXIF block, for instance
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(path, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Refused(NOT_AN_IMAGE) from None


def _check_size(image: Image.Image) -> None:
    """Before any pixel is decoded."""
    limit = PIXELS["progressive" if "progressive" in image.info else image.format or "JPEG"]
    if image.width * image.height > limit or max(image.size) > SIDE:
        raise Refused(TOO_LARGE)


def _reduced(image: Image.Image) -> Image.Image:
    """A copy at least as wide as the largest rendition when it can be, made by strips: a second whole image would not fit in memory."""
    mode = "RGBA" if image.has_transparency_data else "CMYK" if image.mode == "CMYK" else "RGB"
    factor = max(1, min(image.size) // max(WIDTHS))
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, STRIP * factor):
        strip = image.crop((0, top, image.width, min(top + STRIP * factor, image.height))).convert(mode)
        small.paste(strip.reduce(factor), (0, top // factor))
    small.info = dict(image.info)
    return small


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says, in sRGB, with nothing left in `info`."""
    with suppress(Exception):  # a broken EXIF block says nothing
        ImageOps.exif_transpose(image, in_place=True)
    image = _in_srgb(image, "RGBA" if image.mode == "RGBA" else "RGB")
    image.info = {}
    return image


def _in_srgb(image: Image.Image, mode: str) -> Image.Image:
    """Through the file's own colour profile (recent telephones, print shops) when it has a sound one."""
    with suppress(ImageCms.PyCMSError, OSError, ValueError, KeyError):
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        drawn = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=mode)
        return drawn or image.convert(mode)
    return image.convert(mode)


def _sizes(size: tuple[int, int]) -> list[tuple[int, int]]:
    """400, 800 and 1 600 wide, or the image's own width when it is smaller; never enlarged."""
    width, height = size
    scales = (min(1.0, wanted / width, wanted * TALLEST / height) for wanted in WIDTHS)
    return list(dict.fromkeys((max(1, round(width * scale)), max(1, round(height * scale))) for scale in scales))
