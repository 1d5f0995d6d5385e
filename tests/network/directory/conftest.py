"""The small world of the site, with what can be offered."""

import pytest

from tests.factories import directory


@pytest.fixture
def network(world):
    directory.offers()
