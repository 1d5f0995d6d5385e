"""The home page of the administration says what waits, to who may do it, one click away."""

import datetime

import pytest
from django.utils import timezone

from network.importing.records import DuplicatePair
from network.models import HelpRequest
from resources.letters.models import Letter
from resources.pairs import DocumentPair
from tests.factories import accounts, vrl
from tests.factories.directory import initiative, organisation, person
from tests.factories.documents import document
from tests.factories.events import event, registration
from trajectoire.core import worklist
from trajectoire.core.clock.records import ScheduledJob
from trajectoire.core.models import ContactMessage
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.redirects import MissedPath
from trajectoire.core.rereading.places import LinkPlace, NamePlace, WebLink
from trajectoire.core.roles import ADMINISTRATION, LIBRARIAN, NETWORK, VRL

HOME = "/admin/"


def words(client) -> list[str]:
    """The lines of the page, in order; each leads to a list that shows something."""
    found, html = worklist.lines(client.user), client.get(HOME).content.decode()
    assert all(f'<span class="number">{line.number}</span> <span>{line.label}' in html for line in found)
    for line in found:
        page = client.get(line.url)
        assert page.status_code == 200, line.words
        assert "cl" not in page.context or len(page.context["cl"].result_list) >= 1, line.words
    return [line.words.replace("\u00a0", " ") for line in found]


def test_nothing_to_do_is_said(administrator):
    assert "Rien n’attend pour le moment." in administrator.get(HOME).content.decode()


def leave_to_decide() -> None:
    """What others sent, and what went wrong."""
    OutgoingMail.objects.create(kind="contact", recipient="a@example.org", subject="x", message_id="1", status="failed")
    ContactMessage.objects.create(name="Ada", email="a@example.org", subject="x", message="x")
    asked = HelpRequest.objects.create(subject="x", name="Ada", email="a@example.org")
    HelpRequest.objects.filter(pk=asked.pk).update(last_activity_at=timezone.now() - datetime.timedelta(days=40))
    DuplicatePair.objects.create(first=organisation(), second=organisation(), score=90, reason="nom proche")
    DocumentPair.objects.create(first=document(), second=document(), reason="même titre")
    document(review_on=timezone.localdate())
    broken = document()
    broken.files.create(name="a.pdf", label="PDF", content_type="application/pdf", state="unreadable", file="a.pdf")
    registration(event(), "candidature")
    registration(event(days=(-3,)))
    changed = event()
    changed.untold = {}
    changed.save()
    MissedPath.objects.create(path="/ancien/guide/", count=10)
    ScheduledJob.objects.create(command="send_mail", failure="x", started_at=timezone.now() - datetime.timedelta(minutes=20))


def leave_to_write() -> None:
    """What the team began, and what grows old."""
    document(status="draft")
    event(published=False)
    Letter.objects.create(number=1, title="Une", status="draft")
    Letter.objects.create(number=2, title="Deux", status="ready", problem="Le serveur refuse.")
    vrl.situation(published=False)
    vrl.situation(review_on=timezone.localdate())
    vrl.session(state="proposee")
    for make in (organisation, person, initiative):
        make(confirmed_on=timezone.localdate() - datetime.timedelta(days=600))
    wrong_text(document(url="https://a.example/"), "document")


def test_each_line_leads_to_what_waits(administrator, world):
    leave_to_decide()
    leave_to_write()
    assert words(administrator) == [
        "1 demande d’accompagnement qui dort, à relancer",
        "1 e-mail n’a pas pu partir",
        "1 lettre d’information n’a pas pu partir",
        "20 minutes depuis la dernière tâche automatique",
        "1 tâche automatique a échoué",
        "1 événement avec des candidatures à examiner",
        "1 événement qui a changé sans que les personnes le sachent",
        "1 adresse introuvable est souvent demandée",
        "1 demande d’accompagnement à traiter",
        "1 document dont un fichier est illisible",
        "1 document en brouillon, à publier",
        "1 document à relire",
        "2 départements avec moins de 2 personnes habilitées",
        "1 initiative sans confirmation depuis 18 mois",
        "1 lettre d’information en préparation",
        "1 lien mort dans les documents",
        "1 message reçu à traiter",
        "1 nom d’un service disparu dans les documents",
        "1 paire de documents qui se ressemblent",
        "1 paire de structures qui se ressemblent",
        "1 personne de l’annuaire sans confirmation depuis 18 mois",
        "1 session proposée, à examiner",
        "1 situation à mettre en ligne",
        "1 situation à relire",
        "1 situation à valider",
        "1 structure sans confirmation depuis 18 mois",
        "1 événement en brouillon, à publier",
        "1 événement passé sans présence cochée",
    ]


def wrong_text(row, source: str) -> None:
    """A dead link, and a service that no longer exists, in this text."""
    dead = WebLink.objects.create(url=row.url, dead=True, reason="page introuvable (404)")
    LinkPlace.objects.create(source=source, object_id=row.pk, title=str(row), link=dead)
    NamePlace.objects.create(source=source, object_id=row.pk, title=str(row), words="DRDJSCS", now="DREETS", excerpt="La DRDJSCS")


def test_lines_stand_under_their_subjects(administrator, world):
    document(status="draft")
    event(published=False)
    organisation(confirmed_on=timezone.localdate() - datetime.timedelta(days=600))
    vrl.situation(published=False)
    ContactMessage.objects.create(name="Ada", email="a@example.org", subject="x", message="x")
    groups = worklist.by_subject(administrator.user)
    assert [group["subject"] for group in groups] == ["Plan VRL", "Rendez-vous", "Réseau", "Bibliothèque", "Site"]
    assert [line.label for line in groups[3]["lines"]] == ["document en brouillon, à publier"]
    html = administrator.get(HOME).content.decode()
    assert '<h3 id="a-faire-plan-vrl">Plan VRL</h3>' in html


@pytest.mark.parametrize(
    ("role", "subjects"),
    [
        (LIBRARIAN, ["Réseau", "Bibliothèque", "Site"]),
        (NETWORK, ["Rendez-vous", "Réseau", "Bibliothèque", "Site"]),
        (VRL, ["Plan VRL", "Rendez-vous", "Bibliothèque", "Site"]),
        (ADMINISTRATION, ["Plan VRL", "Rendez-vous", "Réseau", "Bibliothèque", "Site"]),
    ],
)
def test_each_role_has_its_own_work(browser, world, role, subjects):
    document(status="draft")
    event(published=False)
    organisation(confirmed_on=timezone.localdate() - datetime.timedelta(days=600))
    vrl.situation(published=False)
    ContactMessage.objects.create(name="Ada", email="a@example.org", subject="x", message="x")
    client = browser(accounts.in_role(role))
    words(client)
    assert [group["subject"] for group in worklist.by_subject(client.user)] == subjects


def test_every_line_has_a_known_subject():
    assert {task.subject for task in worklist.registered()} == set(worklist.SUBJECTS)


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
