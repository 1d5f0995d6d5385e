"""Someone who left a trace everywhere, and somebody else of nearly the same address."""

from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.utils import timezone

from network.events.models import Attestation, Presence
from network.models import HelpNote, HelpRequest, Proposal
from resources.alerts.models import Alert, Subscriber
from resources.letters.models import Subscription
from tests.factories import accounts, directory, documents, events
from trajectoire.core import mail
from trajectoire.core.importing.records import ImportLine, ImportRun
from trajectoire.core.models import ContactMessage, Invitation, Page, SearchMiss, User
from trajectoire.core.spreadsheets import write_xlsx

ADA, OTHER = "Ada.Lovelace@example.org", "xada.lovelace@example.org"


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path) -> Path:
    """The file of fingerprints, and the folder of mails, of this test."""
    settings.ERASURES_FILE = tmp_path / "outside" / "effacements.txt"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mails")
    return settings.ERASURES_FILE


@pytest.fixture
def leave_traces(world, settings, django_capture_on_commit_callbacks):
    """A function that has someone do everything that the site allows."""

    def leave(email: str) -> None:
        lower = email.lower()
        user = accounts.user(lower, name="Ada Lovelace")
        session = SessionStore()
        session.update({"_auth_user_id": str(user.pk)})
        session.create()
        under_way = SessionStore()
        under_way.update({"account_login": {"email": lower}})
        under_way.create()
        Invitation.objects.create(email=email, name="Ada", group=accounts.trainer().groups.get(), invited_by=user)
        person_by_forms(email)
        directory.person("Ada Lovelace", email=email, phone="0380000000")
        directory.organisation(f"Analytique {email[0]}", email=email, phone="0380000001")
        attested(email)
        staff = ContentType.objects.get_for_model(User)
        LogEntry.objects.create(
            user=accounts.user(), content_type=staff, object_id="1", object_repr=lower, action_flag=CHANGE, change_message="x"
        )
        page = Page.objects.create(slug=f"p{user.pk}", title="Une page", body=f"<p>Écrivez à {email}.</p>")
        page.save()
        imported(email)
        with django_capture_on_commit_callbacks(execute=False):
            mail.post("personal_link", email, {"url": "https://example.org/"})
            mail.post_batch("personal_link", "batch-1", {"url": "https://example.org/"}, [mail.Recipient(email)], names=[])
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(exist_ok=True)
        (folder / f"{lower}.log").write_text(f"To: {lower}\n\nBonjour", encoding="utf-8")

    return leave


def person_by_forms(email: str) -> None:
    """What visitors leave by the public forms."""
    message = ContactMessage.objects.create(name="Ada", email=email, subject="Bonjour", message=f"Écrivez à {email}")
    mail.forward_contact(message)
    subscriber = Subscriber.objects.create(email=email)
    Alert.objects.create(subscriber=subscriber, listing="ressources", query="q=cantine", confirmed_at=timezone.now())
    Subscription.objects.create(subscriber=subscriber, confirmed_at=timezone.now(), consent="J’accepte.")
    asked = HelpRequest.objects.create(subject="Aide", details=f"Mon adresse : {email}", name="Ada", email=email, phone="06")
    HelpNote.objects.create(request=asked, text=f"Merci, {email}", from_asker=True, half_days="0.5")
    Proposal.objects.create(kind="initiative", author_name="Ada", author_email=email, values={"name": "Un jardin"})
    Proposal.objects.create(kind="organisation", values={"name": "Une structure", "email": email})
    SearchMiss.objects.create(words=f"tricot {email[:3].lower()}")


def attested(email: str) -> None:
    """Present at an event of last month, with its attestation."""
    event = events.event(days=(-30,))
    row = events.registration(event, email=email, name="Ada Lovelace", needs="une rampe")
    Presence.objects.create(registration=row, date=event.dates.get(), half_day="matin", present=True)
    known = {"year": 2026, "order": row.pk, "attended": 1, "planned": 2, "name": row.name, "facts": {"half_days": []}}
    Attestation.objects.create(registration=row, event=event, **known)


def imported(email: str) -> None:
    """A CSV, a spreadsheet and files that nobody can read any more."""
    book = b"".join(write_xlsx(["Nom", "Adresse"], [["Ada", email]], "Liste"))
    files = {"liste.csv": f"nom;mail\nAda;{email}\n".encode(), "liste.xlsx": book, "x.xlsx": b"PK\x03\x04"}
    for name, content in files.items():
        run = ImportRun(importer="structures", name=name)
        run.file.save(name, ContentFile(content), save=False)
        run.save()
        ImportLine.objects.create(run=run, number=1, label=email, action="refuse")
    ImportRun.objects.create(importer="structures", name="partie.csv", file="imports/partie")


def cited_in_a_file(email: str) -> None:
    made = documents.document("Une synthèse")
    documents.pages(documents.file(made), f"Écrire à {email}")
