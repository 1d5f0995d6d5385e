"""Documents with everything that a citation can hold."""

import datetime

import pytest

from resources.models import Document
from tests.factories import documents


@pytest.fixture
def cited(world, settings) -> Document:
    """A report with two authors, an ISBN and a series."""
    settings.SITE_URL = "https://www.example.org"
    return documents.document(
        "Menus & laïcité",
        slug="menus",
        subtitle="une synthèse",
        themes=["education", "sante"],
        authors="Trajectoire Ressources\nAna Vauthier",
        publisher="Trajectoire Ressources",
        summary="Ce qu’il\nfaut retenir.",
        isbn="978-2-0000-0001-9",
        pages=12,
        collection="lettre-information",
        number=7,
        date=datetime.date(2024, 5, 22),
    )
