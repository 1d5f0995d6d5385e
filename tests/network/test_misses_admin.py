"""Staff sees what was searched for in vain, and mends it."""

import pytest
from django.utils import timezone

from network.models import GlossaryEntry, Theme
from tests.factories import admin as forms
from tests.factories.documents import document
from trajectoire.core.search.models import SearchMiss, SearchMissDay

pytestmark = pytest.mark.usefixtures("world")
LIST = "/admin/core/searchmiss/"


def miss(words: str, count: int = 1, **fields) -> SearchMiss:
    made = SearchMiss.objects.create(words=words, **fields)
    SearchMissDay.objects.create(miss=made, day=timezone.localdate(), count=count)
    return made


def lines(client, **query) -> list[str]:
    return [row.words for row in client.get(LIST, query).context["cl"].result_list]


@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_the_most_wanted_first(documentalist, django_assert_num_queries, count):
    for number in range(count):
        miss(f"mots {number}", number + 1)
    miss("laisse", 9, ignored=True)
    assert lines(documentalist) == [f"mots {number}" for number in reversed(range(count))]
    with django_assert_num_queries(7):
        documentalist.get(LIST)


def test_ignored_ones_are_a_click_away(documentalist):
    made = miss("xylophone")
    page = documentalist.get(LIST).content.decode()
    assert f'formaction="{LIST}{made.pk}/ignorer/"' in page
    response = documentalist.post(f"{LIST}{made.pk}/ignorer/", follow=True)
    assert forms.messages(response) == ["Cette recherche ne sera plus montrée."]
    assert lines(documentalist) == []
    assert lines(documentalist, ignorees="oui") == ["xylophone"]


def test_several_are_ignored_at_once(documentalist):
    made = [miss("a1"), miss("b2"), miss("c3")]
    chosen = {"action": "ignore_chosen", "_selected_action": [made[0].pk, made[1].pk]}
    documentalist.post(LIST, chosen)
    assert lines(documentalist) == ["c3"]


def test_reading_ignores_nothing(documentalist):
    made = miss("xylophone")
    assert documentalist.get(f"{LIST}{made.pk}/ignorer/").status_code == 405
    assert not SearchMiss.objects.get().ignored


@pytest.mark.parametrize("path", ["synonyme/", "ignorer/"])
def test_staff_without_permission_is_refused(powerless, documentalist, path):
    made = miss("xylophone")
    method = "get" if path == "synonyme/" else "post"
    assert getattr(powerless, method)(f"{LIST}{made.pk}/{path}").status_code == 403
    assert getattr(documentalist, method)(f"{LIST}{10**6}/{path}").status_code == 404


def test_rows_are_neither_added_nor_changed(documentalist):
    made = miss("xylophone")
    assert documentalist.get(f"{LIST}add/").status_code == 403
    documentalist.post(f"{LIST}{made.pk}/change/", {"words": "autre"})
    assert SearchMiss.objects.get().words == "xylophone"


def test_synonym_of_a_theme_is_found_by_the_next_search(documentalist, visitor):
    made = miss("xylophone geant")
    document("Manger ensemble", themes=["restauration-collective"])
    assert visitor.get("/recherche/", {"q": "xylophone géant"}).context["total"] == 0
    theme = Theme.objects.get(slug="restauration-collective")
    page = documentalist.get(f"{LIST}{made.pk}/synonyme/")
    assert "Ouvrir le thème" in page.content.decode()
    opened = documentalist.get(f"{LIST}{made.pk}/synonyme/", {"theme": theme.pk})
    form = f"/admin/network/theme/{theme.pk}/change/?synonyme=xylophone+geant"
    assert opened.headers["Location"] == form
    assert forms.shown(documentalist.get(form))["synonyms"] == "xylophone geant"
    assert Theme.objects.get(pk=theme.pk).synonyms == ""  # nothing is written until somebody saves
    assert forms.save(documentalist, form).status_code == 302
    assert Theme.objects.get(pk=theme.pk).synonym_list == ["xylophone geant"]
    groups = visitor.get("/recherche/", {"q": "xylophone géant"}).context["groups"]
    assert {group["kind"] for group in groups} == {"document", "theme"}


def test_synonym_known_already_is_not_repeated(documentalist):
    theme = Theme.objects.get(slug="sante")
    theme.synonyms = "soins"
    theme.save()
    assert forms.shown(documentalist.get(f"/admin/network/theme/{theme.pk}/change/?synonyme=soins"))["synonyms"] == "soins"
    assert documentalist.get(f"/admin/network/theme/{10**6}/change/?synonyme=soins").status_code == 302


def test_choice_without_a_theme_is_asked_again(documentalist):
    made = miss("xylophone")
    response = documentalist.get(f"{LIST}{made.pk}/synonyme/", {"theme": ""})
    assert response.status_code == 200
    assert "theme" in response.context["form"].errors


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("mdph", "/admin/network/glossaryentry/add/?abbreviation=MDPH"),
        ("maison handicap", "/admin/network/glossaryentry/add/?expansion=maison+handicap"),
        ("xylophonistes", "/admin/network/glossaryentry/add/?expansion=xylophonistes"),
    ],
)
def test_abbreviation_opens_the_glossary_filled(documentalist, words, url):
    assert documentalist.get(f"{LIST}{miss(words).pk}/synonyme/").context["glossary_url"] == url
    field, value = url.partition("?")[2].split("=")
    assert forms.shown(documentalist.get(url))[field] == value.replace("+", " ")


def test_abbreviation_added_is_found_by_the_next_search(documentalist, visitor):
    document("La maison des personnes handicapées")
    assert visitor.get("/recherche/", {"q": "MDPH"}).context["total"] == 0
    form = "/admin/network/glossaryentry/add/?abbreviation=MDPH"
    assert forms.save(documentalist, form, expansion="maison des personnes handicapées").status_code == 302
    assert GlossaryEntry.objects.get().abbreviation == "MDPH"
    assert visitor.get("/recherche/", {"q": "MDPH"}).context["total"] == 1
