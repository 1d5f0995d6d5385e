"""What the tests of the library share."""

import pytest

from network.models import Theme
from resources.models import DocumentType


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
