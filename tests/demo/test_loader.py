"""What the demonstration puts in the library, once, without touching what people changed."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from network.demo.loader import initiative_of_fiche
from resources.demo import loader, pictures, texts
from resources.models import Document, DocumentFile, FilePage
from tests.factories.directory import initiative, organisation
from trajectoire.core import search
from trajectoire.core.redirects import OldAddress

pytestmark = pytest.mark.usefixtures("library", "small_demo")


def load(**options):
    return loader.load(workers=1, **options)


def test_documents_are_loaded_with_their_links(django_capture_on_commit_callbacks):
    assert load() == {"documents": 3, "pdfs": 1, "covers": 0}
    fiche = Document.objects.get(slug="recre-des-parents")
    assert fiche.is_demo
    assert fiche.is_published
    assert fiche.publish_at.date() == datetime.date(2024, 3, 12)
    assert {theme.slug for theme in fiche.themes.all()} == {"education", "sante"}
    assert {place.code for place in fiche.territories.all()} == {"QN02503M", "25056"}
    assert fiche.author_list == ["Trajectoire Ressources", "Ana Vauthier"]
    assert fiche.partners == "Ville\nCAF"
    assert fiche.figures()[0] == {"value": "14", "label": "familles"}
    assert [section["id"] for section in fiche.rendered["sections"]] == ["contexte", "objectifs"]


def test_collection_state_and_replacement_are_kept():
    load()
    letter = Document.objects.get(slug="lettre-7")
    assert (letter.collection.slug, letter.number) == ("lettre-information", 7)
    assert letter.status == Document.Status.WITHDRAWN
    assert letter.replaced_by.slug == "recre-des-parents"
    draft = Document.objects.get(slug="note-a-finir")
    assert draft.publish_at is None


def test_history_holds_one_whole_version():
    load()
    version = Document.objects.get(slug="recre-des-parents").history.get()
    assert version.history_type == "+"
    assert version.themes.count() == 2


def test_second_load_changes_nothing(django_assert_max_num_queries):
    load()
    before = list(Document.objects.order_by("pk").values())
    with django_assert_max_num_queries(15):
        assert load() == {"documents": 0, "pdfs": 0, "covers": 0}
    assert list(Document.objects.order_by("pk").values()) == before


def test_changed_document_is_left_as_it_is():
    load()
    Document.objects.filter(slug="lettre-7").update(title="Mon titre")
    load()
    assert Document.objects.get(slug="lettre-7").title == "Mon titre"


def test_document_with_a_date_to_come_is_online_today(small_demo):
    path = small_demo / "note-a-finir.toml"
    text = path.read_text(encoding="utf-8").replace("2025-01-01", "2099-01-01").replace('"draft"', '"published"')
    path.write_text(text, encoding="utf-8")
    load()
    assert Document.objects.get(slug="note-a-finir").is_published


def test_fiche_of_an_initiative_names_who_carries_it(small_demo):
    fiche, slug = next(iter(initiative_of_fiche().items()))
    initiative(slug=slug, is_demo=True, carriers=[organisation("Régie du Mail")])
    text = (small_demo / "recre-des-parents.toml").read_text(encoding="utf-8")
    (small_demo / f"{fiche}.toml").write_text(text, encoding="utf-8")
    load()
    assert [carrier.name for carrier in Document.objects.get(slug=fiche).organisations.all()] == ["Régie du Mail"]


def test_pdf_is_really_read(django_capture_on_commit_callbacks):
    heard = []
    with django_capture_on_commit_callbacks(execute=True):
        load(progress=lambda done, total: heard.append((done, total)))
    file = DocumentFile.objects.get()
    assert (file.state, file.tagged, file.titled) == (DocumentFile.State.READY, True, True)
    assert file.name == "recre-des-parents.pdf"
    assert file.pages >= 2
    assert FilePage.objects.filter(file=file, text__contains="récré des parents").exists()
    assert heard == [(1, 1)]


def test_document_that_has_a_file_gets_no_other(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load()
    assert load()["pdfs"] == 0


def test_old_addresses_lead_to_the_new_site(client):
    load()
    assert OldAddress.objects.count() == len(loader.OLD_ADDRESSES)
    answer = client.get("/publication/lettre-dinformation/")
    assert (answer.status_code, answer["Location"]) == (301, "/ressources/collections/lettre-information/")


@pytest.mark.django_db(transaction=True)
def test_fiche_keeps_its_tiles():
    load()
    fiche = Document.objects.get(slug="recre-des-parents")
    assert fiche.files.get().state == DocumentFile.State.READY
    assert fiche.cover_renditions == []
    assert not default_storage.exists("couvertures")


@pytest.mark.django_db(transaction=True)
def test_other_document_gets_the_first_page_as_cover(small_demo):
    path = small_demo / "lettre-7.toml"
    path.write_text("pdf = true\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    (small_demo / "recre-des-parents.toml").write_text(path.read_text(encoding="utf-8").replace("= 7", "= 8"), encoding="utf-8")
    assert loader.load(workers=1)["pdfs"] == 2
    assert all(Document.objects.exclude(slug="note-a-finir").values_list("cover_renditions", flat=True))


@pytest.mark.django_db(transaction=True)
def test_pdfs_are_made_in_threads():
    assert loader.load(workers=2)["pdfs"] == 1
    assert DocumentFile.objects.get().state == DocumentFile.State.READY


def test_picture_becomes_the_cover_once(monkeypatch):
    monkeypatch.setattr(pictures, "PICTURES", {"lettre-7": pictures.Picture(pictures.tower, "Une tour."), "absent": None})
    assert load()["covers"] == 1
    letter = Document.objects.get(slug="lettre-7")
    assert {rendition["width"] for rendition in letter.cover_renditions} == {400, 800, 1600}
    assert (letter.cover_alt, letter.cover_credit) == ("Une tour.", pictures.CREDIT)
    assert load()["covers"] == 0


def test_index_finds_the_documents(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load()
    search.rebuild()
    assert search.query(search.Query(text="récré", access=frozenset({"public"}))).total == 1


def test_command_tells_what_was_made(capsys):
    call_command("load_demo", workers=1)
    assert "3\u00a0documents, 1\u00a0PDF, 0\u00a0image, 5\u00a0comptes." in capsys.readouterr().out


def test_texts_keep_their_order():
    assert [text.slug for text in texts.read()] == ["lettre-7", "note-a-finir", "recre-des-parents"]
