"""Documents and files as rows: what is kept together, what is deleted when, what is said to caches and search."""

import shutil

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from resources.intake import Accepted, accept, attach, read_file, request_reading
from resources.models import Collection, Document, DocumentFile, FilePage
from resources.reading import KINDS
from tests.factories.documents import document, file, pages
from tests.hostile import images, pdfs
from trajectoire.core import search
from trajectoire.core.models import SiteVersion
from trajectoire.core.search import engine, storage
from trajectoire.core.search.models import SearchChange

pytestmark = pytest.mark.usefixtures("world")


def accepted(content: bytes, kind: str = "pdf") -> Accepted:
    return Accepted(KINDS[kind], "x.pdf", ContentFile(content), [])


def stored(folder: str = "documents") -> list[str]:
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


class TestFilesOfADeletedRow:
    def test_file_goes_after_commit(self, django_capture_on_commit_callbacks):
        made = file(document())
        with django_capture_on_commit_callbacks(execute=True):
            made.delete()
            assert len(stored()) == 1
        assert stored() == []

    @pytest.mark.parametrize("delete", [lambda made: made.delete(), lambda made: made.document.delete()])
    def test_file_stays_after_a_rollback(self, django_capture_on_commit_callbacks, delete):
        made = file(document())
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            delete(made)
            transaction.set_rollback(True)
        assert len(stored()) == 1
        with DocumentFile.objects.get().file.open() as kept:
            assert kept.read() == b"0123456789" * 10

    def test_document_takes_its_files_and_cover_with_it(self, django_capture_on_commit_callbacks):
        made = document()
        for _ in range(2):
            pages(file(made), "Un texte")
        name = default_storage.save("couvertures/a.webp", ContentFile(b"x"))
        made.cover_renditions = [{"format": "webp", "width": 1, "height": 1, "name": name, "file": "a.webp"}]
        made.save()
        with django_capture_on_commit_callbacks(execute=True):
            made.delete()
        assert (stored(), stored("couvertures")) == ([], [])
        assert not DocumentFile.objects.exists()
        assert not FilePage.objects.exists()


class TestAttach:
    def test_refused_row_leaves_no_file(self):
        made = document()
        with pytest.raises(IntegrityError), transaction.atomic():
            attach(made, accepted(b"x"), order=None)
        assert stored() == []

    def test_stored_path_says_nothing(self):
        made = attach(document(), accepted(b"x"))
        assert made.file.name.startswith("documents/")
        assert "x.pdf" not in made.file.name
        assert (made.state, made.size, made.label) == ("pending", 1, "PDF")


class TestReading:
    def test_unknown_file_is_left(self):
        read_file.call(10**9)

    def test_broken_file_says_why(self):
        made = file(document(), b"%PDF-1.7 broken", state="pending")
        read_file.call(made.pk)
        made.refresh_from_db()
        assert made.state == "unreadable"
        assert made.reason.endswith(".")

    @pytest.mark.parametrize("content_type", ["application/pdf", "application/zip"])
    def test_lost_file_says_why(self, content_type):
        made = file(document(), content_type=content_type)
        default_storage.delete(made.file.name)
        read_file.call(made.pk)
        made.refresh_from_db()
        assert made.state == "unreadable"
        assert "n’a pas été retrouvé" in made.reason

    def test_scan_is_marked_without_text(self):
        made = file(document(), pdfs.scanned(), state="pending")
        read_file.call(made.pk)
        made.refresh_from_db()
        assert made.state == "no_text"
        assert not made.texts.exists()

    def test_second_reading_replaces_the_first(self):
        made = file(document(), pdfs.one_page(), state="pending")
        pages(made, "vieux texte", "autre")
        read_file.call(made.pk)
        assert [page.text.strip() for page in made.texts.all()] == ["Bonjour"]

    def test_first_page_is_the_cover_unless_there_is_one(self):
        made = document()
        read_file.call(file(made, pdfs.one_page()).pk)
        made.refresh_from_db()
        first = made.cover_renditions
        assert first
        read_file.call(file(made, pdfs.one_page()).pk)
        made.refresh_from_db()
        assert made.cover_renditions == first

    def test_fiche_keeps_its_tiles(self):
        made = document(type="fiche-experience")
        read_file.call(file(made, pdfs.one_page()).pk)
        made.refresh_from_db()
        assert made.cover_renditions == []

    def test_other_files_are_ready_at_once(self):
        made = file(document(), b"x", content_type="application/vnd.oasis.opendocument.text", state="pending")
        read_file.call(made.pk)
        made.refresh_from_db()
        assert made.state == "ready"

    def test_reading_is_asked_after_commit_only(self, django_capture_on_commit_callbacks):
        made = file(document(), pdfs.one_page())
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            request_reading(made)
            transaction.set_rollback(True)
        made.refresh_from_db()
        assert made.state == "ready"

    def test_words_read_are_found(self, visitor):
        read_file.call(file(document("Un scan"), pdfs.one_page(), state="pending").pk)
        assert visitor.get("/ressources/", {"q": "bonjour"}).context["total"] == 1

    def test_image_is_drawn_anew_without_its_metadata(self):
        kept = accept(SimpleUploadedFile("Photo été.JPG", images.jpeg_turned()))
        assert (kept.name, kept.kind.content_type) == ("Photo-été.webp", "image/webp")
        assert b"Exif" not in kept.content.read()


class TestAnnouncing:
    """What people read changed: caches and search know it, in the same transaction."""

    @pytest.mark.parametrize(
        "change",
        [
            lambda made: made.save(),
            lambda made: made.announce(),
            lambda made: file(made).delete(),
            lambda made: made.delete(),
        ],
    )
    def test_change_moves_the_version_and_is_recorded(self, change):
        made = document()
        before, recorded = SiteVersion.current(), SearchChange.objects.count()
        pk = made.pk
        change(made)
        assert SiteVersion.current() > before
        assert SearchChange.objects.filter(kind="document", object_pk=pk).count() > 0
        assert SearchChange.objects.count() > recorded

    def test_rollback_takes_the_record_back(self):
        recorded = SearchChange.objects.count()
        with transaction.atomic():
            document()
            transaction.set_rollback(True)
        assert SearchChange.objects.count() == recorded

    def test_collection_moves_the_version(self):
        before = SiteVersion.current()
        Collection.objects.first().save()
        assert SiteVersion.current() == before + 1

    def test_index_is_gone_then_made_again(self, visitor):
        document("Une synthèse")
        search.rebuild()
        assert visitor.get("/ressources/").context["total"] == 1
        shutil.rmtree(storage.root())
        engine.forget()
        assert visitor.get("/ressources/").context["total"] == 1


class TestRules:
    """The database keeps the rules, whatever the way in."""

    def test_published_has_a_date(self):
        made = document()
        with pytest.raises(IntegrityError), transaction.atomic():
            Document.objects.filter(pk=made.pk).update(publish_at=None)

    def test_number_once_in_a_collection(self):
        document(collection="cetavou", number=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            document(collection="cetavou", number=1)
        document(collection="lettre-information", number=1)

    def test_type_in_use_is_kept(self):
        made = document()
        with pytest.raises(ProtectedError):
            made.type.delete()

    def test_publishing_dates_the_document(self):
        made = document(status="draft", publish_at=None)
        made.status = Document.Status.PUBLISHED
        made.save()
        assert made.publish_at is not None
        assert made.is_published

    def test_names(self):
        made = document("Titre")
        attached = file(made, name="a.pdf")
        pages(attached, "x")
        assert (str(made), str(made.type), str(attached), str(file(made, title="Gros caractères"))) == (
            "Titre",
            "Synthèse",
            "a.pdf",
            "Gros caractères",
        )
        assert str(attached.texts.get()) == "page 1"
        assert str(Collection.objects.get(slug="cetavou")) == "CETAVOU"
