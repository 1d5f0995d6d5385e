"""Backups: made while the site serves, read again, sealed, rotated; brought back with the people erased since still gone."""

import datetime
import multiprocessing
import os
import signal
from functools import partial
from io import StringIO

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pyrage import x25519

from tests.core.moving.conftest import clear, other_site
from tests.factories import accounts
from trajectoire.core import worklist
from trajectoire.core.models import User
from trajectoire.core.moving import backups
from trajectoire.core.moving.archive import Archive, Refused
from trajectoire.core.moving.backups import Backup, alone, back_up
from trajectoire.core.personal import person


@pytest.fixture
def folder(tmp_path, settings):
    settings.BACKUP_DIR = tmp_path / "sauvegardes"
    settings.ERASURES_FILE = tmp_path / "effacements.txt"
    return settings.BACKUP_DIR


@pytest.fixture
def key():
    return x25519.Identity.generate()


def files(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != "verrou")


def run(*words, **options) -> str:
    said = StringIO()
    call_command(*words, stdout=said, stderr=said, **options)
    return said.getvalue()


def test_backup_is_complete_checked_and_noted(site, folder):
    said = run("backup")
    made = Backup.objects.get()
    assert files(folder) == [made.name]
    assert f"Sauvegarde faite et relue\u00a0: {folder / made.name}" in said
    path = folder / made.name
    assert path.stat().st_size == made.size
    assert path.stat().st_mode & 0o077 == 0
    with Archive(path) as archive:
        assert archive.manifest.complete
        assert archive.manifest.digest == made.digest


def test_only_the_newest_are_kept(db, folder):
    for day in (1, 2, 3):
        with time_machine.travel(datetime.datetime(2026, 3, day, 2, tzinfo=datetime.UTC), tick=False):
            run("backup", keep=2)
    (folder / "notes.txt").touch()
    assert files(folder) == ["notes.txt", "sauvegarde-20260302-020000.zip", "sauvegarde-20260303-020000.zip"]
    assert [made.made_at.day for made in Backup.objects.all()] == [3, 2]
    with pytest.raises(CommandError, match="au moins une"):
        run("backup", keep=0)


def test_failed_backup_leaves_the_former_ones(site, folder):
    run("backup", keep=1)
    before = files(folder)
    (folder / "sauvegarde-20200101-000000.zip.brut").write_text("reste d’un processus tué")

    def stop(words: str) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        back_up(folder, keep=1, show=stop)
    assert files(folder) == before
    (folder.parent / "fichier").touch()
    with pytest.raises(CommandError, match="n’a pas pu être écrite"):
        run("backup", str(folder.parent / "fichier" / "dossier"))


def test_process_killed_while_it_writes_leaves_the_former_backup_and_the_next_goes_well(site, folder, tmp_path):
    with other_site(str(tmp_path / "site.sqlite3")):
        with time_machine.travel(datetime.datetime(2026, 3, 1, 2, tzinfo=datetime.UTC), tick=False):
            run("backup", keep=1)
        before = files(folder)
        sums = (folder / before[0]).read_bytes()
        connection.close()
        killed = multiprocessing.get_context("fork").Process(target=partial(back_up, folder, keep=1, show=die))
        killed.start()
        killed.join(30)
        assert killed.exitcode == -signal.SIGKILL
        left = set(files(folder)) - set(before)
        assert left
        assert all(".brut" in name for name in left)
        assert (folder / before[0]).read_bytes() == sums
        assert [made.name for made in Backup.objects.all()] == before
        run("backup", keep=1)
        [kept] = files(folder)
        assert [kept] == [made.name for made in Backup.objects.all()] != before


def die(words: str) -> None:
    """When half of the tables are written."""
    if words == "resources.Document":
        os.kill(os.getpid(), signal.SIGKILL)


def test_missing_file_is_told(site, folder):
    default_storage.delete("couvertures/a.webp")
    assert "introuvable, cité par le contenu\u00a0: couvertures/a.webp" in run("backup")
    assert Backup.objects.get().missing == 1


def test_one_backup_at_a_time(db, folder):
    folder.mkdir()
    with alone(folder), pytest.raises(Refused, match="déjà en cours"):
        back_up(folder, keep=1)


def test_sealed_backup_is_restored_with_the_secret_key_and_the_people_erased_since_stay_so(site, folder, settings, key, tmp_path):
    settings.BACKUP_KEY = str(key.to_public())
    accounts.user("partie@example.org")
    assert "chiffrée" in run("backup")
    made = folder / Backup.objects.get().name
    assert made.name.endswith(".zip.age")
    assert made.read_bytes().startswith(b"age-encryption.org/v1")
    assert files(folder) == [made.name]
    person.erase("partie@example.org")
    identity = tmp_path / "cle.txt"
    identity.write_text(f"# created: 2026\n{key}\n")
    clear()
    said = run("restore", str(made), identity=identity)
    assert "sommes identiques" in said
    assert "1\u00a0personne effacée à nouveau" in said
    assert User.objects.get(pk=site.pk).password == site.password
    assert not User.objects.filter(email="partie@example.org").exists()


def test_wrong_key_is_told(db, folder, settings, key, tmp_path):
    settings.BACKUP_KEY = "age1nimportequoi"
    with pytest.raises(CommandError, match="BACKUP_KEY n’est pas une clé publique"):
        run("backup")
    settings.BACKUP_KEY = str(key.to_public())
    run("backup")
    made = str(folder / Backup.objects.get().name)
    other = tmp_path / "cle.txt"
    for words, content in (("n’ouvre pas", str(x25519.Identity.generate())), ("ne contient pas de ligne", "bonjour")):
        other.write_text(content)
        with pytest.raises(CommandError, match=words):
            run("restore", made, identity=other)
    with pytest.raises(CommandError, match="--identity"):
        run("restore", made)
    with pytest.raises(CommandError, match="ne peut pas être lue"):
        run("restore", made, identity=tmp_path / "absente.txt")


def test_backup_without_a_key_is_restored(site, folder):
    run("backup")
    clear()
    assert "sommes identiques" in run("restore", str(next(folder.glob("*.zip"))))


def test_late_backup_is_on_the_work_list(administrator, settings):
    def told():
        return [line.words.replace("\u00a0", " ") for line in worklist.lines(administrator.user)]

    assert told() == []
    settings.PRODUCTION = True
    assert told() == ["1 sauvegarde automatique à mettre en place"]
    made = Backup.objects.create(name="a.zip", size=1_200_000, sha256="a", digest="b")
    assert told() == []
    Backup.objects.update(made_at=timezone.now() - datetime.timedelta(days=3, hours=1))
    assert told() == ["3 jours depuis la dernière sauvegarde"]
    assert "1,2\u00a0Mo" in administrator.get("/admin/core/backup/").content.decode()
    assert administrator.get(f"/admin/core/backup/{made.pk}/change/").status_code == 200
    assert backups.last() == made
