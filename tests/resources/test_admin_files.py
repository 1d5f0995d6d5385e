"""Files and covers in the administration: dropped together, checked, read, removed; hostile ones refused in French."""

import pytest

from resources.models import Document, DocumentFile
from tests.factories.admin import ADD, LIST, change, errors, messages, picture, save, stored, upload
from tests.factories.documents import document, file
from tests.hostile import archives, images, others, pdfs

pytestmark = pytest.mark.usefixtures("world")


HOSTILE = [
    ("x.png", images.png_bomb),
    ("x.svg", images.svg_with_script),
    ("x.jpg", images.jpeg_header_only),
    ("x.pdf", pdfs.javascript_on_open),
    ("x.pdf", pdfs.launch),
    ("x.pdf", lambda: b"<html><script>alert(1)</script></html>"),
    ("x.pdf", lambda: b"MZ" + b"\0" * 500),
    ("x.docx", archives.zip_slip),
    ("x.docm", archives.docm),
    (".htaccess", lambda: b"AddType application/x-httpd-php .pdf"),
    ("x.pdf", lambda: b""),
    ("x.pdf", others.polyglot),
]


class TestHostileFiles:
    @pytest.mark.parametrize(("name", "make"), HOSTILE)
    def test_is_refused_in_french_and_leaves_nothing(self, documentalist, needed, settings, name, make):
        response = save(documentalist, ADD, **needed, new_files=[upload(make(), name)])
        assert response.status_code == 200
        said = errors(response)
        assert len(said) > 20
        assert said.rstrip().endswith(".")
        assert not Document.objects.exists()
        assert not DocumentFile.objects.exists()
        assert stored() == []
        assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []

    def test_one_bad_file_among_good_ones_is_named(self, documentalist, needed):
        response = save(
            documentalist, ADD, **needed, new_files=[upload(pdfs.one_page(), "bon.pdf"), upload(b"MZ", "mauvais.pdf")]
        )
        assert "mauvais.pdf" in errors(response)
        assert "bon.pdf" not in errors(response)
        assert stored() == []

    def test_too_heavy_file_is_refused(self, documentalist, needed, settings):
        settings.UPLOAD_MAX_BYTES = 500
        response = save(documentalist, ADD, **needed, new_files=[upload(pdfs.one_page() + b" " * 600, "x.pdf")])
        assert response.status_code == 200
        assert not Document.objects.exists()


class TestCover:
    def test_image_becomes_a_cover_in_several_sizes(self, documentalist, visitor, django_capture_on_commit_callbacks):
        made = document("Une synthèse")
        save(documentalist, change(made), new_cover=upload(picture((1700, 900)), "c.png"), cover_alt="Des tuiles")
        made.refresh_from_db()
        assert {(r["format"], r["width"]) for r in made.cover_renditions} == {
            (f, w) for f in ("webp", "avif") for w in (400, 800, 1600)
        }
        page = visitor.get(made.get_absolute_url())
        assert 'alt="Des tuiles"' in page.content.decode()
        for rendition in made.cover_renditions:
            assert visitor.get(f"/ressources/{made.slug}/couverture/{rendition['file']}").status_code == 200

        old = stored()
        with django_capture_on_commit_callbacks(execute=True):
            save(documentalist, change(made), new_cover=upload(picture(), "d.png"))
        assert not set(old) & set(stored())
        with django_capture_on_commit_callbacks(execute=True):
            save(documentalist, change(made), remove_cover="on")
        made.refresh_from_db()
        assert made.cover_renditions == []
        assert stored() == []

    @pytest.mark.parametrize(
        ("name", "make"), [("x.pdf", pdfs.one_page), ("x.png", images.png_bomb), ("x.svg", images.svg_with_script)]
    )
    def test_cover_is_an_image(self, documentalist, name, make):
        made = document("Une synthèse")
        response = save(documentalist, change(made), new_cover=upload(make(), name))
        assert response.status_code == 200
        assert errors(response)
        assert stored() == []


class TestFiles:
    def test_file_is_removed_from_the_form(self, documentalist, django_capture_on_commit_callbacks):
        made = document("Un")
        kept, gone = file(made, order=0), file(made, order=1)
        with django_capture_on_commit_callbacks(execute=True):
            response = save(documentalist, change(made), **{"files-1-DELETE": "on"})
        assert response.status_code == 302
        assert [f.pk for f in made.files.all()] == [kept.pk]
        assert stored() == [kept.file.name.split("/")[-1]]
        assert gone.pk != kept.pk

    def test_state_of_each_file_is_shown(self, documentalist):
        made = document("Un")
        file(made, tagged=True, titled=False)
        file(made, tagged=False, titled=True)
        file(made, tagged=None, pages=None, state="unreadable", reason="abîmé")
        html = documentalist.get(change(made)).content.decode()
        assert "balisé, sans titre" in html
        assert "non balisé" in html
        assert "abîmé" in html
        assert "8\u00a0pages" in html

    def test_read_again(self, documentalist, django_capture_on_commit_callbacks):
        broken = file(document("Un"), pdfs.one_page(), state="unreadable", reason="panne", pages=None)
        with django_capture_on_commit_callbacks(execute=True):
            response = documentalist.post(f"{LIST}fichier/{broken.pk}/lire/", follow=True)
        assert "La lecture de" in messages(response)[0]
        broken.refresh_from_db()
        assert (broken.state, broken.reason, broken.pages) == ("ready", "", 1)

    def test_read_again_is_asked_by_post(self, documentalist):
        made = file(document("Un"))
        assert documentalist.get(f"{LIST}fichier/{made.pk}/lire/").status_code == 405

    def test_read_again_is_for_editors(self, powerless, trainer, visitor, django_capture_on_commit_callbacks):
        made = file(document("Un"))
        for client in (powerless, trainer, visitor):
            with django_capture_on_commit_callbacks() as asked:
                assert client.post(f"{LIST}fichier/{made.pk}/lire/").status_code in (302, 403, 404)
            assert asked == []

    def test_read_again_unknown_file(self, documentalist):
        assert documentalist.post(f"{LIST}fichier/999/lire/").status_code == 404
