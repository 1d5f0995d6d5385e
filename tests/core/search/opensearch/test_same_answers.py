"""What readers get, and how the index follows the database, are the same from a server: the very same tests."""

import pytest

from tests.core.search.test_following import *  # noqa: F403
from tests.core.search.test_hostile import notes, test_hostile_filters_pages_and_sorts_get_an_answer  # noqa: F401
from tests.core.search.test_querying import *  # noqa: F403

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]
