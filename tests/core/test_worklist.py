"""The home page of the administration says what waits, to who may do it, one click away."""

import datetime

import pytest
from django.utils import timezone

from network.importing.records import DuplicatePair
from network.models import HelpRequest
from tests.factories.directory import organisation
from tests.factories.documents import document
from tests.factories.events import event, registration
from trajectoire.core import worklist
from trajectoire.core.models import ContactMessage
from trajectoire.core.outbox import OutgoingMail

HOME = "/admin/"


def words(client) -> list[str]:
    """The lines of the page, in order; each leads to a list that shows something."""
    found, html = worklist.lines(client.user), client.get(HOME).content.decode()
    assert all(line.words in html for line in found)
    for line in found:
        page = client.get(line.url)
        assert page.status_code == 200, line.words
        assert "cl" not in page.context or len(page.context["cl"].result_list) >= 1, line.words
    return [line.words.replace("\u00a0", " ") for line in found]


def test_nothing_to_do_is_said(administrator):
    assert "Rien n’attend pour le moment." in administrator.get(HOME).content.decode()


def test_each_line_leads_to_what_waits(administrator, world):
    OutgoingMail.objects.create(kind="contact", recipient="a@example.org", subject="x", message_id="1", status="failed")
    ContactMessage.objects.create(name="Ada", email="a@example.org", subject="x", message="x")
    asked = HelpRequest.objects.create(subject="x", name="Ada", email="a@example.org")
    HelpRequest.objects.filter(pk=asked.pk).update(last_activity_at=timezone.now() - datetime.timedelta(days=40))
    DuplicatePair.objects.create(first=organisation(), second=organisation(), score=90, reason="nom proche")
    document(review_on=timezone.localdate())
    broken = document()
    broken.files.create(name="a.pdf", label="PDF", content_type="application/pdf", state="unreadable", file="a.pdf")
    registration(event(), "candidature")
    registration(event(days=(-3,)))
    changed = event()
    changed.untold = {}
    changed.save()
    assert words(administrator) == [
        "1 demande d’accompagnement qui dort, à relancer",
        "1 e-mail n’a pas pu partir",
        "1 événement avec des candidatures à examiner",
        "1 événement qui a changé sans que les personnes le sachent",
        "1 demande d’accompagnement à traiter",
        "1 document dont un fichier est illisible",
        "1 document à relire",
        "2 départements avec moins de 2 personnes habilitées",
        "1 message reçu à traiter",
        "1 paire de structures qui se ressemblent",
        "1 événement passé sans présence cochée",
    ]


def test_work_of_others_is_not_shown(documentalist, world):
    registration(event(), "candidature")
    document(review_on=timezone.localdate())
    assert words(documentalist) == ["1 document à relire"]


def test_staff_without_role_has_nothing_to_do(powerless, world):
    document(review_on=timezone.localdate())
    assert worklist.lines(powerless.user) == []


@pytest.mark.parametrize("days", [(-3,), (-400,)])
def test_presence_ticked_or_too_old_is_no_work(administrator, days):
    person = registration(event(days=days))
    if days == (-3,):
        person.presences.create(date=person.event.dates.get(), half_day="matin", present=True)
    assert words(administrator) == []
