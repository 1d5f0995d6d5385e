"""The archive: one moment of the site, whole or not there, without a secret."""

import json
import threading
import zipfile
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import accounts
from trajectoire.core import mail
from trajectoire.core.models import ContactMessage, OutgoingMail, User
from trajectoire.core.moving import told
from trajectoire.core.moving.leaving import export, snapshot
from trajectoire.core.moving.tables import as_line


@pytest.fixture
def secrets(site):
    """A second factor, and a mail that a message points at."""
    Authenticator.objects.create(user=site, type="totp", data={"secret": "tres-secret"})
    message = ContactMessage.objects.create(name="A", email="a@example.org", subject="S", message="M")
    mail.post("contact", "centre@example.org", {"message": message})
    message.mail = OutgoingMail.objects.get()
    message.save()
    return site


def rows(path, label):
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read(f"donnees/{label}.jsonl").splitlines()]


def test_ordinary_archive_holds_no_secret(secrets, archive):
    with zipfile.ZipFile(path := archive()) as made:
        everything = b"".join(made.read(name) for name in made.namelist())
        left_out = json.loads(made.read("manifest.json"))["left_out"]
    assert secrets.password.encode() not in everything
    assert b"tres-secret" not in everything
    assert {row["password"] for row in rows(path, "core.User")} == {"!"}
    assert rows(path, "core.ContactMessage")[0]["mail_id"] is None
    assert left_out["mfa.Authenticator"] == "Secrets des seconds facteurs."


def test_complete_archive_holds_what_a_backup_needs(secrets, archive):
    path = archive(complete=True)
    assert rows(path, "core.User")[0]["password"] == secrets.password
    assert rows(path, "mfa.Authenticator")[0]["data"] == {"secret": "tres-secret"}
    assert rows(path, "core.ContactMessage")[0]["mail_id"] == rows(path, "core.OutgoingMail")[0]["id"]
    assert path.stat().st_mode & 0o077 == 0


def test_archive_is_read_without_the_site(site, archive):
    with zipfile.ZipFile(path := archive()) as made:
        assert made.testzip() is None
        assert {"LISEZMOI.txt", "README.txt", "manifest.json", "fichiers.jsonl", "fichiers/couvertures/a.webp"} <= set(
            made.namelist()
        )
    document = next(row for row in rows(path, "resources.Document") if row["replaced_by_id"])
    assert document["title"] == "L’école « ouverte » à œuvrer"
    assert document["date"] == "2024-05-22"
    permissions = rows(path, "auth.Group_permissions")
    assert "resources.document.add_document" in {row["permission_id"] for row in permissions}


def test_file_that_went_away_is_told_and_one_that_came_is_not_there(site, tmp_path):
    def meanwhile(words: str) -> None:
        if words == "couvertures/a.webp":
            default_storage.delete(words)
            default_storage.save("couvertures/b.webp", ContentFile(b"nouvelle"))

    manifest = export(tmp_path / "a.zip", complete=False, show=meanwhile)
    assert manifest.missing == ["couvertures/a.webp"]
    assert manifest.files.count == 1
    assert told.missing(manifest.missing) == ["Fichier introuvable, cité par le contenu\u00a0: couvertures/a.webp"]


def test_only_the_first_missing_files_are_named(site, tmp_path):
    manifest = export(tmp_path / "a.zip", complete=False)
    manifest.missing = [f"{number}.pdf" for number in range(23)]
    assert len(told.missing(manifest.missing)) == 21
    assert told.missing(manifest.missing)[-1].startswith("… et 3\u00a0autres")


def test_interrupted_export_leaves_nothing(site, tmp_path):
    def stop(words: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "a.zip", complete=False, show=stop)
    assert list(tmp_path.iterdir()) == []


def test_command_says_what_left_and_what_is_missing(site, tmp_path):
    default_storage.delete("couvertures/a.webp")
    said, wrong = StringIO(), StringIO()
    call_command("export_site", tmp_path / "a.zip", stdout=said, stderr=wrong)
    assert "1\u00a0fichier." in said.getvalue()
    assert "Empreinte du contenu" in said.getvalue()
    assert "couvertures/a.webp" in wrong.getvalue()
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        call_command("export_site", tmp_path / "nulle-part" / "a.zip", stdout=said)


def test_terminal_shows_what_is_being_read():
    class Terminal(StringIO):
        def isatty(self):
            return True

        def write(self, text, ending="\n"):
            super().write(text + ending)

    terminal = Terminal()
    told.progress(terminal, 1)("core.Page")
    told.progress(terminal, 0)("core.User")
    told.progress(StringIO(), 1)("core.User")
    assert terminal.getvalue().strip() == "core.Page"


def test_value_that_json_does_not_know_is_refused():
    with pytest.raises(TypeError):
        as_line({"a": b"octets"})


@pytest.mark.django_db(transaction=True)
def test_snapshot_does_not_see_nor_stop_those_who_write():
    def write() -> None:
        accounts.user("pendant@example.org")
        connection.close()

    with snapshot():
        assert User.objects.count() == 0
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(10)
        assert not writer.is_alive()
        assert User.objects.count() == 0
    assert User.objects.count() == 1
    User.objects.all().delete()
    accounts.user("apres@example.org")  # the connection writes as before
