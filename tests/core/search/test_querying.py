"""What readers get: words, filters, counts, order, correction, excerpts, pages; and nothing they may not read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from trajectoire.core import search
from trajectoire.core.search import declarations, synonyms

from .conftest import KIND, source, write

pytestmark = pytest.mark.django_db
PUBLIC = frozenset({"public"})
TRAINERS = frozenset({"public", "formateurs"})


def ask(text="", **options) -> search.Results:
    return search.query(search.Query(text, **options))


def test_title_counts_more_than_themes_than_abstract_than_full_text(titles):
    write("Pages", pages=[(1, 1, "la cantine du collège, des repas et des menus")])
    write("Texte", body="la cantine du collège, des repas et des menus")
    write("Résumé", summary="la cantine du collège, des repas et des menus")
    write("Thème", themes_text="Cantine ; écoles")
    write("La cantine du collège")
    assert titles("cantine")[:3] == ["La cantine du collège", "Thème", "Résumé"]
    assert sorted(titles("cantine")[3:]) == ["Pages", "Texte"]


def test_objects_with_all_the_words_come_first_then_those_with_some(titles):
    write("Le vélo")
    write("Le vélo des habitantes du quartier")
    write("Le tricot")
    assert titles("vélo quartier") == ["Le vélo des habitantes du quartier", "Le vélo"]
    assert not ask("vélo quartier").loose


def test_answer_is_said_loose_when_nothing_has_all_the_words():
    write("Le vélo")
    found = ask("vélo licorne")
    assert (found.total, found.loose) == (1, True)
    assert not ask("licorne").loose


def test_enough_objects_with_all_the_words_leave_the_others_out():
    for number in range(30):
        write(f"Vélo et quartier {number}")
    write("Vélo seul")
    assert ask("vélo quartier").total == 30


def test_relaxing_goes_on_until_there_is_enough(titles):
    write("Vélo")
    assert titles("licorne vélo girafe zèbre tigre") == ["Vélo"]


@pytest.mark.parametrize("text", ["???", "!", " -- ", '""'])
def test_signs_alone_find_nothing(text):
    write("Vélo")
    assert ask(text).total == 0


def test_only_grammatical_words_are_looked_for_as_they_are(titles):
    write("Qui est-ce ?")
    write("Vélo")
    assert titles("qui est ce") == ["Qui est-ce ?"]


def test_operators_restrict(titles):
    write("A vélo", names="Insee Dijon", date="2021-05-04", places_text="Besançon", facets={"territory": ["25056"]})
    write("B vélo dans la ville", names="Dares", date="2018-01-01", places_text="Nevers", facets={"territory": ["58194"]})
    for text in ("auteur:insee vélo", "annee:2020..2023", "territoire:besançon", "vélo -ville", "vélo territoire:25056"):
        assert titles(text) == ["A vélo"], text
    assert titles('"vélo dans la ville"') == ["B vélo dans la ville"]
    assert titles('"ville dans le vélo"') == []


def test_values_of_a_group_are_alternatives_and_groups_add_up():
    write("A", facets={"theme": ["education"], "type": ["note"]})
    write("B", facets={"theme": ["sante"], "type": ["note"]})
    write("C", facets={"theme": ["sante", "education"], "type": ["guide"]})
    found = ask(filters={"theme": ["education", "sante"], "type": ["guide"]}, facets=("theme", "type", "year", "kind"))
    assert [hit.title for hit in found.hits] == ["C"]
    assert found.facets == {
        "theme": [("education", 1), ("sante", 1)],
        "type": [("note", 2), ("guide", 1)],
        "year": [],
        "kind": [(KIND, 1)],
    }


def test_groups_with_a_strange_name_are_ignored():
    write("A", facets={"theme": ["x"]})
    assert ask(filters={"the me": ["x"]}, facets=("the me",)).facets == {"the me": []}


def test_order_by_date_title_and_pages():
    for name, day in (("Écoles", "2020-01-01"), ("Avenir", "2022-01-01"), ("Zones", None), ("élus", "2021-01-01")):
        write(name, date=day)
    assert [hit.title for hit in ask(sort="titre").hits] == ["Avenir", "Écoles", "élus", "Zones"]
    assert [hit.title for hit in ask(sort="date").hits] == ["Avenir", "élus", "Écoles", "Zones"]
    assert [hit.title for hit in ask(sort="autre").hits] == ["Avenir", "élus", "Écoles", "Zones"]
    assert [hit.title for hit in ask(sort="titre", size=3, page=2).hits] == ["Zones"]
    assert ask(page=100_000).hits == []
    assert search.Query(page=100_000, size=100_000).offset == 99 * 200


def test_reserved_and_scheduled_objects_appear_nowhere():
    shared = {"summary": "les secrets des caravelles", "facets": {"theme": ["mer"]}, "jump": "Note"}
    write("Caravelle réservée", access="formateurs", **shared)
    write("Caravelle à venir", visible_from=timezone.now() + timedelta(days=1), **shared)
    other = write("Bateau", facets={"theme": ["mer"]})
    found = ask("caravelles", facets=("theme",))
    assert (found.total, found.facets, found.corrected, found.loose) == (0, {"theme": []}, None, False)
    assert ask("caravele").corrected is None
    assert search.suggest("carav", PUBLIC) == []
    assert search.similar(KIND, other.pk, PUBLIC) == []
    assert ask("caravelles", access=TRAINERS).total == 1
    assert ask("caravelles", now=timezone.now() + timedelta(days=2)).total == 1


def test_only_what_became_visible_after_a_moment():
    moment = timezone.now() - timedelta(days=1)
    for title, shift in (("Vélo d’avant", -1), ("Vélo du moment", 0), ("Vélo d’après", 1)):
        write(title, visible_from=moment + timedelta(microseconds=shift), facets={"theme": ["x"]})
    write("Vélo sans date")
    found = ask("vélo", facets=("theme", "kind"), published_after=moment)
    assert ([hit.title for hit in found.hits], found.total) == (["Vélo d’après"], 1)
    assert found.facets == {"theme": [("x", 1)], "kind": [(KIND, 1)]}
    assert ask(published_after=timezone.now()).total == 0


def test_what_is_new_is_judged_as_strictly_as_the_whole_list():
    for number in range(30):
        write(f"Vélo et quartier {number}", visible_from=timezone.now() - timedelta(days=9))
    write("Vélo seul", visible_from=timezone.now() - timedelta(hours=1))
    assert ask("vélo quartier", published_after=timezone.now() - timedelta(days=1)).total == 0


def test_only_the_kinds_asked_for(monkeypatch):
    monkeypatch.setitem(declarations._sources, "other", source("other"))
    write("Vélo")
    search.record_change("other", search.query(search.Query()).hits[0].pk)
    assert ask("vélo", facets=("kind",)).facets == {"kind": [(KIND, 1), ("other", 1)]}
    assert [hit.kind for hit in ask("vélo", kinds=("other",)).hits] == ["other"]


def test_one_wrong_letter_is_corrected_once_and_may_be_refused():
    write("Participation citoyenne", summary="Réussite éducative et décrochage")
    found = ask("particpation")
    assert (found.corrected, found.exact, found.total) == ("participation", "particpation", 1)
    assert ask("particpation", exact=True).total == 0
    assert ask("cityoenne auteur:x").corrected == "citoyenne auteur:x"
    assert ask("éducatvie décrohcage").corrected == "éducative décrochage"
    assert ask("partiicpationn").corrected == "participation"


def test_words_that_only_the_synonyms_know_are_corrected_too():
    write("Réussite éducative")
    search.set_synonyms(lambda: [("réussite éducative", "décrochage scolaire")])
    assert ask("decroshage scolaire").corrected == "décrochage scolaire"
    assert [hit.title for hit in ask("decroshage scollaire").hits] == ["Réussite éducative"]
    assert ask("decrxxxage").corrected is None


@pytest.mark.parametrize("text", ["vlo", "2O21", "20210", "xyzabcdef", "participation"])
def test_short_far_known_or_numeric_words_are_not_corrected(text):
    write("Participation au vélo en 2021")
    assert ask(text).corrected is None


def test_words_of_a_family_are_found(titles):
    write("Démolition d’une tour")
    write("Une école")
    assert titles("démolir") == ["Démolition d’une tour"]


def test_synonyms_go_both_ways_and_follow_what_staff_edits(titles):
    groups = [("CLS", "contrat local de santé")]
    search.set_synonyms(lambda: groups)
    write("Le CLS du Creusot")
    write("Un contrat local de santé")
    assert set(titles("CLS")) == set(titles("contrat local de santé")) == {"Le CLS du Creusot", "Un contrat local de santé"}
    groups.append(("CLS", "convention lumineuse"))
    write("Une convention lumineuse")
    search.record_change("glossary", 1)
    assert "Une convention lumineuse" in titles("CLS")


def test_an_abbreviation_is_recognised_whole(titles):
    search.set_synonyms(lambda: [("CAF", "caisse d’allocations familiales")])
    write("La caisse d’allocations familiales")
    assert titles("CAF") == ["La caisse d’allocations familiales"]
    assert titles("cafés") == []


def test_ordinals_are_general_knowledge(titles):
    write("Stage de troisième")
    assert titles("stages de 3e") == ["Stage de troisième"]
    assert synonyms.Synonyms([]).longest == 0


def test_excerpt_marks_the_words_of_the_best_passage():
    write("A", summary="Rien ici.", body="mot " * 200 + "Les <b>relogements</b> d'une tour & d'une barre. " + "mot " * 200)
    [hit] = ask("relogement tours").hits
    assert "<mark>relogements</mark>" in hit.excerpt
    assert "d&#x27;une <mark>tour</mark> &amp;" in hit.excerpt
    assert len(hit.excerpt) < 400


def test_excerpt_never_lets_markup_through():
    write("A", summary="&lt;script&gt;alert(1)&lt;/script&gt; quartier &lt;img src=x onerror=y&gt;")
    [hit] = ask("quartier").hits
    assert "<script" not in hit.excerpt
    assert "<img" not in hit.excerpt
    assert "<mark>quartier</mark>" in hit.excerpt


def test_excerpt_without_words_is_the_beginning_of_the_abstract():
    write("A", summary="Un résumé court.")
    write("B", summary="long " * 100, date="2020-01-01")
    first, second = ask().hits
    assert second.excerpt == "Un résumé court."
    assert first.excerpt.endswith("long…")


def test_excerpt_cut_from_a_longer_text_says_so():
    write("A", body="Avant tout. " * 60 + "Le relogement des familles. " + "Après cela. " * 60)
    write("B", summary="Un relogement.", date="2020-01-01")
    excerpts = {hit.title: hit.excerpt for hit in ask("relogement").hits}
    assert excerpts["A"].startswith("… ")
    assert excerpts["A"].endswith("…")
    assert excerpts["B"] == "Un <mark>relogement</mark>"


def test_excerpt_keeps_no_break_spaces_and_no_line():
    write("A", summary="Le\n  vélo\u202f! «\u00a0Oui\u00a0»")
    assert ask("vélo").hits[0].excerpt.startswith("Le <mark>vélo</mark>\u202f! «\u00a0Oui")


def test_a_hit_inside_a_file_says_its_page():
    write(
        "A",
        summary="Un vélo.",
        pages=[(7, 1, "Sommaire"), (7, 2, "Le relogement"), (8, 3, "relogement du vélo"), (8, 4, "relogement")],
    )
    write("B", summary="relogement et vélo", pages=[(9, 1, "relogement et vélo")])
    first, second = sorted(ask("relogement vélo").hits, key=lambda hit: hit.title)
    assert (first.file_id, first.page, first.more_pages) == (8, 3, 0)
    assert first.excerpt == "<mark>relogement</mark> du <mark>vélo</mark>"
    assert (second.page, second.file_id, second.more_pages, second.other_pages) == (None, None, 1, [(9, 1)])


def test_other_pages_hold_the_words_as_well_and_the_best_are_named():
    write(
        "A",
        pages=[
            (7, 1, "vélo, vélo"),
            (7, 2, "relogement"),
            (8, 1, "Le vélo du quartier"),
            (7, 5, "Rien"),
            (7, 4, "le vélo de la ville"),
        ],
    )
    [hit] = ask("vélo").hits
    assert (hit.file_id, hit.page, hit.more_pages, hit.other_pages) == (7, 1, 2, [(7, 4), (8, 1)])


def test_pages_that_hold_some_of_the_words_do_when_none_holds_all():
    write("A", pages=[(7, 1, "vélo"), (7, 2, "relogement"), (7, 3, "rien")])
    [hit] = ask("vélo relogement").hits
    assert (hit.page in (1, 2), hit.more_pages) == (True, 1)


def test_a_page_that_says_a_synonym_holds_the_word():
    search.set_synonyms(lambda: [("QPV", "quartier prioritaire")])
    write("A", pages=[(7, 1, "quartier"), (7, 2, "Les QPV à vélo")])
    [hit] = ask("quartier prioritaire vélo").hits
    assert (hit.page, hit.more_pages) == (2, 0)


def test_an_object_of_a_thousand_pages_leaves_the_others_theirs():
    write("Gros", pages=[(7, number, "vélo vélo vélo") for number in range(1, 60)])
    write("Mince", pages=[(8, 1, "ailleurs"), (8, 2, "dans une longue page, une seule fois un vélo")])
    hits = {hit.title: hit for hit in ask("vélo").hits}
    assert (hits["Gros"].more_pages, len(hits["Gros"].other_pages)) == (58, 5)
    assert (hits["Mince"].page, hits["Mince"].more_pages) == (2, 0)


def test_pages_are_not_objects():
    write("A", pages=[(7, number, "vélo") for number in range(1, 30)])
    found = ask("vélo", facets=("kind",))
    assert (found.total, found.facets["kind"], search.health().documents) == (1, [(KIND, 1)], 1)


def test_suggestions_begin_with_what_is_typed_and_are_distinct():
    for title in ("École ouverte", "École", "La grande école", "Écologie", "Élus"):
        write(title, jump="Note")
    write("École", jump="Note", slug="double")
    write("École muette")
    labels = [(one.label, one.kind_label) for one in search.suggest("éco", PUBLIC)]
    assert labels == [("École", "Note"), ("Écologie", "Note"), ("École ouverte", "Note"), ("La grande école", "Note")]
    assert [one.label for one in search.suggest("grande éc", PUBLIC)] == ["La grande école"]
    assert len(search.suggest("éco", PUBLIC, size=2)) == 2
    assert search.suggest("e", PUBLIC) == search.suggest("…", PUBLIC) == []


def test_similar_objects_share_themes_territories_or_words_and_say_so():
    like = write("Le jardin de la tour", summary="potager", facets={"theme": ["nature"], "territory": ["27", "25056"]})
    write("Autre jardin", summary="compost", facets={"theme": ["nature"], "territory": ["27"]})
    write("À la même adresse", facets={"territory": ["27", "25056"]})
    write("Potager partagé", summary="potager", facets={"territory": ["27"]})
    for number in range(8):
        write(f"Rien à voir {number}", facets={"territory": ["27"]})
    found = {hit.title: hit for hit in search.similar(KIND, like.pk, PUBLIC)}
    assert found["Autre jardin"].reason == "même thème"
    assert found["Autre jardin"].shared == {"theme": ["nature"]}
    assert found["À la même adresse"].reason == "même territoire"
    assert found["Potager partagé"].reason == "sujet proche"
    assert search.similar(KIND, 10**9, PUBLIC) == []


def test_nothing_is_similar_to_an_object_that_says_nothing():
    alone = write("De la")
    write("Vélo")
    assert search.similar(KIND, alone.pk, PUBLIC) == []
