from network import vocabulary
from network.models import Territory, Theme


def test_current_reads_once_until_the_version_moves(reference, django_assert_num_queries):
    words = vocabulary.current()
    assert (len(words.top_themes()), len(words.audiences()), len(words.departments())) == (17, 19, 8)
    with django_assert_num_queries(1):
        again = vocabulary.current()
        assert again.theme_by_slug["sante"].name == "Santé"
        assert again.territory_by_code["25"].name == "Doubs"
    Theme.objects.get(slug="sante").save()
    assert vocabulary.current() is not words
    assert vocabulary.current().version == words.version + 1


def test_themes_know_their_children(reference):
    words = vocabulary.current()
    assert len(words.children_of_theme("laicite")) == 12
    assert words.children_of_theme("sante") == []
    assert words.theme_by_slug["ecole-periscolaire"].parent == "laicite"
    assert words.theme_by_slug["education"].label == "Éducation"
    assert words.theme_by_slug["sante"].label == "Santé"


def test_territories_with_a_page_cost_one_query(reference, django_assert_num_queries):
    words = vocabulary.get(1)
    with django_assert_num_queries(1):
        planoise = words.territory_by_code["QN02503M"]
    assert (planoise.name, planoise.kind, planoise.generation) == ("Planoise", "qpv", 2024)
    assert planoise.ancestor_codes == ["27", "25", "242500361", "25056", "QN02503M"]
    assert (planoise.department_code, planoise.located) == ("25", "dans le quartier Planoise")
    assert words.territory_by_code["27"].department_code == ""


def test_territories_without_a_page_are_read_when_asked(reference, django_assert_num_queries):
    words = vocabulary.get(1)
    paged = len(words.territory_by_code)
    assert paged == Territory.objects.with_pages().count() == len(list(words.territory_by_code))
    with django_assert_num_queries(1):
        assert words.territory_by_code["21002"].name == "Agey"
        assert "21001" in words.territory_by_code
        assert words.territory_by_code.get("nowhere") is None
