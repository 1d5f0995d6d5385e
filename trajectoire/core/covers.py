"""Covers drawn for documents without a picture: the lozenges of Burgundy's glazed roof tiles.

A cover is a pure function of three strings. The type gives the pattern family, the theme the palette, the seed how near
and which way round the roof is seen: the same document always has the same cover. Tiles are the unit squares of a lattice
turned by 45°, drawn as strokes one unit wide, one path a glaze. The paths of a family never change, only a few figures
around them do, so that twenty covers in a page compress to little more than a few.
"""

from collections.abc import Callable
from functools import cache
from zlib import crc32

from django.utils.safestring import SafeString, mark_safe

GLAZES = {"n": "#1d2a44", "b": "#a8402c", "o": "#d79b34", "m": "#56703f", "c": "#f6ecd6"}
JOINT = "#e8d8b6"

# Four glazes a theme: the field, then three marks.
DEFAULT_PALETTE = "nobc"
PALETTES = {
    "politique-de-la-ville": "nobc",
    "participation": "obnc",
    "habitat-cadre-de-vie": "bocn",
    "emploi-insertion": "mocb",
    "education": "nomc",
    "jeunesse": "obcn",
    "sante": "mcob",
    "acces-aux-droits": "ncom",
    "lien-social-culture-sport": "bcno",
    "egalite-femmes-hommes": "cbno",
    "discriminations": "nbco",
    "laicite": "cnbo",
    "tranquillite-publique": "nmoc",
    "transition-ecologique": "mnco",
    "mobilites": "omnc",
    "memoire": "bnoc",
    "mediation-sociale": "cmob",
}

DEFAULT_FAMILY = "weave"
FAMILY_OF_TYPE = {
    "fiche-experience": "nested",
    "synthese": "weave",
    "lettre-information": "courses",
    "cetavou": "chevron",
    "actes": "trellis",
    "compte-rendu": "bands",
    "dossier": "trellis",
    "reperes": "checker",
    "note": "dots",
    "guide": "chevron",
    "recueil-initiatives": "checker",
    "etude": "trellis",
    "revue-de-presse": "courses",
    "bibliographie": "courses",
    "diaporama": "bands",
    "video": "nested",
    "podcast": "stars",
    "rapport-activite": "bands",
    "appel-a-projets": "chevron",
    "outil-pedagogique": "checker",
    "texte-officiel": "bands",
    "ouvrage": "dots",
}

# The view is 12 × 9; the centre of the tile in column i and row j stands at x = i - j, y = i + j + 1.
_WIDTH, _HEIGHT = 12, 9
_MIDDLE = 6


def _nested(i: int, j: int) -> int:
    return (2, 1, 0, 3)[max(abs(i - 5), abs(j + 1)) % 4]


def _bands(i: int, j: int) -> int:
    return i % 4


def _courses(i: int, j: int) -> int:
    return (0, 1, 2, 1, 0, 3)[(i + j) % 6]


def _chevron(i: int, j: int) -> int:
    return (i + j - abs(i - j - _MIDDLE)) // 2 % 4


def _weave(i: int, j: int) -> int:
    if i % 2 == j % 2:
        return 0 if i % 2 else (i + j) // 2 % 2 * 2 + 1
    return 1 if i % 2 else 2


def _trellis(i: int, j: int) -> int:
    if i % 4 == 0 or j % 4 == 0:
        return 3 if i % 4 == j % 4 else 1
    return 2 if i % 4 == j % 4 == 2 else 0


def _checker(i: int, j: int) -> int:
    dark = (i // 3 + j // 3) % 2
    return 2 + dark if i % 3 == j % 3 == 1 else dark


def _dots(i: int, j: int) -> int:
    return 0 if i % 2 or j % 2 else 1 + (i // 2 + j // 2) % 3


def _stars(i: int, j: int) -> int:
    if i % 4 == j % 4:
        return {0: 2, 2: 3}.get(i % 4, 0)
    return 1 if (i % 4) * (j % 4) == 0 and (i + j) % 4 != 2 else 0


FAMILIES: dict[str, Callable[[int, int], int]] = {
    "nested": _nested,
    "bands": _bands,
    "courses": _courses,
    "chevron": _chevron,
    "weave": _weave,
    "trellis": _trellis,
    "checker": _checker,
    "dots": _dots,
    "stars": _stars,
}


def _in_view(i: int, j: int) -> bool:
    return -1 < i - j < _WIDTH + 1 and -1 < i + j + 1 < _HEIGHT + 1


@cache
def _paths(family: str) -> tuple[str, str, str]:
    """Return the strokes of the three marks: one run of tiles of a glaze is one horizontal stroke in the turned lattice."""
    paths = ["", "", "", ""]
    for j in range(-7, 6):
        run_start, run_rank = -2, -1
        for i in range(-2, 13):
            rank = FAMILIES[family](i, j) if _in_view(i, j) else -1
            if rank != run_rank:
                if run_rank >= 0:
                    paths[run_rank] += f"M{run_start} {j}h{i - run_start}"
                run_start, run_rank = i, rank
    return paths[1], paths[2], paths[3]


@cache
def _joints() -> str:
    return "M-1-6h13" + "m-13 1h13" * 10 + "M0-7v12" + "m1-12v12" * 10


def cover_svg(seed: str, type_code: str, theme_code: str = "") -> SafeString:
    """Return the cover as an inline SVG (4:3, under 1.2 kB, no identifier, hidden from assistive technologies)."""
    draw = crc32(seed.encode())
    field, *marks = (GLAZES[code] for code in PALETTES.get(theme_code, DEFAULT_PALETTE))
    if draw & 1:
        marks[1], marks[2] = marks[2], marks[1]
    width = (12, 10, 9)[(draw >> 1) % 3]
    height = width * 3 / 4
    turn = "-1 1 1 1 12 0" if draw >> 3 & 1 else "1 1-1 1 0 0"
    strokes = "".join(
        f'<path stroke="{glaze}" d="{path}"/>'
        for glaze, path in zip(marks, _paths(FAMILY_OF_TYPE.get(type_code, DEFAULT_FAMILY)), strict=True)
        if path
    )
    return mark_safe(
        f'<svg class="cover" viewBox="{(12 - width) / 2:g} {5 - height / 2:g} {width} {height:g}" role="presentation">'
        f'<path fill="{field}" d="M0 0h12v10H0z"/><g transform="matrix({turn})"><g transform="translate(0 .5)">{strokes}</g>'
        f'<path stroke="{JOINT}" stroke-width=".06" d="{_joints()}"/></g></svg>'
    )
