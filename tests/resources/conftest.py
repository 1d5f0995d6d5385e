"""What the tests of the library share."""

import pytest

from network.models import Theme
from resources.models import DocumentType
from tests.factories.documents import many
from trajectoire.core import search
from trajectoire.core.faces import serving


@pytest.fixture
def needed(world) -> dict:
    """What a document needs to be published."""
    return {
        "title": "Une synthèse",
        "type": DocumentType.objects.get(slug="synthese").pk,
        "summary": "Ce qu’il faut retenir.",
        "themes": [Theme.objects.get(slug="education").pk],
        "status": "published",
    }


@pytest.fixture
def shelves(world):
    """More documents than a page of a feed holds, twice."""
    many(2 * serving.ENTRIES + 1)
    search.rebuild()
