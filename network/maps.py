"""Maps drawn on the server as inline SVG: outlines, and quartiers as lozenges that link to their page.

Equirectangular projection with the cosine of the middle latitude: enough for a region (IGN and ANCT outlines, WGS 84).
Only classes, no style: `dep` and `area` (outlines), `point` (the group of quartiers), `quarter` (outline of one), `here`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from trajectoire.core.models import SiteVersion

from .models import Territory, TerritoryKind
from .reference.tables import outlines

WIDTH, MARGIN = 500, 8
MAX_HEIGHT = 520
HALF = 4  # half of a lozenge, in units of the drawing
LOZENGE = f"l{HALF} {HALF}-{HALF} {HALF}-{HALF}-{HALF}z"
Position = tuple[float, float]
EMPTY = SafeString("")


@dataclass(frozen=True)
class Projection:
    """From longitude and latitude (degrees) to whole units of a drawing `width` × `height`."""

    west: float
    north: float
    squeeze: float
    scale: float
    width: int
    height: int

    def __call__(self, position: Position) -> tuple[int, int]:
        x = (position[0] - self.west) * self.squeeze * self.scale + MARGIN
        y = (self.north - position[1]) * self.scale + MARGIN
        return round(x), round(y)


def fit(positions: Iterable[Position]) -> Projection:
    """The projection that fills the drawing with these positions."""
    longitudes, latitudes = zip(*((p[0], p[1]) for p in positions), strict=True)
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    squeeze = cos(radians((south + north) / 2))
    across, along = max((east - west) * squeeze, 1e-4), max(north - south, 1e-4)
    scale = min((WIDTH - 2 * MARGIN) / across, (MAX_HEIGHT - 2 * MARGIN) / along)
    width, height = round(across * scale) + 2 * MARGIN, round(along * scale) + 2 * MARGIN
    return Projection(west, north, squeeze, scale, width, height)


def rings(geometry: dict) -> Iterator[list[Position]]:
    """The rings of a GeoJSON Polygon or MultiPolygon, holes included."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        yield from polygon


def path_data(geometry: dict, projection: Projection) -> str:
    """The `d` of a path, in whole relative steps; steps too small to be seen are left out."""
    return "".join(_ring_data([projection(position) for position in ring]) for ring in rings(geometry))


def _ring_data(points: list[tuple[int, int]]) -> str:
    steps: list[str] = []
    at = x, y = points[0]
    for point in points[1:-1]:
        dx, dy = point[0] - at[0], point[1] - at[1]
        if dx or dy:
            steps.append(f"{'' if dx < 0 or not steps else ' '}{dx}{'' if dy < 0 else ' '}{dy}")
            at = point
    return f"M{x} {y}l{''.join(steps)}z" if len(steps) > 1 else ""


def _lozenge(territory: Territory, projection: Projection) -> str:
    x, y = projection((territory.longitude or 0.0, territory.latitude or 0.0))
    return f"M{x} {y - HALF}{LOZENGE}"


def _shape(geometry: dict | None, projection: Projection, name: str) -> SafeString:
    data = path_data(geometry, projection) if geometry else ""
    return format_html('<path class="{}" d="{}"/>', name, data) if data else EMPTY


def _link(territory: Territory, here: str, drawn: SafeString) -> SafeString:
    mark = mark_safe(' class="here"') if territory.code == here else EMPTY
    return format_html('<a href="{}"{}><title>{}</title>{}</a>', territory.get_absolute_url(), mark, territory.name, drawn)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _svg(projection: Projection, label: str, areas: Iterable[SafeString], quarters: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} {}" role="group" aria-label="{}">{}<g class="point">{}</g></svg>',
        projection.width,
        projection.height,
        label,
        _joined(areas),
        _joined(quarters),
    )


def _quarter(quarter: Territory, projection: Projection, here: str, outline: SafeString = EMPTY) -> SafeString:
    """A quartier: its lozenge, over its outline when the map is near enough, in one link."""
    point = format_html('<path d="{}"/>', _lozenge(quarter, projection))
    return _link(quarter, here, format_html("{}{}", outline, point))


def region_map(highlight: str | None = None) -> SafeString:
    """The region: departments and quartiers of 2024, each a link; `highlight` is the code to mark."""
    return _region_map(SiteVersion.current(), highlight or "")


@lru_cache(maxsize=64)
def _region_map(version: int, highlight: str) -> SafeString:
    shapes = outlines("departements_bfc_carte.geojson.gz")
    departments = Territory.objects.filter(kind=TerritoryKind.DEPARTMENT, code__in=shapes).order_by("code")
    projection = fit(position for geometry in shapes.values() for ring in rings(geometry) for position in ring)
    areas = (_link(d, highlight, _shape(shapes[d.code], projection, "dep")) for d in departments)
    quarters = (_quarter(quarter, projection, highlight) for quarter in _current_quarters().order_by("code"))
    return _svg(projection, "Carte de la région et de ses quartiers prioritaires", areas, quarters)


def _current_quarters():
    return Territory.objects.in_force().filter(latitude__isnull=False)


def territory_map(territory: Territory) -> SafeString:
    """A territory near at hand with its quartiers; empty when nothing of it can be drawn."""
    if territory.kind == TerritoryKind.REGION:
        return region_map()
    return _territory_map(SiteVersion.current(), territory.pk)


@lru_cache(maxsize=256)
def _territory_map(version: int, pk: int) -> SafeString:
    territory = Territory.objects.with_outlines().get(pk=pk)
    areas = [(area, area.outline) for area in _areas(territory) if area.outline]
    if not areas:
        return EMPTY
    projection = fit(position for _, outline in areas for ring in rings(outline) for position in ring)
    shapes = (_shape(outline, projection, "area") for _, outline in areas)
    links = (
        _quarter(quarter, projection, territory.code, _shape(quarter.outline, projection, "quarter"))
        for quarter in _current_quarters()
        .with_outlines()
        .filter(pk__in=_quarters_shown(territory, [area for area, _ in areas]))
        .order_by("code")
    )
    return _svg(projection, f"Carte : {territory.name}", shapes, links)


def _areas(territory: Territory) -> Iterable[Territory]:
    """What is drawn behind the quartiers: the territory, or the communes that hold it or that it holds."""
    if territory.kind in (TerritoryKind.QPV, TerritoryKind.PERIMETER):
        return territory.communes.with_outlines().order_by("code")
    if territory.kind == TerritoryKind.EPCI:
        communes = Territory.objects.with_outlines().in_territory(territory)
        return communes.filter(kind=TerritoryKind.COMMUNE, has_page=True).order_by("code")
    return [territory]


def _quarters_shown(territory: Territory, areas: list[Territory]):
    """The quartiers in the territory; around a quartier, those of its communes too."""
    if territory.kind in (TerritoryKind.QPV, TerritoryKind.PERIMETER):
        return Territory.objects.filter(communes__in=areas).order_by().values("pk")
    return Territory.objects.in_territory(territory).order_by().values("pk")
