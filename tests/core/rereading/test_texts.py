"""Links and names of services found in the texts of the site, at each save and once a week, for those who may correct them."""

import datetime

import pytest
from django.utils import timezone

from network.models import GlossaryEntry
from resources.models import Document
from tests.factories import accounts, vrl
from tests.factories.admin import change, save
from tests.factories.directory import initiative, organisation
from tests.factories.documents import document
from trajectoire.core.models import Page
from trajectoire.core.rereading import gathering, sources
from trajectoire.core.rereading.names import AROUND, Names, Service, excerpt
from trajectoire.core.rereading.places import LinkPlace, NamePlace, WebLink
from trajectoire.core.roles import NETWORK, VRL

pytestmark = pytest.mark.usefixtures("world")
LINKS, NAMES = "/admin/core/linkplace/", "/admin/core/nameplace/"
TODAY = timezone.localdate


@pytest.fixture
def drdjscs() -> GlossaryEntry:
    """A service shared out between two others in 2021."""
    made = GlossaryEntry.objects.create(abbreviation="DRDJSCS", expansion="direction régionale et départementale", former=True)
    for after in ("DREETS", "DRAJES"):
        made.successors.add(GlossaryEntry.objects.get_or_create(abbreviation=after, defaults={"expansion": after})[0])
    return made


def link(url: str) -> str:
    return f'<p>Voir <a href="{url}">le site</a>.</p>'


def links() -> set[tuple[str, str]]:
    return set(LinkPlace.objects.values_list("title", "link__url"))


def names() -> set[tuple[str, str]]:
    return set(NamePlace.objects.values_list("title", "words"))


def die(url: str) -> WebLink:
    WebLink.objects.filter(url=url).update(dead=True, reason="page introuvable (404)", failing_since=timezone.now())
    return WebLink.objects.get(url=url)


class TestGathering:
    def test_links_of_every_kind_of_text_are_found(self):
        document("Document", body=link("https://a.example/x?a=1&amp;b=2#partie"), url="https://b.example/")
        document("Fiche", levers=link("http://c.example/"))
        Page.objects.filter(slug="aide").update(title="Aide", body=link("https://d.example/"))
        organisation("Structure", website="https://e.example/")
        initiative("Initiative", description=link("https://f.example/"))
        vrl.situation("Question", published=True).sources.create(title="Loi", url="https://g.example/")
        gathering.reread_all()
        assert links() == {
            ("Document", "https://a.example/x?a=1&b=2"),
            ("Document", "https://b.example/"),
            ("Fiche", "http://c.example/"),
            ("Aide", "https://d.example/"),
            ("Structure", "https://e.example/"),
            ("Initiative", "https://f.example/"),
            ("Question", "https://g.example/"),
        }

    def test_links_inside_the_site_and_other_things_are_left_out(self):
        wrong = ["/ressources/", "#partie", "mailto:a@example.org", "tel:0312", f"https://a.example/{'x' * 1000}"]
        document(body="".join(map(link, wrong)))
        gathering.reread_all()
        assert links() == set()

    def test_what_texts_no_longer_hold_is_forgotten(self):
        kept, gone = document("Reste", body=link("https://a.example/")), document("Part", body=link("https://b.example/"))
        gathering.reread_all()
        Document.objects.filter(pk=kept.pk).update(body=link("https://c.example/"), title="Reste là")
        gone.delete()
        assert gathering.reread_all() == Page.objects.count() + 1
        assert links() == {("Reste là", "https://c.example/")}
        assert [found.url for found in WebLink.objects.all()] == ["https://c.example/"]

    def test_same_number_of_queries_for_one_link_and_for_three(self, django_assert_num_queries):
        made = document(body=link("https://a.example/"))
        gathering.reread_all()
        with django_assert_num_queries(7):
            gathering.reread(made)
        Document.objects.update(body="".join(link(f"https://a.example/{number}") for number in range(3)))
        gathering.reread_all()
        with django_assert_num_queries(7):
            gathering.reread(made)

    def test_texts_that_are_not_read_again_are_left_alone(self, documentalist):
        gathering.reread(documentalist.user)
        assert sources.of(documentalist.user) is None
        assert links() == set()


class TestNames:
    def test_abbreviation_and_expansion_are_one_service(self, drdjscs):
        document("Ancien", summary="Une aide de la DRDJSCS, direction régionale et départementale.", date=TODAY())
        gathering.reread_all()
        found = NamePlace.objects.get()
        assert (found.words, found.now) == ("DRDJSCS", "DRAJES, DREETS")
        assert "Une aide de la DRDJSCS, direction" in found.excerpt
        assert str(found) == "DRDJSCS (Ancien)"

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("La DIRECTION Régionale et\u00a0departementale.", True),
            ("La DIRECTION Régionale et departementale.", True),
            ("La drdjscs", False),
            ("Les DRDJSCSX", False),
            ("(DRDJSCS)", True),
        ],
    )
    def test_names_are_read_as_people_write_them(self, drdjscs, text, found):
        assert bool(Names().found_in(text)) is found

    def test_organisation_that_another_follows_is_named_no_more(self):
        after = organisation("Maison commune")
        organisation("Le Foyer du port", successor=after, former_names="Amicale du port\nFP")
        read = Names()
        assert read.found_in("À l’amicale du port, hier.") == {
            "Le Foyer du port": ("Maison commune", "À l’amicale du port, hier.")
        }
        assert read.found_in("FP") == {}

    def test_nothing_told_finds_nothing(self):
        GlossaryEntry.objects.filter(former=True).delete()
        assert Names().found_in("La DRDJSCS.") == {}

    def test_text_that_carries_its_date_names_the_services_of_its_time(self, drdjscs):
        old = datetime.date(2016, 5, 1)
        document("D’époque", summary="DRDJSCS", date=old)
        document("Tenu à jour", summary="DRDJSCS", date=old, up_to_date_on=old)
        document("Sans date", summary="DRDJSCS", date=None)
        gathering.reread_all()
        assert {title for title, _ in names()} == {"Tenu à jour", "Sans date"}

    def test_what_is_meant_stays_meant_as_long_as_the_text_says_it(self, drdjscs):
        made = document("Histoire", summary="La DRDJSCS d’alors", date=None)
        gathering.reread_all()
        NamePlace.objects.update(meant=True)
        gathering.reread_all()
        assert NamePlace.objects.get().meant
        Document.objects.filter(pk=made.pk).update(summary="La DREETS")
        gathering.reread_all()
        assert names() == set()

    def test_excerpt_is_cut_between_words(self):
        text = f"{'avant ' * 40}DRDJSCS{' apres' * 40}"
        start = text.index("DRDJSCS")
        cut = excerpt(text, start, start + 7)
        assert cut.startswith("…avant ")
        assert cut.endswith(" apres…")
        assert len(cut) <= 2 * AROUND + 9
        assert len(excerpt("x" * 500, 100, 400)) <= 300

    def test_service_without_a_follower(self):
        assert Service(("ZUP",), "").now == ""


class TestAdmin:
    def test_saving_a_text_finds_and_forgets(self, documentalist, drdjscs):
        made = document("Texte", date=None)
        assert save(documentalist, change(made), summary="La DRDJSCS", url="https://a.example/").status_code == 302
        assert (names(), links()) == ({("Texte", "DRDJSCS")}, {("Texte", "https://a.example/")})
        assert save(documentalist, change(made), summary="La DREETS", url="").status_code == 302
        assert (names(), links()) == (set(), set())

    def test_dead_link_is_shown_with_its_text_and_what_is_meant_is_not(self, documentalist):
        made = document("Texte", url="https://a.example/")
        document("Sain", url="https://b.example/")
        gathering.reread_all()
        assert documentalist.get(LINKS).context["cl"].result_count == 0
        die("https://a.example/")
        html = documentalist.get(LINKS).content.decode()
        assert f'<a href="{change(made)}">Texte</a> <small>dans les documents</small>' in html
        assert "page introuvable (404)" in html
        place = LinkPlace.objects.get(title="Texte")
        assert str(place) == "https://a.example/ (Texte)"
        answer = documentalist.post(f"{LINKS}{place.pk}/voulu/", follow=True)
        assert "n’est plus à relire" in answer.content.decode()
        assert documentalist.get(LINKS).context["cl"].result_count == 0
        assert "À relire de nouveau" in documentalist.get(LINKS, {"etat": "voulu"}).content.decode()
        documentalist.post(f"{LINKS}{place.pk}/voulu/")
        assert documentalist.get(LINKS, {"source": "document"}).context["cl"].result_count == 1
        assert documentalist.get(LINKS, {"source": "page"}).context["cl"].result_count == 0

    def test_link_without_a_date_of_failure_and_text_unknown_today(self, documentalist):
        document("Texte", url="https://a.example/")
        gathering.reread_all()
        die("https://a.example/")
        WebLink.objects.update(failing_since=None)
        assert documentalist.get(LINKS).context["cl"].result_count == 1
        assert LinkPlace(source="inconnue", object_id=1).form_url == ""

    def test_text_taken_off_the_site_is_no_longer_to_correct(self, documentalist):
        made = document("Texte", url="https://a.example/")
        gathering.reread_all()
        die("https://a.example/")
        Document.objects.filter(pk=made.pk).update(status="draft")
        assert documentalist.get(LINKS).context["cl"].result_count == 0

    def test_name_is_silenced_in_one_text(self, documentalist, drdjscs):
        document("Un", summary="DRDJSCS", date=None)
        document("Deux", summary="DRDJSCS", date=None)
        gathering.reread_all()
        page = documentalist.get(NAMES)
        assert [row.title for row in page.context["cl"].result_list] == ["Deux", "Un"]
        assert "DRAJES, DREETS" in page.content.decode()
        documentalist.post(f"{NAMES}{NamePlace.objects.get(title='Un').pk}/voulu/")
        assert [row.title for row in documentalist.get(NAMES).context["cl"].result_list] == ["Deux"]

    def test_each_role_sees_the_texts_that_it_may_correct(self, browser, powerless, drdjscs):
        document("Texte", summary="DRDJSCS", date=None)
        organisation("Structure", summary="Avec la DRDJSCS")
        vrl.situation("Question", summary="DRDJSCS", published=True)
        gathering.reread_all()
        shown = {}
        for role in (NETWORK, VRL):
            client = browser(accounts.in_role(role))
            shown[role] = {row.title for row in client.get(NAMES).context["cl"].result_list}
        assert shown == {NETWORK: {"Texte", "Structure"}, VRL: {"Texte", "Question"}}
        assert powerless.get(NAMES).status_code == 403
        foreign = NamePlace.objects.get(title="Question")
        assert browser(accounts.in_role(NETWORK)).post(f"{NAMES}{foreign.pk}/voulu/").status_code == 404

    def test_nothing_is_added_changed_or_deleted_by_hand(self, administrator):
        place = LinkPlace.objects.create(source="document", object_id=1, link=WebLink.objects.create(url="https://a.example/"))
        for way in ("add/", f"{place.pk}/delete/"):
            assert administrator.get(f"{LINKS}{way}").status_code in (302, 403)
