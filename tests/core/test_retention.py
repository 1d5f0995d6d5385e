"""What was kept long enough is erased, and nothing else."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from trajectoire.core.models import ContactMessage

pytestmark = pytest.mark.django_db


def write(days_ago: int) -> ContactMessage:
    with time_machine.travel(timezone.now() - datetime.timedelta(days=days_ago)):
        return ContactMessage.objects.create(name="Une personne", email="a@example.org", subject="Objet", message="Texte")


def run(*words: str) -> str:
    out = StringIO()
    call_command("apply_retention", *words, stdout=out)
    return out.getvalue()


def test_retention_erases_messages_older_than_a_year():
    recent = write(364)
    write(366)
    assert "Messages du formulaire de contact : 1 à effacer." in run("--dry-run")
    assert ContactMessage.objects.count() == 2
    assert "Messages du formulaire de contact : 1 effacés." in run()
    assert list(ContactMessage.objects.all()) == [recent]
    assert "Messages du formulaire de contact : 0 effacés." in run()
