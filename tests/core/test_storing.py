"""Files in a folder or on a server that speaks S3: the same for people, and nothing half written is left."""

import datetime
import errno
import io
from io import StringIO

import boto3
import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from moto.server import ThreadedMotoServer

from resources.models import DocumentFile
from tests.core.moving.conftest import clear
from tests.factories.documents import document, file
from trajectoire.core.moving.arriving import bring
from trajectoire.core.moving.leaving import export
from trajectoire.core.storing import FolderStorage, address

BUCKET = "trajectoire"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://cle:se%2Fcret@s3.example.org/seau?region=fr-par", ("cle", "se/cret", "seau", "https://s3.example.org", "fr-par")),
        ("s3://c:s@127.0.0.1:9000/seau?tls=0", ("c", "s", "seau", "http://127.0.0.1:9000", "us-east-1")),
    ],
)
def test_address_says_all_that_is_needed(url, expected):
    read = address(url)
    names = ("access_key", "secret_key", "bucket_name", "endpoint_url", "region_name")
    assert tuple(read[name] for name in names) == expected


@pytest.mark.parametrize("url", ["https://c:s@h/b", "s3://h/b", "s3://c:s@h/", "s3://c:s@h/a/b", "s3://c@h/b", "bonjour"])
def test_address_that_cannot_be_read_refuses_to_start(url):
    with pytest.raises(ImproperlyConfigured, match="s3://cle:secret@serveur/seau"):
        address(url)


class Full(io.BytesIO):
    """Bytes on their way to a disk that is full after the first of them."""

    def chunks(self):
        yield b"x" * 1000
        raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_leaves_nothing_and_touches_no_other_file(tmp_path):
    storage = FolderStorage(tmp_path)
    storage.save("a.txt", ContentFile(b"ancien"))
    for name in ("b.txt", "a.txt"):
        content = ContentFile(b"")
        content.chunks = Full().chunks
        with pytest.raises(OSError, match="No space"):
            storage.save(name, content)
    with pytest.raises(OSError, match="No space"):
        storage._save("a.txt", content)
    assert [path.read_bytes() for path in tmp_path.iterdir() if path.name == "a.txt"] == [b"ancien"]
    assert not (tmp_path / "b.txt").exists()


@pytest.fixture(scope="module")
def server():
    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    url = f"s3://cle:secret@{host}:{port}/{BUCKET}?tls=0"
    options = address(url)
    boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        region_name=options["region_name"],
        aws_access_key_id="cle",
        aws_secret_access_key="secret",
    ).create_bucket(Bucket=BUCKET)
    yield url
    started.stop()


@pytest.fixture
def objects(server, settings):
    """The storage of the site is a server of objects."""
    backend = {"BACKEND": "trajectoire.core.storing.ObjectStorage", "OPTIONS": address(server)}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    return default_storage


@pytest.mark.django_db
class TestObjects:
    def test_file_is_given_whole_in_part_and_not_to_all(self, objects, world, visitor):
        shown = document("Un document")
        kept = file(shown, b"0123456789")
        url = kept.get_absolute_url()
        assert b"".join(visitor.get(url)) == b"0123456789"
        part = visitor.get(url, headers={"Range": "bytes=2-4"})
        assert (part.status_code, b"".join(part)) == (206, b"234")
        shown.access = "formateurs"
        shown.save()
        assert visitor.get(url).status_code == 404
        objects.delete(kept.file.name)
        shown.access = "public"
        shown.save()
        assert visitor.get(url).status_code == 404

    def test_what_nothing_names_is_swept_away(self, objects, world):
        kept = file(document("Un document"))
        orphan = objects.save("documents/orphelin", ContentFile(b"x"))
        said = StringIO()
        call_command("sweep_files", stdout=said)
        assert objects.exists(orphan)
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
            call_command("sweep_files", stdout=said)
        assert not objects.exists(orphan)
        assert objects.exists(kept.file.name)

    def test_site_leaves_and_comes_back_with_its_files(self, objects, world, tmp_path):
        kept = file(document("Un document"), b"0123456789")
        left = export(tmp_path / "site.zip", complete=False)
        clear()
        objects.delete(kept.file.name)
        assert bring(tmp_path / "site.zip").digest == left.digest
        with DocumentFile.objects.get().file.open() as back:
            assert back.read() == b"0123456789"

    def test_server_away_is_told_in_french(self, objects, world, visitor, settings):
        url = file(document("Un document")).get_absolute_url()
        nobody = address(f"s3://cle:secret@127.0.0.1:9/{BUCKET}?tls=0")
        settings.STORAGES = settings.STORAGES | {
            "default": {"BACKEND": "trajectoire.core.storing.ObjectStorage", "OPTIONS": nobody}
        }
        response = visitor.get(url)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
        assert "Un fichier ne peut être ni lu ni gardé" in response.content.decode()
        assert visitor.get("/ressources/").status_code == 200
