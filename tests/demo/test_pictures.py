"""The drawn covers: large enough, light enough, described, and for fiches that exist."""

import io

import pytest
from PIL import Image

from resources.demo import pictures, texts


@pytest.mark.parametrize("slug", pictures.PICTURES)
def test_picture_is_a_jpeg_of_the_right_size(slug):
    drawn = pictures.draw(pictures.PICTURES[slug])
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 1000))
        assert len(image.getcolors(10_000_000)) > 100
    assert len(drawn) < 250_000


def test_picture_is_always_the_same():
    picture = pictures.PICTURES["bibliotheque-sur-le-quai-lire-a-migennes"]
    assert pictures.draw(picture) == pictures.draw(picture)


def test_pictures_are_of_fiches_and_described():
    fiches = {text.slug for text in texts.read() if text.values["type"] == "fiche-experience"}
    assert len(pictures.PICTURES) == 6
    assert set(pictures.PICTURES) <= fiches
    assert all(20 < len(picture.alt) < 200 for picture in pictures.PICTURES.values())
