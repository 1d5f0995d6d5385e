"""The list of the directory: three kinds, facets, the sentence, the empty state, in the engine and without it."""

import shutil

import pytest

from network.directory import cards, listings
from network.directory.search_source import SOURCES, database_search
from network.models import Initiative, Organisation, Territory, Theme
from tests.factories.directory import ago, initiative, organisation, person
from trajectoire.core import listing, search
from trajectoire.core.search.models import SearchChange

pytestmark = pytest.mark.usefixtures("network")
LIST = "/reseau/"


@pytest.fixture
def some():
    lilas = organisation(
        "Les Lilas", kind="centre-social", themes=["education"], territories=["QN02503M"], audiences=["elus"], offers=["former"]
    )
    organisation("Habitat du Parc", kind="bailleur-social", themes=["sante"], territories=["21231"], offers=["financer"])
    person("Ada Vauthier", role="Sociologue", organisation=lilas, themes=["espace-public"], territories=["25"])
    initiative("Vélo-école", carriers=[lilas], territories=["25056"], themes=["mobilites"])
    initiative("Jardin d’hiver", status="terminee")
    organisation("Invisible", published=False)


def titles(response) -> list[str]:
    return [card["title"] for card in response.context["cards"]]


def sentence(response) -> str:
    return str(response.context["sentence"]).replace("<mark>", "").replace("</mark>", "")


def test_everything_published_by_name(visitor, some):
    response = visitor.get(LIST)
    assert titles(response) == ["Ada Vauthier", "Habitat du Parc", "Jardin d’hiver", "Les Lilas", "Vélo-école"]
    assert sentence(response) == "5\u00a0structures, personnes et initiatives, par ordre alphabétique"
    assert next(item for item in response.context["nav"] if item["url"] == LIST) == {
        "label": "Réseau",
        "url": LIST,
        "current": True,
    }


@pytest.mark.parametrize(
    ("query", "found", "said"),
    [
        ("nature=structures", ["Habitat du Parc", "Les Lilas"], "2\u00a0structures, par ordre alphabétique"),
        ("nature=centre-social", ["Les Lilas"], "1\u00a0centre social ou MJC"),
        (
            "nature=centre-social&nature=bailleur-social",
            ["Habitat du Parc", "Les Lilas"],
            "2\u00a0centres sociaux et MJC et bailleurs sociaux, par ordre alphabétique",
        ),
        ("nature=expert", ["Ada Vauthier"], "1\u00a0experte ou expert"),
        ("nature=terminee", ["Jardin d’hiver"], "1\u00a0initiative terminée"),
        ("theme=laicite", ["Ada Vauthier"], None),
        ("propose=former", ["Les Lilas"], "1\u00a0structure, personne ou initiative pour former ou sensibiliser"),
        ("public=elus", ["Les Lilas"], "1\u00a0structure, personne ou initiative pour élus et élues"),
        (
            "territoire=25&tri=date",
            ["Vélo-école", "Ada Vauthier", "Les Lilas"],
            "3\u00a0structures, personnes et initiatives dans le Doubs, les plus récemment confirmées d’abord",
        ),
        ("q=sociologue", ["Ada Vauthier"], "1\u00a0structure, personne ou initiative pour «\u00a0sociologue\u00a0»"),
        ("nature=inconnue", [], "Aucune structure, personne ou initiative"),
        ("nature=association", [], "Aucun résultat"),
    ],
)
def test_facets_narrow_the_list(visitor, some, query, found, said):
    response = visitor.get(f"{LIST}?{query}")
    assert sorted(titles(response)) == sorted(found)
    assert said is None or sentence(response) == said


def test_facets_count_what_ticking_gives(visitor, some):
    groups = {group["name"]: group["values"] for group in visitor.get(f"{LIST}?nature=structures").context["facets"]}
    assert [(v["label"], v["count"]) for v in groups["nature"]] == [("Structures", 2), ("Personnes", 1), ("Initiatives", 2)]
    assert [c["label"] for c in groups["nature"][0]["children"]] == ["Bailleurs sociaux", "Centres sociaux et MJC"]
    assert [(v["label"], v["count"]) for v in groups["propose"]] == [("Former ou sensibiliser", 1), ("Financer", 1)]


def test_former_name_and_carrier_find(visitor, some):
    organisation("Maison des Buis", former_names="Amicale laïque des Buis")
    assert titles(visitor.get(f"{LIST}?q=amicale+laïque")) == ["Maison des Buis"]
    assert "Vélo-école" in titles(visitor.get(f"{LIST}?q=lilas&nature=initiatives"))


def test_empty_list_says_what_to_try(visitor, some):
    response = visitor.get(f"{LIST}?q=ornithorynque&nature=structures&theme=sante")
    page = response.content.decode()
    assert "Personne ne répond encore à ces critères" in page
    assert "Retirer le filtre « nature »" in page
    assert "dans tout l’annuaire" in page
    assert 'href="/reseau/proposer/structure/"' in page


def test_list_without_an_index_answers_from_the_database(visitor, some, settings, monkeypatch):
    visitor.get(LIST)
    shutil.rmtree(settings.SEARCH_INDEX_DIR)
    settings.SEARCH_INLINE_REBUILD = 0
    response = visitor.get(f"{LIST}?q=lilas")
    assert response.context["degraded"]
    assert "Les Lilas" in titles(response)


def test_plain_search_needs_every_word(some):
    assert [row.name for row in database_search(Organisation, "habitat parc", frozenset())] == ["Habitat du Parc"]
    assert not database_search(Organisation, "habitat lilas", frozenset()).exists()


def test_cards_say_what_is_to_confirm():
    stale = organisation("Vieille", confirmed_on=ago(700), themes=["education"], territories=["25"])
    shown = cards.card(stale)
    assert shown["meta"] == ["Éducation", "Doubs", "à confirmer"]
    assert shown["type_name"] == "Association"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Régie de quartier", "RQ"), ("L’Atelier", "LA"), ("CCAS", "C"), ("de la", ""), ("🎉 Fête", "F"), ("<b>", "")],
)
def test_tile_holds_two_letters(name, letters):
    assert cards.initials(name) == letters


def test_tile_escapes_its_letters():
    assert "<b" not in cards.tile(Organisation(name="<b &x"))


def test_hit_whose_row_has_gone_is_left_out(some):
    gone = [search.Hit("organisation", 10**9, "Partie", "/x/"), search.Hit("autre", 1, "Autre", "/y/")]
    assert cards.cards_of(gone) == []


@pytest.mark.parametrize("count", [1, 3, 20])
def test_query_count_of_the_list(visitor, django_assert_num_queries, count):
    for number in range(count):
        organisation(f"A{number}", themes=["education", "sante"], territories=["25056", "21231"])
        person(f"B{number}", themes=["education"], territories=["25056"])
        initiative(f"C{number}", themes=["education"], territories=["25056"])
    visitor.get(f"{LIST}?nature=structures")
    with django_assert_num_queries(5):  # version, changes, entries, their themes, their territories
        visitor.get(f"{LIST}?nature=structures")


def test_entry_says_what_finds_it():
    made = organisation("Une", territories=["QN02503M"], themes=["espace-public"])
    source = next(s for s in SOURCES if s.kind == "organisation")
    entry = source.entry(source.queryset().get(pk=made.pk))
    assert entry.facets["nature"] == ["structures", "association"]
    assert entry.facets["theme"] == ["espace-public", "laicite"]
    assert set(entry.facets["territory"]) >= {"27", "25", "25056", "QN02503M"}
    assert entry.visible_from == made.published_at
    made.published = False
    assert source.entry(made) is None


@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize(("kind", "queries"), [("organisation", 8), ("person", 9), ("initiative", 8)])
def test_indexing_reads_in_a_constant_number_of_queries(django_assert_num_queries, count, kind, queries):
    make = {"organisation": organisation, "person": person, "initiative": initiative}[kind]
    carrier = organisation("Z")
    for _ in range(count):
        more = {"offers": ["former"]} if kind != "initiative" else {"carriers": [carrier]}
        made = make(territories=["25056", "QN02503M"], themes=["espace-public", "sante"], audiences=["elus"], **more)
        if kind == "person":
            made.organisation = carrier
            made.save()
    source = next(s for s in SOURCES if s.kind == kind)
    with django_assert_num_queries(queries):
        assert len([source.entry(found) for found in source.queryset()]) >= count


def test_engine_shows_three_groups_on_the_whole_search(visitor, some):
    response = visitor.get("/recherche/?q=lilas")
    assert {"Structures", "Initiatives", "Personnes"} <= {group["label"] for group in response.context["groups"]}


def test_new_name_of_a_theme_is_told_for_entries():
    made = organisation(themes=["sante"])
    SearchChange.objects.all().delete()
    theme = Theme.objects.get(slug="sante")
    theme.name = "Santé publique"
    theme.save()
    assert SearchChange.objects.filter(kind="organisation", object_pk=made.pk).exists()


def test_listing_is_registered():
    assert listing.find("reseau") is listings.DIRECTORY
    assert listings.everyone(None) == frozenset({"public"})


def test_feed_and_exports_hold_no_address_of_anyone(visitor, some):
    organisation("Secrète", email="secret@example.org", phone="0600000000", siret="73282932000074")
    found = list(listings.DIRECTORY.faces.load(search.query(search.Query(kinds=("organisation",))).hits, frozenset()))
    told = [str(listings.DIRECTORY.faces.record(entry)) for entry in found]
    told += [str(column.value(entry)) for entry in found for column in listings.DIRECTORY.faces.columns]
    assert "73282932000074" in " ".join(told)
    assert not any("@" in text or "0600000000" in text for text in told)
    entry = listings.DIRECTORY.faces.entry(found[0])
    assert (entry.key, entry.published) == (f"organisation/{found[0].pk}", found[0].published_at)


def test_sitemaps_name_what_is_published(visitor, some):
    page = visitor.get("/sitemap-reseau.xml").content.decode()
    assert "/reseau/les-lilas/" in page
    assert "/reseau/velo-ecole/" in page
    assert "/reseau/invisible/" not in page
    assert "ada-vauthier" not in page
    assert 'href="/reseau/proposer/structure/"' in visitor.get("/plan-du-site/").content.decode()


def test_territory_and_theme_know_their_entries(some):
    place = Territory.objects.get(code="25056")
    assert [row.name for row in place.initiatives.all()] == ["Vélo-école"]
    assert Initiative.objects.filter(themes__slug="mobilites").count() == 1
