"""The whole site to another database and back: not a comma differs."""

import pytest
from django.core.files.storage import default_storage

from tests.core.moving.conftest import clear, other_site
from trajectoire.core.models import User
from trajectoire.core.moving.arriving import bring

pytestmark = pytest.mark.django_db


def test_site_goes_to_another_database_and_back_with_the_same_sums(site, archive, tmp_path):
    """PostgreSQL → SQLite → PostgreSQL when the tests run on PostgreSQL."""
    first = archive("1.zip", complete=True)
    with other_site():
        there = bring(first)
        assert User.objects.get(pk=site.pk).password == site.password
        second = archive("2.zip", complete=True)
    clear()
    back = bring(second)
    assert there.digest == back.digest
    assert default_storage.exists("couvertures/a.webp")
    assert User.objects.create_user("nouvelle@example.org").pk > site.pk
