from xml.etree import ElementTree

from network import maps

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}


def test_region_map_is_empty_without_departments(db):
    svg = maps.region_map()
    assert list(ElementTree.fromstring(svg).iter("a")) == []


def test_projection_fills_the_width_and_keeps_proportions():
    projection = maps.fit([(4.0, 47.0), (6.0, 48.0)])
    assert projection.width == maps.WIDTH
    assert projection((4.0, 48.0)) == (maps.MARGIN, maps.MARGIN)
    assert projection((6.0, 47.0)) == (maps.WIDTH - maps.MARGIN, projection.height - maps.MARGIN)
    assert projection.height < projection.width


def test_projection_of_a_tall_place_keeps_its_height():
    projection = maps.fit([(4.0, 46.0), (4.1, 48.0)])
    assert projection.height == maps.MAX_HEIGHT
    assert projection.width < maps.WIDTH


def test_path_data_leaves_out_steps_too_small_to_be_seen():
    projection = maps.fit([(0, 0), (1, 1)])
    near = {"type": "Polygon", "coordinates": [[[0, 0], [0, 0.0001], [0, 1], [1, 1], [1, 0], [0, 0]]]}
    assert maps.path_data(near, projection) == maps.path_data(SQUARE, projection)
    assert maps.path_data(SQUARE, projection).count("M") == 1


def test_path_data_drops_what_is_smaller_than_a_point():
    dot = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [0, 1e-6], [1e-6, 0], [0, 0]]], SQUARE["coordinates"]]}
    assert maps.path_data(dot, maps.fit([(0, 0), (1, 1)])) == maps.path_data(SQUARE, maps.fit([(0, 0), (1, 1)]))
