"""An archive that is not what it says changes nothing; an interrupted import neither."""

import json
import multiprocessing
import os
import signal
import tracemalloc
import zipfile
from functools import partial
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from tests.core.moving.conftest import changed, clear, forged, other_site
from trajectoire.core.models import Page, SiteVersion, User
from trajectoire.core.moving import arriving
from trajectoire.core.moving.archive import LONGEST, MANIFEST, Archive, Refused
from trajectoire.core.moving.arriving import bring
from trajectoire.core.search.models import SearchChange

DOCUMENTS, USERS = "donnees/resources.Document.jsonl", "donnees/core.User.jsonl"
FILE = "fichiers/couvertures/a.webp"


def told(**facts):
    """Other facts in the manifest; None takes one away."""

    def change(name: str, content: bytes) -> bytes:
        if name != MANIFEST:
            return content
        manifest = json.loads(content) | facts
        return json.dumps({fact: value for fact, value in manifest.items() if value is not None}).encode()

    return change


def without(part: str):
    return lambda name, content: None if name == part else content


def flipped(part: str):
    return lambda name, content: bytes([content[0] ^ 1]) + content[1:] if name == part else content


@pytest.fixture
def refused(site, archive):
    """A function that gives the reason why an archive, changed, is not brought in; the site is as empty as before."""
    made = archive()
    default_storage.delete("couvertures/a.webp")
    clear()

    def reason(change, path=None) -> str:
        with pytest.raises(Refused) as caught:
            bring(path or changed(made, change))
        assert not User.objects.exists()
        assert not default_storage.exists("couvertures/a.webp")
        return str(caught.value)

    reason.archive = made
    return reason


def test_archive_that_is_not_whole_is_refused(refused, tmp_path):
    whole = refused.archive.read_bytes()
    for name, content in (("coupee.zip", whole[: len(whole) // 2]), ("note.zip", b"bonjour"), ("vide.zip", b"")):
        (tmp_path / name).write_bytes(content)
        assert "n’est pas une archive ZIP entière" in refused(None, tmp_path / name)
    assert "n’existe pas" in refused(None, tmp_path / "absente.zip")


def test_byte_changed_anywhere_is_seen(refused, tmp_path):
    for part in (DOCUMENTS, FILE, "fichiers.jsonl"):
        assert "somme de contrôle" in refused(flipped(part)), part
    damaged = bytearray(refused.archive.read_bytes())
    at = damaged.index(b"PK\x03\x04", damaged.index(DOCUMENTS.encode())) - 40
    damaged[at] ^= 255
    (tmp_path / "abimee.zip").write_bytes(damaged)
    assert "somme de contrôle" in refused(None, tmp_path / "abimee.zip")


def test_part_that_is_missing_is_named(refused):
    for part in (DOCUMENTS, FILE):
        assert f"Il manque «\u00a0{part}\u00a0»" in refused(without(part))


def test_archive_of_something_else_is_refused(refused):
    for change in (
        *(without(MANIFEST), flipped(MANIFEST), told(format=None), told(tables=[3]), told(more=1), told(files="non")),
        *(told(migrations=[3]), told(missing=3), told(left_out=["x"]), told(files={"name": 3, "count": 0, "sha256": "x"})),
        told(tables=[{"name": "x", "count": "beaucoup", "sha256": "x"}]),
    ):
        assert "n’est pas un export de ce site" in refused(change)


def test_archive_of_a_later_version_is_refused(refused):
    for change in (
        told(format=2),
        told(migrations=["core.9999_demain"]),
        told(tables=[]),
    ):
        assert "version plus récente" in refused(change)


def test_archive_and_database_have_the_same_migrations(monkeypatch):
    monkeypatch.setattr(arriving, "applied_migrations", lambda: ["core.0001_initial", "core.0002_outbox"])
    with pytest.raises(Refused, match="version plus ancienne"):
        arriving.refuse_other_version({"core.0001_initial"})
    monkeypatch.setattr(arriving, "applied_migrations", list)
    monkeypatch.setattr(arriving, "MigrationLoader", lambda connection: type("L", (), {"disk_migrations": {("core", "0001"): 1}}))
    with pytest.raises(Refused, match=r"manage\.py migrate"):
        arriving.refuse_other_version({"core.0001"})


def test_site_with_content_is_left_alone(site, archive):
    with pytest.raises(Refused, match=r"déjà du contenu.*compte") as caught:
        bring(archive())
    assert "…" in str(caught.value)
    assert User.objects.exists()


def test_rows_that_the_database_refuses_are_named(refused):
    for old, new, words in (
        (b'"title":', b'"titre":', "les colonnes ne sont pas celles de ce site"),
        (b'"date":"2024-05-22"', b'"date":"hier"', "refuse les lignes 1 à 2"),
        (b'"type_id":', b'"type_id":99', "en nomment d’autres qui n’y sont pas"),
        (b'{"', b'<"', "somme de contrôle"),
        (b'"access":"public"', b'"access": "public"', "ne rend pas la somme"),
    ):
        assert words in refused(None, forged(refused.archive, DOCUMENTS, old, new)), new


def test_file_outside_the_folder_is_refused(refused):
    elsewhere = forged(refused.archive, "fichiers.jsonl", b"couvertures/a.webp", b"../../dehors.webp")
    with zipfile.ZipFile(elsewhere, "a") as archive:
        archive.writestr("fichiers/../../dehors.webp", b"image")
    assert "hors du dossier" in refused(None, elsewhere)


@pytest.mark.parametrize("told", [b"[]", b"3", b'{"size":1,"sha256":"x"}', b'{"name":3,"size":1,"sha256":"x"}', b"[" * 100_000])
def test_file_told_in_a_way_nobody_can_read_is_refused(refused, told):
    with zipfile.ZipFile(refused.archive) as archive:
        line = archive.read("fichiers.jsonl").splitlines()[0]
    assert "somme de contrôle" in refused(None, forged(refused.archive, "fichiers.jsonl", line, told))


@pytest.mark.parametrize("name", ["", ".", "/etc/passwd", "couvertures/a\0.webp"])
def test_name_that_is_no_file_of_the_site_is_refused(refused, name):
    told = json.dumps(name, separators=(",", ":")).encode()
    elsewhere = forged(refused.archive, "fichiers.jsonl", b'"couvertures/a.webp"', told)
    with zipfile.ZipFile(elsewhere, "a") as archive:
        archive.writestr(f"fichiers/{name}", b"image")
    assert refused(None, elsewhere)


@pytest.mark.parametrize(("part", "words"), [(MANIFEST, "n’est pas un export"), ("fichiers.jsonl", "somme de contrôle")])
def test_bomb_is_not_unpacked(refused, tmp_path, part, words):
    """Half a gigabyte of spaces in half a megabyte: no more than the longest line is ever held."""
    bomb = tmp_path / "bombe.zip"
    with zipfile.ZipFile(refused.archive) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        with new.open(part, "w", force_zip64=True) as stream:
            for _ in range(500):
                stream.write(b" " * 1_000_000)
    tracemalloc.start()
    try:
        assert words in refused(None, bomb)
        assert tracemalloc.get_traced_memory()[1] < 3 * LONGEST
    finally:
        tracemalloc.stop()


def test_archive_cut_anywhere_is_refused(refused, tmp_path):
    whole, cut = refused.archive.read_bytes(), tmp_path / "coupee.zip"
    for place in range(0, len(whole) - 1, len(whole) // 40):
        cut.write_bytes(whole[:place])
        assert refused(None, cut), place


def test_byte_changed_anywhere_is_seen_or_changes_nothing(refused, tmp_path):
    whole, other = refused.archive.read_bytes(), tmp_path / "autre.zip"
    with Archive(refused.archive) as archive:
        digest = archive.manifest.digest
    for place in range(7, len(whole), len(whole) // 60):
        other.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            with Archive(other) as archive:
                archive.check(lambda words: None)
        except Refused:
            continue
        assert archive.manifest.digest == digest, place


def test_disk_that_refuses_a_file_is_told(refused, settings):
    (settings.MEDIA_ROOT / "couvertures").rmdir()
    (settings.MEDIA_ROOT / "couvertures").write_text("un fichier à la place du dossier")
    assert "ne peut pas être écrit" in refused(lambda name, content: content)


class Forgetful(FileSystemStorage):
    """A disk that loses the end of what it is given, without a word."""

    def _save(self, name, content):
        return super()._save(name, ContentFile(content.read()[:-1]))


def test_disk_that_loses_bytes_is_found_out(refused, settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.Forgetful"}}
    assert "n’est pas relu comme il a été écrit" in refused(lambda name, content: content)


def test_import_takes_the_place_of_reference_data_and_of_files_left_behind(site, archive):
    made, number = archive(), SiteVersion.current()
    clear()
    SearchChange.objects.create(kind="page", object_pk=1)
    Page.objects.create(slug="aide", title="Celle du site neuf")
    default_storage.delete("couvertures/a.webp")
    default_storage.save("couvertures/a.webp", ContentFile(b"reste d'un essai"))
    bring(made)
    assert not Page.objects.filter(title="Celle du site neuf").exists()
    assert not SearchChange.objects.exists()
    assert SiteVersion.current() != number
    with default_storage.open("couvertures/a.webp") as stored:
        assert stored.read() == b"image"
    assert not User.objects.get(pk=site.pk).has_usable_password()


def test_kinds_that_this_site_no_longer_has_are_named_all_the_same(site, archive):
    gone = ContentType.objects.create(app_label="network", model="oldthing")
    site.logentry_set.create(content_type=gone, action_flag=1, object_id="1")
    made = archive()
    clear()
    gone.delete()
    ContentType.objects.clear_cache()
    bring(made)
    assert User.objects.get(pk=site.pk).logentry_set.get().content_type.model == "oldthing"


def test_process_killed_in_the_middle_leaves_an_empty_site(site, archive, tmp_path):
    made, people = archive(), User.objects.count()
    with other_site(str(tmp_path / "neuf.sqlite3")):
        connection.close()
        killed = multiprocessing.get_context("fork").Process(target=partial(bring, made, die))
        killed.start()
        killed.join(30)
        assert killed.exitcode == -signal.SIGKILL
        assert not User.objects.exists()
        assert bring(made).rows > 0
        assert User.objects.count() == people


def die(words: str) -> None:
    """When accounts are already written."""
    if words == "resources.Document" and User.objects.exists():
        os.kill(os.getpid(), signal.SIGKILL)


def test_command_brings_an_archive_in_and_makes_the_index(site, archive):
    default_storage.delete("couvertures/a.webp")
    made = archive()
    clear()
    said, wrong = StringIO(), StringIO()
    call_command("import_site", made, stdout=said, stderr=wrong)
    assert "Site importé, sommes identiques" in said.getvalue()
    assert "Index de recherche reconstruit" in said.getvalue()
    assert "couvertures/a.webp" in wrong.getvalue()
    with pytest.raises(CommandError, match="déjà du contenu"):
        call_command("import_site", made)
