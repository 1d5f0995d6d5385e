"""The kit: what trainers read, what is new, what they keep, what the log says; nothing of it for others."""

import io
import zipfile

import pytest
from django.utils import timezone

from resources.models import Document
from tests.factories import accounts, vrl
from tests.factories.documents import file, pages
from trajectoire.core.roles import VRL
from vrl import kit, kit_log
from vrl.models import Favourite, KitPart, KitReading, Trainer

pytestmark = pytest.mark.usefixtures("world")
KIT = "/vrl/espace/kit/"
ARCHIVE = f"{KIT}kit.zip"


@pytest.fixture
def reader(browser):
    return browser(vrl.trainer().user)


@pytest.fixture
def part() -> KitPart:
    made = vrl.kit_part("Poser le cadre", kind="deroule", sequence=2, minutes=45, version_label="2026-1", in_one_day=True)
    attached = file(made.document, b"a" * 3000, name="deroule.pdf")
    pages(attached, "Un mot rare : zibeline.")
    return made


def titles(page) -> list[str]:
    return [row["title"] for group in page.context["groups"] for row in group["rows"]]


def test_kit_is_shown_by_sequence_with_what_each_replaces(reader, part):
    old = vrl.kit_part("Ancien déroulé", version_label="2025-1")
    Document.objects.filter(pk=old.document_id).update(replaced_by=part.document)
    vrl.kit_part("Charte", kind="administratif", sequence=None)
    page = reader.get(KIT)
    assert [group["title"] for group in page.context["groups"]] == ["Pour tout le kit", "Séquence 2"]
    assert titles(page) == ["Charte", "Poser le cadre"]
    html = page.content.decode()
    assert "Remplace Ancien déroulé (2025-1)" in html
    assert "45\u00a0min" in html


def test_version_being_written_replaces_nothing_yet(reader, part):
    draft = vrl.kit_part("Déroulé 2027")
    Document.objects.filter(pk=draft.document_id).update(status="draft")
    Document.objects.filter(pk=part.document_id).update(replaced_by=draft.document)
    assert titles(reader.get(KIT)) == ["Poser le cadre"]


def test_kit_of_one_length_and_what_one_keeps(reader, part):
    vrl.kit_part("Pour deux jours", in_one_day=False)
    assert titles(reader.get(KIT, {"duree": "1-jour"})) == ["Poser le cadre"]
    assert len(titles(reader.get(KIT, {"duree": "2-jours"}))) == 2
    assert titles(reader.get(KIT, {"duree": "favoris"})) == []
    for _ in range(2):
        assert reader.post(f"{part.get_absolute_url()}garder/", {"keep": "1"}).status_code == 302
    assert titles(reader.get(KIT, {"duree": "favoris"})) == ["Poser le cadre"]
    assert "Ne plus garder" in reader.get(KIT).content.decode()
    reader.post(f"{part.get_absolute_url()}garder/", {"keep": "0", "from": "part"})
    assert not Favourite.objects.exists()
    assert len(titles(reader.get(KIT, {"duree": "autre"}))) == 2


def test_what_is_new_is_newer_than_the_last_visit(reader, part):
    assert reader.get(KIT).context["news"] == []
    Trainer.objects.update(seen_before=timezone.now())
    new = vrl.kit_part("Toute nouvelle")
    Document.objects.filter(pk=new.document_id).update(publish_at=timezone.now())
    assert [row["title"] for row in reader.get(KIT).context["news"]] == ["Toute nouvelle"]


def test_search_reads_inside_the_files_of_the_kit_alone(reader, part):
    vrl.kit_part("Caricature", in_one_day=False)
    from tests.factories.documents import document

    document("Zibeline hors du kit", access=Document.Access.TRAINERS)
    page = reader.get(KIT, {"q": "zibeline"})
    assert [row["title"] for row in page.context["found"]] == ["Poser le cadre"]
    [row] = page.context["found"]
    assert (row["title"], row["page_label"]) == ("Poser le cadre", "page\u00a01")
    assert row["page_url"].endswith("#page=1")
    assert reader.get(KIT, {"q": "caricature", "duree": "1-jour"}).context["found"] == []
    assert reader.get(KIT, {"q": "caricature", "duree": "favoris"}).context["found"] == []
    [row] = reader.get(KIT, {"q": "caricature"}).context["found"]
    assert row["page_url"] == ""
    assert "Aucune partie du kit ne répond" in reader.get(KIT, {"q": "ornithorynque"}).content.decode()


def test_part_says_its_place_its_versions_and_its_situations(reader, part):
    old = vrl.kit_part("Ancien déroulé")
    Document.objects.filter(pk=old.document_id).update(replaced_by=part.document)
    vrl.situation("Que répondre ?").kit.add(part.document)
    html = reader.get(part.get_absolute_url()).content.decode()
    for words in (
        "Séquence 2",
        "Kit de 2 jours, Kit de 1 jour",
        old.get_absolute_url(),
        "Que répondre ?",
        "deroule.pdf",
        "Garder cette partie",
    ):
        assert words in html
    assert "Une version plus récente existe" in reader.get(old.get_absolute_url()).content.decode()


def test_part_replaced_by_a_document_outside_the_kit_leads_to_it(reader, part):
    from tests.factories.documents import document

    newer = document("Guide public")
    Document.objects.filter(pk=part.document_id).update(replaced_by=newer)
    assert f'href="{newer.get_absolute_url()}"' in reader.get(part.get_absolute_url()).content.decode()


def test_coordination_reads_the_kit_and_keeps_nothing(browser, part):
    client = browser(accounts.in_role(VRL))
    page = client.get(KIT)
    assert titles(page) == ["Poser le cadre"]
    assert "/admin/vrl/kitreading/" in page.content.decode()
    assert client.get(part.get_absolute_url()).status_code == 200
    assert client.post(f"{part.get_absolute_url()}garder/", {"keep": "1"}).status_code == 404


@pytest.mark.parametrize("actor", ["visitor", "stranger", "former_trainer", "partner", "powerless", "documentalist"])
def test_kit_does_not_exist_for_others(request, part, actor):
    client = request.getfixturevalue(actor)
    for address in (KIT, ARCHIVE, part.get_absolute_url()):
        assert client.get(address).status_code == 404
    assert client.post(f"{part.get_absolute_url()}garder/", {"keep": "1"}).status_code == 404


def test_document_opened_to_everyone_leaves_the_kit(reader, part):
    Document.objects.filter(pk=part.document_id).update(access=Document.Access.PUBLIC)
    assert titles(reader.get(KIT)) == []
    assert reader.get(part.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(reader, django_assert_num_queries, count):
    for number in range(count):
        made = vrl.kit_part(f"Partie {number}")
        file(made.document)
    with django_assert_num_queries(12):
        reader.get(KIT)


# Files, one by one and all together.


def end(response) -> bytes:
    """The answer read to its end, which closes it as a server does: what counts once it is sent is counted."""
    return response.getvalue()


def test_each_file_given_is_noted_once(reader, visitor, part):
    address = part.document.files.get().get_absolute_url()
    end(reader.head(address))
    end(reader.get(address))
    end(reader.get(address, headers={"Range": "bytes=100-200"}))
    reading = KitReading.objects.get()
    assert (reading.user, reading.document, reading.whole) == (reader.user, part.document, False)
    end(reader.get(address, headers={"Range": "bytes=0-99"}))
    assert KitReading.objects.count() == 2
    assert visitor.get(address).status_code == 404
    assert KitReading.objects.count() == 2


def test_other_reserved_and_public_files_are_not_noted(reader, visitor, part):
    from tests.factories.documents import document

    end(reader.get(file(document("Réservé", access=Document.Access.TRAINERS)).get_absolute_url()))
    end(visitor.get(file(document("Public")).get_absolute_url()))
    assert not KitReading.objects.exists()


def test_archive_holds_every_current_file(reader, part):
    other = vrl.kit_part("Charte", kind="administratif", sequence=None)
    file(other.document, b"b" * 10)
    file(other.document, b"c" * 10)
    lost = file(other.document, name="perdu.pdf")
    lost.file.storage.delete(lost.file.name)
    response = reader.get(ARCHIVE)
    content = end(response)
    assert int(response.headers["Content-Length"]) == len(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert archive.read("sequence-02/poser-le-cadre-deroule.pdf") == b"a" * 3000
    assert len(names) == 3
    assert KitReading.objects.filter(whole=True).count() == 3


def test_archive_that_was_cut_is_taken_up_again(reader, part, settings):
    whole = reader.get(ARCHIVE)
    content, etag = end(whole), whole.headers["ETag"]
    head = reader.head(ARCHIVE)
    assert (end(head), head.headers["Content-Length"]) == (b"", str(len(content)))
    for asked, start, stop in ((f"bytes=1000-{len(content)}", 1000, None), ("bytes=-50", -50, None), ("bytes=10-20", 10, 21)):
        response = reader.get(ARCHIVE, headers={"Range": asked, "If-Range": etag})
        assert (response.status_code, end(response)) == (206, content[start:stop])
    assert end(reader.head(ARCHIVE, headers={"Range": "bytes=10-20"})) == b""
    assert reader.get(ARCHIVE, headers={"Range": f"bytes={len(content) + 5}-"}).status_code == 416
    assert reader.get(ARCHIVE, headers={"Range": "bytes=10-20", "If-Range": '"autre"'}).status_code == 200
    assert KitReading.objects.filter(whole=True).count() == 1


def test_archive_of_nothing_is_not_found(reader):
    assert reader.get(ARCHIVE).status_code == 404
    assert reader.get(KIT).context["archive"] is None


def test_archive_reads_a_file_in_pieces(part):
    held = kit.archive(kit.files_of(kit.parts()))
    held.CHUNK = 1000
    assert max(len(piece) for piece in held.pieces()) < 1200


def test_readings_leave_after_a_year(reader, part):
    end(reader.get(ARCHIVE))
    KitReading.objects.update(at=timezone.now() - kit_log.KEPT * 1.1)
    assert kit_log.old().count() == 1
    assert str(KitReading.objects.get()).startswith("Poser le cadre, ")


def test_trainer_removed_from_the_group_loses_everything_at_the_next_request(reader, part):
    address = part.document.files.get().get_absolute_url()
    roads = (KIT, ARCHIVE, part.get_absolute_url(), address, part.document.get_absolute_url())
    assert {reader.get(road).status_code for road in roads} == {200}
    reader.user.groups.clear()
    for road in roads:
        assert {reader.get(road).status_code, reader.head(road).status_code} == {404}
        assert reader.get(road, headers={"Range": "bytes=0-10"}).status_code == 404


@pytest.mark.parametrize("actor", ["visitor", "stranger", "former_trainer"])
def test_side_roads_of_a_reserved_file_are_closed(request, part, actor):
    """U5: media URL, search and suggestions, feeds, exports, OAI, sitemap, old addresses."""
    client, document = request.getfixturevalue(actor), part.document
    held = document.files.get()
    document.cover_renditions = [{"format": "webp", "width": 1, "height": 1, "name": held.file.name, "file": "a.webp"}]
    document.save()
    closed = (
        held.get_absolute_url(),
        f"/media/{held.file.name}",
        document.get_absolute_url(),
        f"/ressources/{document.slug}.ris",
        f"/ressources/{document.slug}/couverture/a.webp",
        f"/publication/{document.slug}/",
    )
    for road in closed:
        for answer in (client.get(road), client.head(road), client.get(road, headers={"Range": "bytes=0-10"})):
            assert answer.status_code == 404, road
    silent = (
        "/recherche/?q=zibeline",
        "/recherche/suggestions/?q=poser+le",
        "/ressources/?q=zibeline",
        "/ressources/flux.atom",
        "/ressources/export.json",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        "/sitemap-ressources.xml",
        "/vrl/",
    )
    for road in silent:
        assert "Poser le cadre" not in client.get(road).getvalue().decode(), road
