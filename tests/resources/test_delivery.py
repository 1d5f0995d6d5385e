"""Files and covers: access at each request, names, types, parts, and no road beside."""

import pytest
from django.conf import settings

from resources.models import Document, DocumentFile
from tests.factories.documents import document, file, tomorrow

pytestmark = pytest.mark.usefixtures("world")
CONTENT = bytes(range(256)) * 4


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def public_file():
    return file(document("Publique"), CONTENT)


@pytest.fixture
def reserved_file():
    return file(document("Réservée", access=Document.Access.TRAINERS), CONTENT)


def test_file_is_given_whole(visitor, public_file):
    response = visitor.get(public_file.get_absolute_url())
    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == "1024"
    assert response.headers["Accept-Ranges"] == "bytes"


def test_file_never_acts_on_the_site(visitor, public_file):
    headers = visitor.get(public_file.get_absolute_url()).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "script-src" not in policy


@pytest.mark.parametrize(
    ("content_type", "disposition"),
    [
        ("application/pdf", "inline"),
        ("image/webp", "inline"),
        ("audio/mpeg", "inline"),
        ("application/vnd.oasis.opendocument.text", "attachment"),
        ("text/html", "attachment"),
        ("image/svg+xml", "attachment"),
        ("application/zip", "attachment"),
    ],
)
def test_only_harmless_types_open_in_the_browser(visitor, content_type, disposition):
    made = file(document("Publique"), content_type=content_type)
    assert visitor.get(made.get_absolute_url()).headers["Content-Disposition"].startswith(disposition)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("synthese.pdf", 'inline; filename="synthese.pdf"'),
        ('l\'école "libre"; suite.pdf', "inline; filename*=utf-8''l%27%C3%A9cole%20%22libre%22%3B%20suite.pdf"),
        ('a";b.pdf', 'inline; filename="a\\";b.pdf"'),
    ],
)
def test_name_follows_rfc_6266(visitor, name, expected):
    made = file(document("Publique"), name=name)
    assert visitor.get(made.get_absolute_url()).headers["Content-Disposition"] == expected


def test_public_file_may_be_asked_again_and_reserved_one_is_never_stored(visitor, trainer, public_file, reserved_file):
    assert visitor.get(public_file.get_absolute_url()).headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "no-store" in trainer.get(reserved_file.get_absolute_url()).headers["Cache-Control"]


class TestRanges:
    @pytest.mark.parametrize(
        ("asked", "start", "end"),
        [
            ("bytes=0-0", 0, 0),
            ("bytes=0-99", 0, 99),
            ("bytes=1000-", 1000, 1023),
            ("bytes=1023-1023", 1023, 1023),
            ("bytes=-10", 1014, 1023),
            ("bytes=-5000", 0, 1023),
            ("bytes=500-99999", 500, 1023),
        ],
    )
    def test_part_is_given(self, visitor, public_file, asked, start, end):
        response = visitor.get(public_file.get_absolute_url(), headers={"Range": asked})
        assert response.status_code == 206
        assert body(response) == CONTENT[start : end + 1]
        assert response.headers["Content-Range"] == f"bytes {start}-{end}/1024"
        assert response.headers["Content-Length"] == str(end - start + 1)

    @pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=10-5", "bytes=-0"])
    def test_part_outside_is_refused(self, visitor, public_file, asked):
        response = visitor.get(public_file.get_absolute_url(), headers={"Range": asked})
        assert response.status_code == 416
        assert response.headers["Content-Range"] == "bytes */1024"

    @pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=-", "octets=0-5", "bytes=a-b", "bytes=٣-", ""])
    def test_what_is_not_one_range_gives_the_whole(self, visitor, public_file, asked):
        response = visitor.get(public_file.get_absolute_url(), headers={"Range": asked})
        assert response.status_code == 200
        assert body(response) == CONTENT

    def test_empty_file_has_no_part(self, visitor):
        made = file(document("Vide"), b"")
        assert visitor.get(made.get_absolute_url(), headers={"Range": "bytes=0-"}).status_code == 416

    def test_head_gives_the_headers_only(self, visitor, public_file):
        response = visitor.head(public_file.get_absolute_url())
        assert response.status_code == 200
        assert response.headers["Content-Length"] == "1024"
        assert body(response) == b""

    def test_head_of_a_part_leaves_nothing_open(self, visitor, public_file):
        response = visitor.head(public_file.get_absolute_url(), headers={"Range": "bytes=0-9"})
        assert response.status_code == 206
        assert body(response) == b""


class TestAccess:
    @pytest.mark.parametrize("actor", ["visitor", "stranger", "deactivated", "powerless"])
    @pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-5"}])
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_reserved_file_does_not_exist(self, request, reserved_file, actor, headers, method):
        client = request.getfixturevalue(actor)
        assert getattr(client, method)(reserved_file.get_absolute_url(), headers=headers).status_code == 404

    @pytest.mark.parametrize("actor", ["trainer", "documentalist", "administrator"])
    def test_reserved_file_is_given_to_those_it_is_for(self, request, reserved_file, actor):
        assert request.getfixturevalue(actor).get(reserved_file.get_absolute_url()).status_code == 200

    def test_trainer_removed_from_the_group_is_refused_at_once(self, trainer, reserved_file):
        assert trainer.get(reserved_file.get_absolute_url()).status_code == 200
        trainer.user.groups.clear()
        assert trainer.get(reserved_file.get_absolute_url()).status_code == 404

    def test_link_sent_to_someone_else_gives_nothing(self, trainer, visitor, reserved_file):
        url = reserved_file.get_absolute_url()
        assert trainer.get(url).status_code == 200
        assert visitor.get(url, headers={"Referer": url}).status_code == 404

    @pytest.mark.parametrize(
        "fields", [{"status": Document.Status.DRAFT}, {"status": Document.Status.WITHDRAWN}, {"publish_at": tomorrow()}]
    )
    def test_file_of_an_unpublished_document_is_for_editors(self, visitor, trainer, documentalist, fields):
        made = file(document("Cachée", **fields))
        assert visitor.get(made.get_absolute_url()).status_code == 404
        assert trainer.get(made.get_absolute_url()).status_code == 404
        response = documentalist.get(made.get_absolute_url())
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize("state", [DocumentFile.State.PENDING, DocumentFile.State.READING, DocumentFile.State.UNREADABLE])
    def test_file_that_was_not_read_is_given_to_nobody(self, visitor, documentalist, state):
        made = file(document("Publique"), state=state)
        assert visitor.get(made.get_absolute_url()).status_code == 404
        assert documentalist.get(made.get_absolute_url()).status_code == 404
        assert visitor.get(made.document.get_absolute_url()).context["document"]["files"] == []

    def test_scanned_file_is_given(self, visitor):
        made = file(document("Publique"), state=DocumentFile.State.NO_TEXT)
        assert visitor.get(made.get_absolute_url()).status_code == 200

    def test_neighbouring_numbers_give_nothing(self, visitor, public_file, reserved_file):
        slug, name = public_file.document.slug, public_file.name
        for pk in (reserved_file.pk, public_file.pk - 1, public_file.pk + 1, 0, 10**18):
            if pk != public_file.pk:
                assert visitor.get(f"/ressources/{slug}/fichiers/{pk}/{name}").status_code == 404

    def test_reserved_file_is_not_reached_through_a_public_document(self, visitor, public_file, reserved_file):
        url = f"/ressources/{public_file.document.slug}/fichiers/{reserved_file.pk}/{reserved_file.name}"
        assert visitor.get(url).status_code == 404

    def test_other_name_or_former_address_gives_nothing(self, visitor, public_file):
        old = public_file.get_absolute_url()
        assert visitor.get(old.replace(public_file.name, "autre.pdf")).status_code == 404
        Document.objects.filter(pk=public_file.document_id).update(slug="renommee")
        assert visitor.get(old).status_code == 404

    def test_stored_path_is_not_an_address(self, visitor, public_file):
        for prefix in (settings.MEDIA_URL, "/media/", "/static/", "/static/../media/", "/"):
            assert visitor.get(prefix + public_file.file.name).status_code == 404

    @pytest.mark.parametrize(
        "name",
        ["../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/db.sqlite3", "..%5c..%5cdb.sqlite3", ".git/config"],
    )
    def test_no_path_leads_outside(self, visitor, public_file, name):
        for road in ("fichiers/1", f"fichiers/{public_file.pk}", "couverture"):
            assert visitor.get(f"/ressources/publique/{road}/{name}").status_code == 404
        assert visitor.get(f"/static/{name}").status_code == 404

    def test_nul_in_a_path_is_refused(self, visitor, public_file):
        assert visitor.get(public_file.get_absolute_url() + "%00.pdf").status_code == 400

    def test_file_lost_on_the_disk_is_not_found(self, visitor, public_file):
        public_file.file.storage.delete(public_file.file.name)
        assert visitor.get(public_file.get_absolute_url()).status_code == 404


class TestCovers:
    @staticmethod
    def cover_of(made: Document) -> str:
        from django.core.files.base import ContentFile
        from django.core.files.storage import default_storage

        name = default_storage.save("couvertures/abc-400.webp", ContentFile(b"image"))
        drawn = [{"format": "webp", "width": 400, "height": 300, "name": name, "file": name.split("/")[-1]}]
        Document.objects.filter(pk=made.pk).update(cover_renditions=drawn)
        return f"/ressources/{made.slug}/couverture/{drawn[0]['file']}"

    def test_cover_is_given_and_kept(self, visitor):
        response = visitor.get(self.cover_of(document("Publique")))
        assert body(response) == b"image"
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"

    @pytest.mark.parametrize("fields", [{"access": "formateurs"}, {"status": "draft"}, {"publish_at": tomorrow()}])
    def test_cover_of_a_hidden_document_does_not_exist(self, visitor, stranger, documentalist, fields):
        url = self.cover_of(document("Cachée", **fields))
        assert visitor.get(url).status_code == 404
        assert stranger.get(url).status_code == 404
        response = documentalist.get(url)
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]

    def test_cover_of_a_withdrawn_document_is_for_editors(self, visitor, documentalist):
        url = self.cover_of(document("Retirée", status="withdrawn"))
        assert visitor.get(url).status_code == 404
        assert documentalist.get(url).status_code == 200

    def test_unknown_cover_does_not_exist(self, visitor, administrator):
        document("Publique")
        assert visitor.get("/ressources/publique/couverture/abc-400.webp").status_code == 404
        assert visitor.get("/ressources/inconnu/couverture/abc-400.webp").status_code == 404
        assert administrator.get("/ressources/inconnu/couverture/abc-400.webp").status_code == 404

    def test_cover_lost_on_the_disk_is_not_found(self, visitor):
        from django.core.files.storage import default_storage

        url = self.cover_of(document("Publique"))
        default_storage.delete("couvertures/" + url.split("/")[-1])
        assert visitor.get(url).status_code == 404
