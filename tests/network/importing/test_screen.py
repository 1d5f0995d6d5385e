"""The screen of an import: the file, its columns, what would be done, then the import, in the background and once."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from network.importing import running
from network.models import DirectoryImport, Organisation

pytestmark = pytest.mark.usefixtures("reference")
URL = "/admin/network/directoryimport/"
TEXT = "Titre;Ville\nMJC;Besançon\nCCAS;Dijon\n"


def bring(client, text: str | bytes = "nom;commune\nMJC;Besançon\n", name: str = "structures.csv"):
    content = text if isinstance(text, bytes) else text.encode("cp1252")
    return client.post(f"{URL}add/", {"file": SimpleUploadedFile(name, content), "source": "Liste 2026"})


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_file_is_brought_checked_then_imported(administrator, commit):
    assert bring(administrator).status_code == 302
    brought = DirectoryImport.objects.get()
    page = administrator.get(f"{URL}{brought.pk}/change/")
    assert page.context["counts"] == ["1\u00a0créée", "0\u00a0complétée", "0\u00a0inchangée", "0\u00a0refusée"]
    assert not Organisation.objects.exists()
    with commit():
        assert administrator.post(f"{URL}{brought.pk}/importer/").status_code == 302
        assert not Organisation.objects.exists()
    stored = Organisation.objects.get()
    assert (stored.name, stored.sources) == ("MJC", "Liste 2026")
    html = administrator.get(f"{URL}{brought.pk}/change/").content.decode()
    assert "Import terminé" in html
    assert "1 créée" in html


def test_columns_that_are_not_recognised_are_chosen(administrator, commit):
    bring(administrator, TEXT)
    brought = DirectoryImport.objects.get()
    assert brought.mapping == {"place": 1}
    administrator.post(f"{URL}{brought.pk}/importer/")
    assert DirectoryImport.objects.get().status == "recu"
    sent = {"column-name": "0", "column-place": "1", "column-siret": "x"}
    administrator.post(f"{URL}{brought.pk}/colonnes/", sent)
    page = administrator.get(f"{URL}{brought.pk}/change/")
    assert [line.name for line in page.context["lines"]] == ["MJC", "CCAS"]
    with commit():
        administrator.post(f"{URL}{brought.pk}/importer/")
    assert Organisation.objects.count() == 2


def test_second_press_does_nothing_more(administrator, commit):
    bring(administrator)
    brought = DirectoryImport.objects.get()
    with commit():
        administrator.post(f"{URL}{brought.pk}/importer/")
    page = administrator.post(f"{URL}{brought.pk}/importer/", follow=True)
    assert "déjà lancé" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("x.csv", b"", "vide"), ("x.xlsx", b"nom\na", "pas un classeur"), ("x.csv", b'nom\n"a', "La ligne 2 n’est pas complète")],
)
def test_what_is_no_table_is_refused_in_words_and_not_kept(administrator, name, content, sentence):
    response = bring(administrator, content, name)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not DirectoryImport.objects.exists()


def test_file_gone_is_told(administrator, commit):
    bring(administrator)
    brought = DirectoryImport.objects.get()
    default_storage.delete(brought.file.name)
    assert administrator.get(f"{URL}{brought.pk}/change/").context["unreadable"]
    with commit():
        running.start(brought)
    brought.refresh_from_db()
    assert brought.status == "echoue"
    assert brought.error


def test_long_report_is_cut(administrator, monkeypatch):
    monkeypatch.setattr("network.importing.admin.LINES_SHOWN", 2)
    bring(administrator, "nom\n" + "".join(f"Structure {word}\n" for word in ("un", "deux", "trois", "quatre", "cinq")))
    page = administrator.get(f"{URL}{DirectoryImport.objects.get().pk}/change/")
    assert (len(page.context["lines"]), page.context["more"]) == (2, 3)


def test_only_who_may_import_does(administrator, documentalist):
    bring(administrator)
    pk = DirectoryImport.objects.get().pk
    assert documentalist.get(f"{URL}{pk}/change/").status_code == 403
    assert documentalist.post(f"{URL}{pk}/importer/").status_code == 403
    assert administrator.get(f"{URL}{pk}/importer/").status_code == 405
    assert administrator.get(f"{URL}999/change/").status_code == 302
    assert str(DirectoryImport.objects.get()) == "structures.csv"


def test_files_leave_after_a_month(administrator):
    bring(administrator)
    brought = DirectoryImport.objects.get()
    assert running.erase(timezone.now()) == 0
    later = timezone.now() + datetime.timedelta(days=32)
    assert running.old(later).count() == 1
    assert running.erase(later) == 1
    assert not default_storage.exists(brought.file.name)
