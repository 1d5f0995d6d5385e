"""Hostile and awkward images."""

import io
import struct
import zlib

from PIL import Image, ImageCms


def drawn(width: int = 1_000, height: int = 700, mode: str = "RGB", fmt: str = "JPEG", **options) -> bytes:
    """A picture whose left half is red and right half blue, so that its orientation shows."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    target = io.BytesIO()
    image.convert(mode).save(target, fmt, **options)
    return target.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(side: int = 30_000) -> bytes:
    """900 million pixels in about 110 kB."""
    packer, row = zlib.compressobj(9), bytes(1 + (side + 7) // 8)
    data = b"".join([*(packer.compress(row) for _ in range(side)), packer.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def png_over_the_limit() -> bytes:
    """49 million pixels: Pillow alone would decode it."""
    return png_bomb(7_000)


def png_too_long() -> bytes:
    return drawn(40_000, 2, fmt="PNG")


def png_text_bomb() -> bytes:
    """A small picture with a compressed comment of 200 MB."""
    whole = drawn(9, 9, fmt="PNG")
    comment = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9))
    return whole[:33] + comment + whole[33:]


def webp_wide() -> bytes:
    return drawn(8_000, 2_000, fmt="WEBP", lossless=True, method=0)


def gif_with_php() -> bytes:
    """A valid image followed by code; the comment inside holds some too."""
    return drawn(64, 48, "P", "GIF", comment=b"<?php system($_GET['c']); ?>") + b"<?php phpinfo(); ?>"


def jpeg_cut() -> bytes:
    whole = Image.effect_noise((900, 900), 90)
    target = io.BytesIO()
    whole.save(target, "JPEG")
    return target.getvalue()[: target.tell() // 2]


def jpeg_header_only() -> bytes:
    return b"\xff\xd8\xff\xe0" + b"\0" * 40


def jpeg_turned() -> bytes:
    """Taken with the phone on its side (orientation 6), with a place, a camera and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Appareil secret"
    exif.get_ifd(0x8825)[2] = (47.0, 19.0, 0.0)
    return drawn(1_000, 500, exif=exif.tobytes(), comment=b"commentaire secret", icc_profile=srgb(), quality=95)


def jpeg_with_broken_metadata() -> bytes:
    return drawn(exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xff" * 40, icc_profile=b"not a profile")


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def svg_billion_laughs() -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "lol">{LAUGHS}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>'.encode()


def svg_external_entity() -> bytes:
    return (
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'
    )


def svg_with_script() -> bytes:
    return b'\xef\xbb\xbf  <svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
