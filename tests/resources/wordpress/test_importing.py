"""A whole site brought: every content accounted for, nothing twice, old links alive, drafts unpublished, undone."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from lxml import etree

from resources.importing.wordpress.choices import WordPressChoice
from resources.models import Document, DocumentFile
from tests.resources.wordpress.conftest import CENTRE, do
from trajectoire.core.importing.records import ImportLine
from trajectoire.core.models import Page
from trajectoire.core.redirects import OldAddress

pytestmark = pytest.mark.django_db
SITE = "ancien-centre.example"
WP = "{http://wordpress.org/export/1.2/}"


@pytest.fixture
def site(bring, uploads):
    """The old site, brought with its files; they have been read."""
    run = bring(CENTRE.read_bytes(), place=uploads)
    DocumentFile.objects.update(state=DocumentFile.State.READY)
    return run


def words(run, number: int) -> str:
    """What the report says of the content that has this number on the old site."""
    return run.lines.get(key=f"{SITE}?p={number}").words.replace("\u00a0", " ")


def stored() -> list:
    return [
        list(Document.objects.order_by("pk").values()),
        list(DocumentFile.objects.order_by("pk").values("pk", "name", "file")),
    ]


def test_every_content_is_accounted_for_once_and_can_be_undone(site, bring, uploads):
    items = len(etree.parse(CENTRE).findall(".//item"))
    assert sum(site.counts.values()) == site.lines.count() == items == 24
    assert site.counts == {"nouveau": 12, "refuse": 7, "inchange": 5}
    assert all(site.lines.filter(action="refuse").values_list("words", flat=True))
    assert Document.objects.count() == 11  # and one address
    before = stored()
    assert bring(CENTRE.read_bytes(), place=uploads).counts == {"inchange": 17, "refuse": 7}
    assert stored() == before
    do(site, "annulation")
    assert stored() == [[], []]
    assert not OldAddress.objects.filter(target__startswith="/ressources/la").exists()


def test_a_try_writes_only_the_table_of_choices(bring, uploads):
    run = bring(CENTRE.read_bytes(), "essai", uploads)
    assert run.counts == {"nouveau": 12, "refuse": 7, "inchange": 5}
    assert not Document.objects.exists()
    assert not OldAddress.objects.exists()
    assert WordPressChoice.objects.get(kind="category", slug="sante").themes.get().slug == "sante"


def public_addresses() -> set[str]:
    """Every old address that answered: contents and attachments of the export, and all that public texts cite of the site."""
    found = set()
    for item in etree.parse(CENTRE).iterfind(".//item"):
        status, kind = item.findtext(f"{WP}status"), item.findtext(f"{WP}post_type")
        if kind in ("post", "page", "fiche_experience") and status == "publish" and item.findtext("title"):
            if not item.findtext(f"{WP}post_password"):
                found |= {item.findtext("link"), f"https://{SITE}/?p={item.findtext(f'{WP}post_id')}"}
                text = "".join(item.itertext()).replace("\\/", "/")
                found |= set(re.findall(r"https://www\.ancien-centre\.example[^\s\"'<\]\\#|)]*", text))
        elif kind == "attachment" and item.findtext(f"{WP}post_parent") != "0":
            found |= {item.findtext("link"), item.findtext(f"{WP}attachment_url")}
    return found


def test_no_old_link_is_dead_and_no_text_leads_to_the_old_site(site, visitor):
    asked = [urlsplit(unescape(address)) for address in public_addresses()]
    paths = [f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}" for parts in asked]
    assert len(paths) > 25
    assert [path for path in paths if visitor.get(path, follow=True).status_code != 200] == []
    hrefs = {href for document in Document.objects.published() for href in re.findall(r'href="([^"]*)"', document.body)}
    assert not [href for href in hrefs if SITE in href and not href.startswith("mailto:")]
    inner = {href for href in hrefs if href.startswith("/")}
    assert len(inner) > 6
    assert {href: visitor.get(unescape(href)).status_code for href in inner} == dict.fromkeys(inner, 200)


def test_documents_say_what_the_old_site_said(bring):
    run = bring(CENTRE.read_bytes())
    hidden = set(Document.objects.exclude(status="published").values_list("title", flat=True))
    assert hidden == {"Brouillon d’article", "Note interne", "Espace du réseau", "À paraître"}
    assert "mot de passe" in words(run, 108)
    assert not OldAddress.objects.filter(path="/?p=106").exists()
    fiche = Document.objects.get(slug="cafe-des-parents")
    assert fiche.type.slug == "fiche-experience"
    assert set(fiche.themes.values_list("slug", flat=True)) == {"education", "laicite"}
    assert fiche.authors == "Camille Martin"
    assert Document.objects.get(slug="journee-laicite").authors == ""
    assert str(fiche.publish_at) == "2019-05-22 07:30:00+00:00"
    assert "2017/01/perdu.docx" in words(run, 104)


def test_files_brought_later_complete_the_documents(bring, uploads):
    first = bring(CENTRE.read_bytes())
    assert "2019/03/permanence.jpg" in words(first, 101)
    later = bring(CENTRE.read_bytes(), place=uploads)
    assert later.counts["complete"] == 3
    health = Document.objects.get(slug="la-sante-au-pied-des-tours")
    assert [(file.name, file.title) for file in health.files.all()] == [
        ("dossier-sante.pdf", "Dossier santé"),
        ("permanence.webp", "Deux personnes devant un camion blanc"),
    ]
    assert (len(health.cover_renditions) > 1, health.cover_alt) == (True, "Le quartier vu du ciel")
    assert f"/fichiers/{health.files.get(name='permanence.webp').pk}/" in health.body
    assert OldAddress.objects.get(path="/wp-content/uploads/2019/03/dossier-sante.pdf").target.startswith(
        f"{health.get_absolute_url()}fichiers/"
    )


def test_a_file_that_is_refused_is_said_and_not_tried_for_ever(bring, uploads):
    for other in [path for path in uploads.rglob("*.*") if path.name != "compte-rendu.pdf"]:
        other.unlink()
    (uploads / "2019/06/compte-rendu.pdf").write_bytes(b"MZ un programme")
    first = bring(CENTRE.read_bytes(), place=uploads)
    assert "Fichier refusé, 2019/06/compte-rendu.pdf" in words(first, 102)
    again = bring(CENTRE.read_bytes(), place=uploads)
    assert "complete" not in again.counts
    assert "Fichier refusé, 2019/06/compte-rendu.pdf" in words(again, 102)


def test_what_staff_wrote_is_kept_unless_asked(bring):
    bring(CENTRE.read_bytes())
    Document.objects.filter(slug="le-reseau").update(title="Le réseau à Dijon", body="<p>Réécrit.</p>", summary="", version=1)
    again = bring(CENTRE.read_bytes())
    document = Document.objects.get(slug="le-reseau")
    assert (document.title, document.body) == ("Le réseau à Dijon", "<p>Réécrit.</p>")
    assert document.summary == "Trente personnes se sont retrouvées."
    assert "est gardé" in words(again, 102)
    bring(CENTRE.read_bytes(), replace=True)
    document.refresh_from_db()
    assert document.title == "Le réseau se retrouve à Dijon"
    assert "Une journée à Dijon" in document.body
    assert SITE not in document.body


def test_links_to_contents_brought_later_are_rewritten(bring):
    text = CENTRE.read_text(encoding="utf-8")
    items = re.findall(r"\t<item>.*?</item>\n", text, re.DOTALL)
    rest = "".join(item for item in items if "<wp:post_id>102<" not in item)
    bring(text.replace("".join(items), rest).encode())
    fiche = Document.objects.get(slug="cafe-des-parents")
    assert f"{SITE}/2019/06/le-reseau/" in fiche.body
    bring(text.encode())
    fiche.refresh_from_db()
    assert 'href="/ressources/le-reseau/"' in fiche.body


def test_choices_of_staff_decide(bring):
    bring(CENTRE.read_bytes(), "essai")
    line = WordPressChoice.objects.get
    WordPressChoice.objects.filter(pk=line(kind="category", slug="actualites").pk).update(outcome="aside")
    page = Page.objects.get(slug="la-structure")
    Page.objects.filter(pk=page.pk).update(body="")
    WordPressChoice.objects.filter(pk=line(kind="page", slug="la-structure").pk).update(outcome="page", page=page)
    run = bring(CENTRE.read_bytes())
    assert "« Actualités »" in words(run, 102)
    page.refresh_from_db()
    assert "Une équipe, quatre missions" in page.body
    assert 'href="/ressources/la-sante-au-pied-des-tours/"' in page.body
    assert OldAddress.objects.get(path="/?page_id=201").target == "/la-structure/"
    again = bring(CENTRE.read_bytes())
    assert "complete" not in again.counts
    assert OldAddress.objects.get(path="/2019/06/").target == "/ressources/"  # lists by month
    OldAddress.objects.filter(path="/2019/06/").update(target="/agenda/")
    do(run, "annulation")
    page.refresh_from_db()
    assert page.body == ""
    assert list(OldAddress.objects.values_list("path", flat=True)) == ["/2019/06/"]  # staff changed it


def test_the_command_brings_a_site(world, tmp_path, capsys):
    call_command("import_wordpress", str(CENTRE), pieces=str(tmp_path))
    assert "nouveau : 11" in capsys.readouterr().out.replace("\u00a0", " ")
    assert ImportLine.objects.count() == 24
