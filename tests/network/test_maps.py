"""The maps are well-formed, light, and lead where they say."""

from xml.etree import ElementTree

import pytest

from network import maps
from network.models import Territory
from trajectoire.core.models import SiteVersion


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def link_to(svg: str, code: str) -> ElementTree.Element:
    return next(link for link in drawn(svg).iter("a") if link.get("href") == f"/territoires/{code}/")


def test_region_map_links_departments_and_quarters(reference):
    svg = maps.region_map()
    links = [link.get("href") for link in drawn(svg).iter("a")]
    assert len(links) == len(set(links)) == 8 + 62
    assert all(link.find("title").text for link in drawn(svg).iter("a"))
    assert link_to(svg, "21").find("title").text == "Côte-d’Or"
    assert link_to(svg, "21").find("path").get("class") == "dep"
    assert link_to(svg, "QN02503M").find("title").text == "Planoise"
    assert len(svg.encode()) <= 9_000


def test_region_map_has_no_style_nor_role_of_an_image(reference):
    svg = maps.region_map()
    assert "style" not in svg
    assert 'role="img"' not in svg
    assert drawn(svg).get("aria-label") == "Carte de la région et de ses quartiers prioritaires"


def test_region_map_marks_what_is_highlighted(reference):
    svg = maps.region_map("90")
    assert [link.get("href") for link in drawn(svg).iter("a") if link.get("class") == "here"] == ["/territoires/90/"]


def test_region_map_keeps_everything_inside_its_frame(reference):
    svg = maps.region_map()
    _, _, width, height = map(int, drawn(svg).get("viewBox").split())
    for path in drawn(svg).iter("path"):
        x, y = map(int, path.get("d")[1:].split("l")[0].split())
        assert 0 <= x <= width
        assert 0 <= y <= height


def test_maps_are_drawn_once_a_version(reference, django_assert_num_queries):
    territory = Territory.objects.get(code="25056")
    first = maps.region_map(), maps.territory_map(territory)
    with django_assert_num_queries(2):  # the version, each time
        assert (maps.region_map(), maps.territory_map(territory)) == first
    SiteVersion.bump()
    Territory.objects.filter(code="QN02503M").update(name="Planoise & Cie")
    assert "Planoise &amp; Cie" in maps.region_map()
    assert "Planoise &amp; Cie" in maps.territory_map(territory)


@pytest.mark.parametrize(
    ("code", "areas", "quarters"),
    [("25", 1, 17), ("200065647", 6, 9), ("25056", 1, 6), ("QN02503M", 1, 6), ("QN09004M", 2, 6), ("90099", 1, 1)],
)
def test_territory_map_draws_the_place_and_its_quarters(reference, code, areas, quarters):
    svg = maps.territory_map(Territory.objects.get(code=code))
    assert len([path for path in drawn(svg).iter("path") if path.get("class") == "area"]) == areas
    assert len(list(drawn(svg).iter("a"))) == quarters
    assert len(svg.encode()) < 12_000


def test_territory_map_marks_the_quarter_itself(reference):
    svg = maps.territory_map(Territory.objects.get(code="QN02503M"))
    assert link_to(svg, "QN02503M").get("class") == "here"
    assert [path.get("class") for path in link_to(svg, "QN02503M").iter("path")] == ["quarter", None]


def test_territory_map_of_the_region_is_the_region_map(reference):
    assert maps.territory_map(Territory.objects.get(code="27")) == maps.region_map()


def test_territory_map_is_empty_when_nothing_can_be_drawn(reference):
    assert maps.territory_map(Territory.objects.get(code="21002")) == ""


def test_territory_map_of_a_perimeter_is_that_of_its_communes(reference):
    perimeter = Territory.objects.create(code="CITE-1", kind="perimetre", name="Cité éducative")
    perimeter.communes.add(Territory.objects.get(code="25056"))
    assert len(list(drawn(maps.territory_map(perimeter)).iter("a"))) == 6
