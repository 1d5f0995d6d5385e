"""One person across everything: found, copied, erased, not brought back; somebody else is left alone."""

import datetime
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as project
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from network.events.models import Attestation, Registration
from network.models import HelpRequest, Organisation, Person
from tests.factories import accounts, events
from trajectoire.core import search
from trajectoire.core.models import ContactMessage, Erasure, OutgoingMail, Page, User
from trajectoire.core.personal import erasures, mentions, person

from .conftest import ADA, OTHER, cited_in_a_file

pytestmark = pytest.mark.django_db


def everything() -> str:
    """Each value of each row of each table, as text."""
    return "\n".join(
        str(values)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for values in model._base_manager.values_list()
    ).lower()


def stored_files() -> str:
    folders = [Path(default_storage.location), Path(project.EMAIL_FILE_PATH), Path(project.SEARCH_INDEX_DIR)]
    return "".join(
        path.read_bytes().decode("latin-1").lower() for folder in folders for path in folder.rglob("*") if path.is_file()
    )


def test_nothing_is_left_of_the_address(leave_traces, django_capture_on_commit_callbacks):
    leave_traces(ADA)
    search.rebuild()
    assert ADA.lower() in everything()
    assert ADA.lower() in stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        outcome = person.erase(ADA)
    search.rebuild()
    assert ADA.lower() not in everything()
    assert ADA.lower() not in stored_files()
    assert outcome.left == []
    assert person.found(ADA) == []


def test_statistics_stay_without_names(leave_traces):
    leave_traces(ADA)
    person.erase(ADA)
    asked = HelpRequest.objects.get()
    assert (asked.name, asked.subject, asked.notes.get().half_days) == ("", "Demande anonymisée", 0.5)
    registration = Registration.objects.get()
    assert (registration.name, registration.needs, bool(registration.anonymous_since)) == ("", "", True)
    attestation = Attestation.objects.get()
    assert (attestation.name, attestation.attended, attestation.state) == ("", 1, Attestation.State.VALID)
    assert Organisation.objects.get().email == ""
    assert "adresse effacée" in Page.objects.get(title="Une page").body
    assert not Person.objects.exists()


def test_place_at_a_coming_event_goes_to_the_next_one(world):
    event = events.event(capacity=1, accept_hours=0)
    events.registration(event, email=ADA)
    waiting = events.registration(event, "attente")
    person.erase(ADA)
    waiting.refresh_from_db()
    assert waiting.state == "confirmee"
    assert set(Registration.objects.exclude(pk=waiting.pk).values_list("state", "email")) == {("annulee", "")}
    assert not OutgoingMail.objects.filter(recipient__iexact=ADA).exists()


def test_somebody_else_is_left_alone(leave_traces):
    leave_traces(OTHER)
    before = set(everything().splitlines())
    person.erase(ADA)
    after = set(everything().splitlines())
    assert before <= after
    assert len(after - before) == 1
    assert str(Erasure.objects.get().digest) in (after - before).pop()
    assert len(person.found(OTHER)) == 14


def test_copy_holds_what_was_found_twice(leave_traces):
    leave_traces(ADA)
    with zipfile.ZipFile(io.BytesIO(person.copy(ADA.upper()))) as archive:
        data, html = json.loads(archive.read("donnees.json")), archive.read("donnees.html").decode()
    assert data["adresse"] == ADA.upper()
    assert set(data["donnees"]) == {section.label for section in person.found(ADA)}
    assert data["donnees"]["Inscriptions aux événements"][0]["besoin d’aménagement"] == "une rampe"
    assert data["donnees"]["Demandes d’accompagnement"][0]["vos messages"] == [f"Merci, {ADA}"]
    for words in ('<html lang="fr">', "<h1>", "une rampe", "J’accepte."):
        assert words in html


def test_published_file_that_cites_the_address_is_told_to_staff(world):
    cited_in_a_file(ADA)
    [sentence] = person.erase(ADA).left
    assert "cite cette adresse page 1" in sentence


def test_accident_erases_nothing_and_a_list_that_cannot_be_written_forbids(leave_traces, ledger):
    leave_traces(ADA)
    ledger.mkdir(parents=True)  # not a file: nothing can be added to it
    with pytest.raises(OSError, match="effacements"):
        person.erase(ADA)
    assert ContactMessage.objects.filter(email=ADA).exists()


class TestAccounts:
    def test_team_is_not_erased_by_a_link(self):
        accounts.powerless_staff()
        email = User.objects.get().email
        with pytest.raises(person.Refused, match="compte de l’équipe"):
            person.erase(email, by_person=True)
        assert not Erasure.objects.exists()
        person.erase(email)
        assert not User.objects.exists()

    def test_last_administrator_stays(self):
        first = accounts.administrator()
        with pytest.raises(person.Refused, match="dernier compte"):
            person.erase(first.email)
        accounts.administrator()
        person.erase(first.email)
        assert not User.objects.filter(pk=first.pk).exists()


class TestMails:
    def test_text_written_for_others_too_stays(self, leave_traces):
        leave_traces(ADA)
        leave_traces(OTHER)
        person.erase(ADA)
        assert OutgoingMail.objects.get(batch="batch-1").body.text

    def test_link_that_opens_an_account_is_not_copied(self):
        mail = OutgoingMail(kind="account/login", subject="Lien", recipient=ADA, message_id="x")
        mail.save()
        [section] = person.found(ADA)
        assert "texte" not in section.rows[0]


class TestReplay:
    def run(self) -> str:
        out = io.StringIO()
        call_command("replay_erasures", stdout=out)
        return out.getvalue()

    def test_restored_person_goes_again_once(self, leave_traces):
        leave_traces(ADA)
        person.erase(ADA)
        Erasure.objects.all().delete()  # the backup was made before
        ContactMessage.objects.create(name="Ada", email=ADA, subject="x", message="x")
        assert self.run() == "1\u00a0personne effacée à nouveau.\n"
        assert not ContactMessage.objects.exists()
        assert self.run() == "0\u00a0personne effacée à nouveau.\n"

    def test_person_who_came_back_since_is_kept(self):
        person.erase(ADA)
        ContactMessage.objects.create(name="Ada", email=ADA, subject="x", message="x")
        assert self.run() == "0\u00a0personne effacée à nouveau.\n"
        assert ContactMessage.objects.count() == 1

    def test_nothing_is_needed_without_the_file(self):
        assert self.run() == "0\u00a0personne effacée à nouveau.\n"

    def test_spoilt_lines_are_passed_over(self, ledger):
        person.erase(ADA)
        with ledger.open("a") as stream:
            stream.write("n’importe quoi\n2026-11-23T10:00:00+00:00 court\n2026-11-2")
        assert len(erasures.remembered()) == 1

    def test_file_holds_no_address(self, ledger):
        person.erase(ADA)
        assert "@" not in ledger.read_text()
        assert erasures.digest_of(f" {ADA.upper()} ") in ledger.read_text()

    def test_fingerprints_leave_both_lists_after_two_years(self, ledger):
        person.erase(ADA)
        person.erase(OTHER)
        later = timezone.now() + erasures.KEPT - datetime.timedelta(days=1)
        assert erasures.forget(later) == 0
        Erasure.objects.filter(digest=erasures.digest_of(ADA)).update(erased_at=timezone.now() - erasures.KEPT * 2)
        lines = ledger.read_text().splitlines()
        ledger.write_text(f"2020-01-01T00:00:00+00:00 {lines[0].split()[1]}\n{lines[1]}\n")
        assert erasures.forget(timezone.now()) == 1
        assert ledger.read_text().splitlines() == lines[1:]
        assert erasures.forget(timezone.now()) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Écrire à {ADA}.", True),
        (ADA.lower(), True),
        (f"<{ADA}>", True),
        (OTHER, False),
        (f"{ADA}.fr", False),
        (f"{ADA}-x", False),
    ],
)
def test_mention_is_the_address_itself(text, expected):
    assert bool(mentions.pattern(ADA).search(text)) is expected


def test_address_in_a_column_of_json_or_in_an_address_is_taken_away():
    mail = OutgoingMail(kind="x", subject="x", recipient=OTHER, message_id="x", marks={"who": [f"à {ADA}"]})
    mail.save()
    assert mentions.replace(ADA) == []
    mail.refresh_from_db()
    assert mail.marks == {"who": ["à adresse effacée"]}
