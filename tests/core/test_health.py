"""« État du site »: each part says whether it answers, and hides no other."""

import datetime
import socket
import ssl
import subprocess
import threading
from collections import namedtuple
from io import StringIO

import pytest
from django.core.cache.backends.dummy import DummyCache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.factories import accounts
from trajectoire.core import health, search
from trajectoire.core.clock.records import ScheduledJob
from trajectoire.core.models import Backup
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.roles import ADMINISTRATION, LIBRARIAN

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - datetime.timedelta(hours=1)
Disk = namedtuple("Disk", "total used free")


def state(name: str) -> health.State:
    [found] = [state for state in health.states() if state.name == name]
    return found


def test_a_new_site_is_in_order(settings):
    search.rebuild()
    assert {state.name for state in health.states() if state.ok is False} == set()
    assert state("Certificat").ok is None
    assert state("Base de données").words.startswith(("SQLite 3.", "PostgreSQL 1"))
    assert state("Migrations").words == "La base est au niveau du code."
    assert state("Tâches de fond").words == "Rien n’attend."


def test_a_migration_that_waits_is_told(settings):
    settings.MIGRATION_MODULES = {}  # where the tables were made at once, no migration is known, nor applied
    [last] = [key for key in MigrationLoader(connection).graph.leaf_nodes() if key[0] == "core"]
    if (recorder := MigrationRecorder(connection)).has_table():
        recorder.record_unapplied(*last)
    assert state("Migrations").ok is False
    assert "migrate" in state("Migrations").words


def test_a_cache_that_keeps_nothing(monkeypatch):
    monkeypatch.setattr(health, "cache", DummyCache("", {}))
    assert state("Cache").ok is False


def test_what_does_not_answer_says_so_and_hides_nothing(settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "no.such.Storage"}}
    found = health.states()
    assert len(found) == len(health.LOOKS)
    assert state("Fichiers").ok is False
    assert state("Fichiers").words.startswith("Ne répond pas")
    assert state("Base de données").ok is True


@pytest.mark.parametrize(("free", "ok"), [(999_999_999, False), (1_000_000_000, True)])
def test_a_disk_that_fills(monkeypatch, free, ok):
    monkeypatch.setattr("shutil.disk_usage", lambda path: Disk(52_345_678_901, 0, free))
    assert state("Disque").ok is ok
    assert "sur 52,3\u00a0Go" in state("Disque").words


def task(ago: datetime.datetime) -> None:
    row = DBTaskResult.objects.create(args_kwargs={}, task_path="x", queue_name="default", backend_name="default", run_after=ago)
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=ago)


def test_tasks_that_nobody_takes():
    task(timezone.now())
    assert (state("Tâches de fond").ok, state("Tâches de fond").words) == (True, "1\u00a0tâche attend.")
    task(LONG_AGO)
    assert state("Tâches de fond").ok is False
    assert "db_worker" in state("Tâches de fond").words


def test_the_clock_stopped_or_a_job_failed(settings):
    assert state("Tâches automatiques").ok is True
    settings.PRODUCTION = True
    assert state("Tâches automatiques").ok is False
    ScheduledJob.objects.create(command="send_mail", started_at=timezone.now())
    assert state("Tâches automatiques").ok is True
    ScheduledJob.objects.update(failure="a trace\nplus de place")
    assert (state("Tâches automatiques").ok, state("Tâches automatiques").words[-13:]) == (False, "plus de place")
    ScheduledJob.objects.update(failure="", started_at=LONG_AGO)
    assert state("Tâches automatiques").ok is False


def mail(**fields) -> None:
    OutgoingMail.objects.create(kind="contact", recipient="a@example.org", subject="x", **fields)


def test_mails_that_wait_or_failed():
    assert state("E-mails").ok is True
    mail(message_id="1", next_try_at=LONG_AGO)
    assert state("E-mails").ok is False
    OutgoingMail.objects.update(next_try_at=timezone.now())
    assert state("E-mails").ok is True
    mail(message_id="2", status="failed")
    assert state("E-mails").words.replace("\u00a0", " ") == "1 message attend, 1 échec."
    assert state("E-mails").ok is False


def test_backups(settings):
    assert state("Dernière sauvegarde").ok is True
    settings.PRODUCTION = True
    assert state("Dernière sauvegarde").ok is False
    made = Backup.objects.create(name="a.zip", size=3_200_000)
    assert state("Dernière sauvegarde").ok is True
    assert "3,2\u00a0Mo" in state("Dernière sauvegarde").words
    Backup.objects.filter(pk=made.pk).update(made_at=timezone.now() - datetime.timedelta(days=3))
    assert state("Dernière sauvegarde").ok is False


@pytest.fixture
def secure_server(tmp_path, monkeypatch):
    """A server on this machine with a certificate of so many days, which this process trusts; its address."""
    opened = []

    def serve(days: int) -> str:
        key, certificate = tmp_path / f"{days}.key", tmp_path / f"{days}.pem"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(days), "-subj", "/CN=localhost"]
        more = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*command, *more], check=True, capture_output=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        listening = socket.create_server(("127.0.0.1", 0))
        opened.append(listening)

        def answer() -> None:
            plain, _ = listening.accept()
            with plain, context.wrap_socket(plain, server_side=True) as secure:
                secure.recv(1)

        threading.Thread(target=answer, daemon=True).start()
        return f"https://localhost:{listening.getsockname()[1]}"

    yield serve
    for listening in opened:
        listening.close()


@pytest.mark.parametrize(("days", "ok"), [(90, True), (10, False)])
def test_the_days_left_of_the_certificate(settings, secure_server, days, ok):
    settings.SITE_URL = secure_server(days)
    found = health._looked("Certificat", health.LOOKS["Certificat"])
    assert (found.ok, found.words.replace("\u00a0", " ")) == (ok, f"Valable encore {days - 1} jours.")


def test_the_command_says_the_same_with_an_exit_code():
    said = StringIO()
    search.rebuild()
    call_command("health", stdout=said)
    assert len(said.getvalue().splitlines()) == len(health.LOOKS)
    assert "✓ Base de données" in said.getvalue()
    mail(message_id="3", status="failed")
    with pytest.raises(SystemExit) as stopped:
        call_command("health", stdout=said)
    assert stopped.value.code == 1
    assert "✗ E-mails" in said.getvalue()


class TestPage:
    def test_shows_each_part_and_each_job(self, browser):
        ScheduledJob.objects.create(command="send_mail", started_at=LONG_AGO, ended_at=LONG_AGO, failure="<b>plus de place</b>")
        ScheduledJob.objects.create(command="backup", started_at=LONG_AGO, ended_at=LONG_AGO)
        html = browser(accounts.in_role(ADMINISTRATION)).get("/admin/etat/").content.decode()
        for name in health.LOOKS:
            assert f"<h2>{name}</h2>" in html
        assert "Envoi des e-mails en attente" in html
        assert "&lt;b&gt;plus de place&lt;/b&gt;" in html
        assert "jamais" in html

    def test_exists_only_for_who_may_see_it(self, browser):
        assert browser(accounts.in_role(LIBRARIAN)).get("/admin/etat/").status_code == 403
        assert "/admin/etat/" not in browser(accounts.in_role(LIBRARIAN)).get("/admin/").content.decode()
        assert "/admin/etat/" in browser(accounts.in_role(ADMINISTRATION)).get("/admin/").content.decode()
