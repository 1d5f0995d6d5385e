"""Rarer habits of old sites: folders, nested categories, galleries of everything, files cited without being attached."""

import json

import pytest
from django.core.exceptions import ValidationError

from resources.importing.wordpress import uploads
from resources.importing.wordpress.choices import Choices, WordPressChoice
from resources.importing.wordpress.wxr import host_of
from resources.models import Document, DocumentType
from tests.factories.admin import picture
from trajectoire.core.models import Page
from trajectoire.core.redirects import OldAddress

pytestmark = pytest.mark.django_db
SITE = "https://site.example/ville"
UP = f"{SITE}/wp-content/uploads"


def export(*items: str, terms: str = "", site: str = SITE) -> bytes:
    return (
        '<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:base_blog_url>{site}</wp:base_blog_url>{terms}{"".join(items)}</channel></rss>'
    ).encode()


def item(number: int, text: str = "", kind: str = "post", **told: str) -> str:
    more = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in told.items() if name not in ("meta", "category"))
    key, _, value = told.get("meta", "").partition("=")
    meta = f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>" if key else ""
    term = f'<category domain="category" nicename="{told["category"]}">X</category>' if "category" in told else ""
    return (
        f"<item><title>Titre {number}</title><link>{SITE}/{number}/</link><content:encoded><![CDATA[{text}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_name>titre-{number}</wp:post_name><wp:post_type>{kind}</wp:post_type>"
        f"<wp:status>publish</wp:status>{more}{meta}{term}</item>"
    )


def attachment(number: int, name: str, parent: int = 0) -> str:
    return item(
        number, kind="attachment", post_parent=str(parent), attachment_url=f"{UP}/{name}", meta=f"_wp_attached_file={name}"
    )


def category(number: int, slug: str, parent: str = "") -> str:
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>"
        f"<wp:category_parent>{parent}</wp:category_parent><wp:cat_name>{slug}</wp:cat_name></wp:category>"
    )


@pytest.fixture
def folder(tmp_path):
    """Three images, two of them called the same."""
    for name in ("2018/vue.png", "2019/vue.png", "2019/place.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(picture((30, 20)))
    return tmp_path


def test_a_gallery_of_everything_brings_all_the_images_of_its_content(bring, folder):
    images = [attachment(2, "2018/vue.png", 1), attachment(3, "2019/vue.png", 1), attachment(4, "2019/place.png", 1)]
    images += [attachment(5, "2019/note.csv", 1)]
    run = bring(export(item(1, "Voici.\n\n[gallery columns='2']"), *images), place=folder)
    assert run.counts == {"nouveau": 1, "inchange": 4}
    document = Document.objects.get()
    assert document.cover_renditions
    assert {file.name for file in document.files.all()} == {"2019-vue.webp", "place.webp"}
    assert bring(export(item(1, "Voici.\n\n[gallery columns='2']"), *images), place=folder).counts == {"inchange": 5}


def test_images_that_the_export_lacks_are_named_or_dropped(bring, folder):
    text = f'<p>A</p>[gallery ids="8"]<p><img src="{UP}/2019/absente-150x150.jpg" alt="Absente"></p><p><img src="{UP}/2019/place.png"></p>'
    run = bring(export(item(1, text, meta="_thumbnail_id=77")), place=folder)
    document = Document.objects.get()
    assert document.body == "<p>A</p>"
    assert "2019/absente-150x150.jpg" in run.lines.get().words
    assert document.cover_renditions


def test_a_file_cited_by_a_code_that_is_left_out_is_kept(bring, tmp_path):
    (tmp_path / "note.csv").write_text("a;b\n1;2\n")
    run = bring(export(item(1, f'Lire. [pdf-embedder url="{UP}/2019/note.csv"]')), place=tmp_path)
    assert "pdf-embedder" in run.lines.get().words
    file = Document.objects.get().files.get()
    assert (file.name, OldAddress.objects.get(path="/ville/wp-content/uploads/2019/note.csv").target) == (
        "note.csv",
        file.get_absolute_url(),
    )


def test_lists_of_categories_lead_to_the_lists_of_the_site(bring, visitor):
    terms = category(5, "sante") + category(6, "dossiers", "sante") + category(7, "seule", "seule")
    text = f'<a href="{SITE}/category/sante/dossiers/">Dossiers</a> <a href="{SITE}">Accueil</a> <a href="https://site.example">A</a>'
    DocumentType.objects.get_or_create(slug="dossier", defaults={"name": "dossier", "plural": "dossiers"})
    bring(export(item(1, text, category="dossiers"), item(2, "B", category="sante"), terms=terms))
    targets = dict(OldAddress.objects.values_list("path", "target"))
    assert targets["/ville/category/sante/"] == targets["/ville/?cat=5"] == "/ressources/?theme=sante"
    assert targets["/ville/category/sante/dossiers/"] == "/ressources/?type=dossier"
    assert targets["/ville/category/seule/"] == "/ressources/"
    assert targets["/ville"] == "/"
    document = Document.objects.get(slug="titre-1")
    assert '<a href="/ressources/?type=dossier">Dossiers</a>' in document.body
    assert '<a href="/">A</a>' in document.body
    assert document.type.slug == "dossier"
    assert visitor.get("/ville/").status_code == 301


def test_a_page_of_the_site_keeps_its_links_without_redirect(bring):
    bring(
        export(item(1, f'<a href="{SITE.removesuffix("/ville")}/la-structure/">La structure</a> <a href="{SITE}/rien/">Rien</a>'))
    )
    assert Document.objects.get().body == f'<p><a href="/la-structure/">La structure</a> <a href="{SITE}/rien/">Rien</a></p>'


def test_types_and_themes_change_with_the_table_when_asked(bring):
    content = export(item(1, "Texte", category="divers"))
    bring(content)
    line = WordPressChoice.objects.get(kind="category")
    line.type = DocumentType.objects.get(slug="synthese")
    line.save()
    line.themes.set(line.themes.model.objects.filter(slug="sante"))
    assert bring(content).counts == {"complete": 1}
    document = Document.objects.get()
    assert (document.type.slug != "synthese", document.themes.get().slug) == (True, "sante")
    assert bring(content, replace=True).counts == {"complete": 1}
    document.refresh_from_db()
    assert document.type.slug == "synthese"


def test_a_page_with_a_text_only_gets_its_old_address(bring):
    content = export(item(1, "Autre texte", "page"))
    bring(content, "essai")
    page = Page.objects.get(slug="aide")
    WordPressChoice.objects.filter(kind="page").update(outcome="page", page=page)
    assert bring(content).counts == {"complete": 1}
    assert bring(content).counts == {"inchange": 1}
    assert OldAddress.objects.get(path="/ville/1/").target == page.get_absolute_url()
    assert Page.objects.get(slug="aide").body == page.body


def test_everything_stays_a_draft_when_asked(bring):
    bring(export(item(1, "Texte")), drafts=True)
    assert Document.objects.get().status == Document.Status.DRAFT


def test_a_title_too_long_and_an_address_taken_are_settled(bring):
    long = item(1, "Texte").replace("Titre 1", "mot " * 100).replace("titre-1<", "collections<")
    bring(export(long, item(2, "Texte", meta="_wp_old_slug=avant").replace("titre-2<", "collections<")))
    titles = dict(Document.objects.values_list("slug", "title"))
    assert len(titles["collections-document"]) <= 250
    assert titles["collections-document-2"] == "Titre 2"


def test_an_export_without_an_address_is_read(bring):
    run = bring(export(item(1, "Texte <a href='/x/'>x</a>"), site=""))
    assert run.counts == {"nouveau": 1}


def test_a_lone_file_that_is_not_there_is_refused(bring):
    run = bring(export(attachment(2, "2019/seul.pdf")))
    assert "absent" in run.lines.get().words


def test_the_table_of_choices_is_corrected_in_the_administration(bring, documentalist):
    bring(export(item(1, "Texte", category="sante")), "essai")
    line = WordPressChoice.objects.get(kind="category")
    page = documentalist.get("/admin/resources/wordpresschoice/")
    assert "catégorie" in page.content.decode()
    assert documentalist.get(f"/admin/resources/wordpresschoice/{line.pk}/change/").status_code == 200
    assert documentalist.get("/admin/resources/wordpresschoice/add/").status_code == 403
    assert str(line).startswith("catégorie")
    line.clean()
    for outcome in ("page", "adresse"):
        line.outcome = outcome
        with pytest.raises(ValidationError):
            line.clean()
    assert Choices().of("post", "x", ())


def test_addresses_that_cannot_be_read_are_no_address():
    assert uploads.path_of("http://[", {"site.example"}) == host_of("http://[") == ""
    assert uploads.path_of("https://ailleurs.example/files/a.pdf", {"site.example"}) == ""
    assert list(uploads.cited("Voir files/a.pdf et files/", {"site.example"})) == []
    assert list(uploads.named('[gallery ids="3, 4"] wp-image-5')) == [5, 3, 4]


def test_images_of_elementor_and_terms_that_only_contents_name_are_not_lost(bring, folder):
    gallery = [{"url": f"{UP}/2019/vue.png", "alt": "La place"}, {"url": f"{UP}/2019/place.png"}, {"id": 9}]
    widgets = [
        {"elType": "widget", "settings": {"gallery": gallery, "carousel": "x"}},
        {"elType": "widget", "settings": {"slides": [{"heading": "Premier", "description": "Deux mots"}]}},
    ]
    run = bring(export(item(1, meta=f"_elementor_data={json.dumps(widgets)}", category="seule")), place=folder)
    document = Document.objects.get()
    assert document.cover_alt == "La place"
    assert [file.name for file in document.files.all()] == ["place.webp"]
    assert document.body.endswith("<h2>Premier</h2><p>Deux mots</p>")
    assert "1 autre est jointe" in run.lines.get().words.replace("\u00a0", " ")
    assert OldAddress.objects.get(path="/ville/category/seule/").target.startswith("/ressources/")


def test_an_image_alone_leaves_no_empty_list(bring, folder):
    run = bring(export(item(1, f'<ul><li><img src="{UP}/2019/vue.png" alt=""></li></ul><p>Fin</p>')), place=folder)
    assert Document.objects.get().body == "<p>Fin</p>"
    assert "Son image devient la couverture." in run.lines.get().words


def test_a_site_without_any_type_of_document_says_what_to_do(bring):
    DocumentType.objects.all().delete()
    run = bring(export(item(1, "Texte")))
    assert (run.state, run.done) == ("arrete", 0)
    assert "load_types" in run.error
