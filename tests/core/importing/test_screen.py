"""« Imports » in the administration: a format, a file, its report, the import, its undoing; and who may."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from network.models import Organisation
from tests.core.importing.toy import TABLE, TOY
from trajectoire.core.importing import Record, contract, forms, registered
from trajectoire.core.importing.records import ImportLine, ImportRun
from trajectoire.core.models import User

URL = "/admin/core/importrun/"
FILE = "a|MJC|Danse|\nb|CCAS||\nc|||\n"


@pytest.fixture(autouse=True)
def _commit(monkeypatch):
    """Background work is done as soon as it is asked for."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **options: act())


def bring(client, content: str = FILE, importer=TOY, name: str = "structures.txt", **more):
    return client.post(f"{URL}add/{importer.name}/", {"file": SimpleUploadedFile(name, content.encode()), **more})


def shown(client, way: str = "") -> str:
    return client.get(f"{URL}{ImportRun.objects.get().pk}/{way or 'change/'}").content.decode()


def press(client, way: str, **sent):
    return client.post(f"{URL}{ImportRun.objects.get().pk}/{way}/", sent, follow=True).content.decode()


def test_file_is_tried_imported_then_undone(administrator):
    assert bring(administrator).status_code == 302
    html = shown(administrator)
    assert "Essai terminé\u00a0: 3\u00a0enregistrements." in html
    assert "Ce qui serait fait" in html
    assert "Le nom manque." in html
    assert not Organisation.objects.exists()
    html = press(administrator, "importer")
    assert "Import terminé" in html
    made = Organisation.objects.get(name="MJC")
    assert f"/admin/network/organisation/{made.pk}/change/" in html
    assert "Essayer" not in html
    assert "Rien n’est annulé" in press(administrator, "annuler")
    assert Organisation.objects.count() == 2
    html = press(administrator, "annuler", sure="oui")
    assert "MJC" in shown(administrator, "change/?resultat=retire")
    assert "Annulation terminée" in html
    assert "Retiré" in html
    assert not Organisation.objects.exists()


def test_every_format_has_its_name_and_its_sentence(administrator):
    html = administrator.get(f"{URL}add/").content.decode()
    for importer in registered():
        assert f"{URL}add/{importer.name}/" in html
        assert importer.help.endswith(".")
    assert "Jouet" in html


def test_columns_are_chosen_when_titles_say_nothing(administrator):
    bring(administrator, "Titre;Présentation\nMJC;Danse\n", TABLE, "structures.csv")
    assert "à vérifier" in shown(administrator)
    run = ImportRun.objects.get()
    assert (run.state, run.mapping) == ("recu", {"summary": 1})
    assert "elle est obligatoire" in press(administrator, "essayer", **{"colonne-name": "", "colonne-summary": "1"})
    html = press(administrator, "essayer", **{"colonne-name": "0", "colonne-summary": "", "replace": "on"})
    assert "Essai terminé" in html
    run.refresh_from_db()
    assert (run.mapping, run.options) == ({"name": 0}, {"replace": True})
    press(administrator, "importer")
    assert Organisation.objects.get().name == "MJC"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("structures.doc", FILE, "Ce format se lit dans un fichier .txt"),
        ("structures.txt", "!", "Ce fichier est coupé."),
        ("structures.txt", "", "vide"),
        ("structures.txt", "# rien", "Ce fichier ne contient rien à importer."),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(administrator, name, content, reason):
    response = bring(administrator, content, name=name)
    assert reason in response.content.decode()
    assert not ImportRun.objects.exists()


def test_file_too_heavy_is_refused(administrator, monkeypatch):
    monkeypatch.setattr(forms, "LARGEST", 10)
    assert "coupez-le en plusieurs" in bring(administrator).content.decode()


def test_attachments_are_kept_and_checked(administrator):
    def packed(name: str) -> SimpleUploadedFile:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr(name, "x")
        return SimpleUploadedFile("pieces.zip", content.getvalue())

    assert "chemin interdit" in bring(administrator, pieces=packed("../x.txt")).content.decode()
    assert not ImportRun.objects.exists()
    bring(administrator, pieces=packed("x.txt"))
    run = ImportRun.objects.get()
    with run.opened_pieces() as pieces:
        assert pieces.find("https://ancien.fr/x.txt") == "x.txt"
    assert "avec des pièces jointes" in shown(administrator)


def test_lines_are_filtered_paged_and_downloaded(administrator):
    bring(administrator, "".join(f"{n}|Structure {n}||\n" for n in range(101)) + "x|||\n")
    html = shown(administrator)
    assert "101\u00a0nouveaux" in html
    assert "1\u00a0refusé" in html
    assert "Structure 99" in html
    assert "Le nom manque." not in html
    pk = ImportRun.objects.get().pk
    assert "Le nom manque." in administrator.get(f"{URL}{pk}/change/?resultat=refuse").content.decode()
    assert "Le nom manque." in administrator.get(f"{URL}{pk}/change/?page=2").content.decode()
    report = b"".join(administrator.get(f"{URL}{pk}/compte-rendu.csv").streaming_content).decode("utf-8-sig")
    assert report.splitlines()[0] == '"Ligne";"Identifiant";"Intitulé";"Résultat";"À savoir"'
    assert report.splitlines()[-1].endswith('"Refusé";"Le nom manque."')


def test_queries_do_not_grow_with_the_lines(administrator, django_assert_num_queries):
    bring(administrator, "a|MJC||\n")
    press(administrator, "importer")
    with django_assert_num_queries(7):
        shown(administrator)
    ImportRun.objects.all().delete()
    bring(administrator, "".join(f"{n}|Structure {n}||\n" for n in range(5)))
    press(administrator, "importer")
    with django_assert_num_queries(7):
        shown(administrator)


def test_under_way_it_can_be_followed_stopped_then_resumed(administrator):
    bring(administrator)
    press(administrator, "importer")
    ImportRun.objects.update(state="en-cours", alive_at=None, done=1, total=3)
    html = shown(administrator)
    assert "Import en cours\u00a0: 1 sur 3\u00a0enregistrements (33\u00a0%)." in html
    assert "Personne n’y travaille" in html
    html = press(administrator, "arreter")
    assert "Arrêté à votre demande." in html
    assert "Import terminé" in press(administrator, "reprendre")
    assert "Reprendre" not in press(administrator, "reprendre")


def test_what_is_done_is_not_done_again(administrator):
    bring(administrator)
    press(administrator, "importer")
    assert "déjà fait" in press(administrator, "essayer")
    assert "Faites d’abord un essai" in press(administrator, "importer")
    ImportRun.objects.update(job="annulation", state="arrete")
    assert "déjà fait" in press(administrator, "essayer")


def test_another_of_the_same_format_waits(administrator):
    bring(administrator)
    other = ImportRun.objects.create(importer=TOY.name, name="autre", state="en-cours")
    first = ImportRun.objects.exclude(pk=other.pk).get()
    html = administrator.post(f"{URL}{first.pk}/importer/", follow=True).content.decode()
    assert "Un autre import de ce format est en cours" in html


def test_deleting_an_import_keeps_what_it_brought(administrator):
    bring(administrator)
    press(administrator, "importer")
    run = ImportRun.objects.get()
    file = run.file
    assert administrator.post(f"{URL}{run.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not ImportRun.objects.exists()
    assert not file.storage.exists(file.name)
    assert Organisation.objects.exists()
    bring(administrator)
    run = ImportRun.objects.get()
    administrator.post(URL, {"action": "delete_selected", "_selected_action": [run.pk], "post": "yes"})
    assert not ImportRun.objects.exists()


def test_list_says_where_each_is(administrator):
    bring(administrator)
    html = administrator.get(URL).content.decode()
    assert "structures.txt" in html
    assert "Jouet" in html
    assert "Apporter un fichier" in html


def test_format_that_no_longer_exists(administrator, monkeypatch):
    run = ImportRun.objects.create(importer="jouet", name="x")
    monkeypatch.setattr("trajectoire.core.importing.contract._importers", {})
    assert administrator.get(f"{URL}{run.pk}/change/").status_code == 404
    assert administrator.get(f"{URL}add/jouet/").status_code == 404
    assert "Aucun format ne vous est ouvert" in administrator.get(f"{URL}add/").content.decode()


def test_others_see_only_their_formats(browser, administrator, powerless, monkeypatch):
    bring(administrator)
    pk = ImportRun.objects.get().pk
    assert powerless.get(URL).status_code == 403
    assert powerless.get(f"{URL}add/").status_code == 403
    assert powerless.post(f"{URL}{pk}/importer/").status_code in (403, 404)
    monkeypatch.setattr(User, "has_perm", lambda user, name, obj=None: name.startswith("core."))
    assert "structures.txt" not in administrator.get(URL).content.decode()
    assert administrator.get(f"{URL}{pk}/change/").status_code == 404
    assert administrator.get(f"{URL}add/jouet/").status_code == 403


def test_address_is_brought_in_place_of_a_file(administrator, monkeypatch):
    harvest = replace(TOY, name="moisson", from_address=True, read=lambda place, options: iter([Record(1, "a", place)]))
    monkeypatch.setattr(contract, "_importers", {"moisson": harvest})
    administrator.post(f"{URL}add/moisson/", {"address": "https://catalogue.example.org/oai"})
    run = ImportRun.objects.get()
    assert (run.name, run.place, run.state) == ("https://catalogue.example.org/oai",) * 2 + ("fait",)


def test_file_that_is_gone_is_said(administrator):
    bring(administrator, "Nom\nMJC\n", TABLE, "structures.csv")
    file = ImportRun.objects.get().file
    file.storage.delete(file.name)
    assert "No such file" in shown(administrator)


def test_line_without_a_screen_has_no_link(administrator):
    bring(administrator)
    kind = ContentType.objects.get_for_model(ImportLine)
    ImportLine.objects.update(content_type=kind, object_id=1)
    assert "importline" not in shown(administrator)


def test_who_only_reads_changes_nothing(administrator, monkeypatch):
    bring(administrator)
    monkeypatch.setattr(User, "has_perm", lambda user, name, obj=None: name != "core.change_importrun")
    assert "Essayer à nouveau" not in shown(administrator)
    assert administrator.post(f"{URL}{ImportRun.objects.get().pk}/importer/").status_code == 403


def test_formats_of_others_are_not_shown(administrator, monkeypatch):
    monkeypatch.setattr(User, "has_perm", lambda user, name, obj=None: name != TOY.permission)
    assert "Jouet" not in administrator.get(f"{URL}add/").content.decode()
