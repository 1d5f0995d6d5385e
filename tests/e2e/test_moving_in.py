"""Staff brings a table in without JavaScript, on a phone, and takes it back; then takes the whole site away."""

import zipfile

from playwright.sync_api import Page, expect

from .browsing import Visitor, axe_faults, follow
from .content import MANAGER
from .keyboard import faults_of, tab_through

TABLE = (
    "Raison sociale;Ville;Téléphone\nRégie des Essais;Besançon;381000000\nMaison des Essais;Dijon;n/a\n;Nevers;\nTotal : 3;;\n"
)
COUNTS = ".counts li"


def check(page: Page) -> None:
    """No fault for axe; every stop of the keyboard is seen, named, and large enough."""
    assert axe_faults(page, {"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]}) == []
    assert [fault for stop in tab_through(page) for fault in faults_of(stop)] == []


def press(page: Page, name: str) -> Page:
    return follow(page.get_by_role("button", name=name, exact=True))


def test_table_is_tried_brought_and_taken_back(visit):
    staff: Visitor = visit(width=360, java_script_enabled=False)
    staff.log_in(MANAGER)
    page = staff.go("/admin/core/importrun/add/")
    page = follow(page.get_by_role("link", name="Structures (tableau)"))
    file = {"name": "annuaire.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp1252")}
    page.get_by_label("Fichier").set_input_files(file)
    page.get_by_label("Source").fill("Annuaire de 2024")
    press(page, "Envoyer et essayer")
    expect(page.locator(".where")).to_contain_text("Essai terminé")
    expect(page.locator(COUNTS).first).to_contain_text("2\u00a0nouveaux")
    expect(page.get_by_text("C’est la ligne d’un total")).to_be_visible()
    press(page, "Importer")
    expect(page.locator(".where")).to_contain_text("Import terminé")
    made = page.get_by_role("link", name="Régie des Essais")
    follow(made)
    expect(page.locator("#id_phone")).to_have_value("03 81 00 00 00")
    page.go_back()
    page.get_by_label("Oui, retirer ce que cet import a apporté").check()
    press(page, "Annuler cet import")
    expect(page.locator(".where")).to_contain_text("Annulation terminée")
    expect(page.locator(COUNTS).first).to_contain_text("2\u00a0retirés")


def test_screens_of_imports_are_accessible(visit):
    staff: Visitor = visit(width=360)
    staff.log_in(MANAGER)
    check(staff.go("/admin/core/importrun/add/"))
    page = staff.go("/admin/core/importrun/add/structures/")
    check(page)
    page.get_by_label("Fichier").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    press(page, "Envoyer et essayer")
    check(page)


def test_whole_site_is_taken_away(visit, tmp_path):
    staff: Visitor = visit(width=360)
    staff.log_in(MANAGER)
    page = staff.go("/admin/core/siteexport/")
    check(page)
    press(page, "Préparer une archive")
    expect(page.get_by_text("L’archive est prête")).to_be_visible()
    check(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Télécharger l’archive").click()
    taken.value.save_as(tmp_path / "site.zip")
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert {"LISEZMOI.txt", "manifest.json", "donnees/resources.Document.jsonl"} <= set(archive.namelist())


def test_state_of_the_site_is_accessible(visit):
    staff: Visitor = visit(width=360)
    staff.log_in(MANAGER)
    page = staff.go("/admin/")
    follow(page.get_by_role("link", name="État du site"))
    expect(page.get_by_role("heading", name="Base de données")).to_be_visible()
    check(page)
