"""Many documents for the measurements: plausible, linked, indexed; never in production."""

import pytest
from django.core.management import CommandError, call_command

from resources.management.commands.make_documents import Maker
from resources.models import Document
from trajectoire.core import search


@pytest.mark.django_db(transaction=True)
def test_documents_are_made_linked_and_indexed(world, capsys):
    call_command("make_documents", count=30)
    made = Document.objects.filter(slug__startswith="mesure-1-")
    assert made.count() == 30
    assert not made.filter(themes=None).exists()
    assert not made.filter(territories=None).exists()
    assert not made.filter(audiences=None).exists()
    assert all(document.rendered["toc"] for document in made)
    found = search.query(search.Query(kinds=("document",), access=frozenset({"public"})))
    assert found.total == 30
    assert "30\u00a0documents créés" in capsys.readouterr().out


def test_more_documents_follow_the_first(world):
    Maker(1).documents(3)
    Maker(1).documents(2)
    assert Document.objects.count() == 5


def test_production_refuses_them(world, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="mesures"):
        call_command("make_documents", count=1)
    assert not Document.objects.exists()
