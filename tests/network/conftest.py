"""The real reference data, loaded once for a module: each test runs in a savepoint of the transaction that holds it.

A module that uses it has no test on an empty database: the data stays until its end.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from resources.models import DocumentType
from tests.factories import accounts
from trajectoire.core.models import User


@pytest.fixture(scope="module")
def _reference_loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def reference(_reference_loaded, db):
    """Territories, contracts, themes, audiences and glossary as the command loads them."""


@pytest.fixture
def library(reference):
    """The reference data, and a type of document: enough to write about a territory."""
    DocumentType.objects.create(slug="synthese", name="synthèse", plural="synthèses", feminine=True)


@pytest.fixture
def browser():
    """Ending an answer twice, as the site's own browser does, closes the connection that holds the reference data."""

    def open_one(user: User | None = None) -> Client:
        client = Client()
        if user:
            accounts.open_session(client, user)
            client.user = user
        return client

    return open_one
