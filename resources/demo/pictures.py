"""Covers drawn for the demonstration: quartiers of the region in flat shapes, in the five glazes of the site."""

import io
import math
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 1000
FINER = 2  # drawn twice as large, then reduced: smooth edges
CREDIT = "Illustration : Trajectoire Ressources"

NIGHT, BRICK, OCHRE, MOSS, CREAM = "#1d2a44", "#a8402c", "#d79b34", "#56703f", "#fbf6ea"
SAND, ROSE, SKY, LEAF, STEEL, RUST = "#f1e3c6", "#e3b08f", "#cfdad6", "#8ba173", "#44567c", "#7d2d1f"

Point = tuple[float, float]


class Canvas:
    """Flat shapes on a page of 1600 × 1000."""

    def __init__(self, background: str) -> None:
        self.image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), background)
        self.pen = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> None:  # noqa: PLR0913, PLR0917
        corners = [x * FINER, y * FINER, (x + width) * FINER - 1, (y + height) * FINER - 1]
        self.pen.rounded_rectangle(corners, radius * FINER, fill=fill)

    def shape(self, fill: str, *points: Point) -> None:
        self.pen.polygon([(x * FINER, y * FINER) for x, y in points], fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.pen.ellipse([v * FINER for v in (x - radius, y - radius, x + radius, y + radius)], fill=fill)

    def ring(self, x: float, y: float, radius: float, fill: str, width: float) -> None:
        box = [v * FINER for v in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.ellipse(box, outline=fill, width=round(width * FINER))

    def arc(self, x: float, y: float, radius: float, turn: tuple[int, int], fill: str, width: float) -> None:  # noqa: PLR0913, PLR0917
        box = [v * FINER for v in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.arc(box, *turn, fill=fill, width=round(width * FINER))

    def line(self, fill: str, width: float, *points: Point) -> None:
        self.pen.line([(x * FINER, y * FINER) for x, y in points], fill=fill, width=round(width * FINER), joint="curve")

    def jpeg(self) -> bytes:
        target = io.BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(target, "JPEG", quality=88)
        return target.getvalue()


# What the scenes are made of


def hill(canvas: Canvas, base: float, height: float, turns: float, fill: str) -> None:
    wave = [(x, base - height * (0.5 + 0.5 * math.sin(turns + x / WIDTH * math.pi * 2.2))) for x in range(0, WIDTH + 20, 20)]
    canvas.shape(fill, *wave, (WIDTH, HEIGHT), (0, HEIGHT))


def block(  # noqa: PLR0913, PLR0917
    canvas: Canvas, x: float, ground: float, size: tuple[int, int], colours: tuple[str, str], lit: Sequence[int] = ()
) -> None:
    """A building of columns × floors of windows; the windows whose number is in `lit` are ochre."""
    columns, floors = size
    wall, window = colours
    width, height = columns * 44 + 20, floors * 56 + 34
    canvas.box(x, ground - height, width, height, wall)
    canvas.box(x, ground - height, width, 12, RUST if wall != RUST else NIGHT)
    for number in range(columns * floors):
        left = x + 20 + number % columns * 44
        top = ground - height + 30 + number // columns * 56
        canvas.box(left, top, 24, 32, OCHRE if number in lit else window)


def tree(canvas: Canvas, x: float, ground: float, size: float, leaves: str = MOSS) -> None:
    canvas.box(x - size * 0.06, ground - size, size * 0.12, size, RUST)
    canvas.disc(x, ground - size * 1.15, size * 0.45, leaves)
    canvas.disc(x - size * 0.27, ground - size * 0.9, size * 0.32, leaves)
    canvas.disc(x + size * 0.27, ground - size * 0.9, size * 0.32, leaves)


def person(canvas: Canvas, x: float, ground: float, coat: str, tall: float = 1) -> None:
    canvas.shape(
        coat,
        (x - 22 * tall, ground),
        (x + 22 * tall, ground),
        (x + 14 * tall, ground - 74 * tall),
        (x - 14 * tall, ground - 74 * tall),
    )
    canvas.disc(x, ground - 92 * tall, 17 * tall, RUST)


def tiles(canvas: Canvas, top: float, size: float, glazes: str) -> None:
    """The lozenges of a glazed roof, from `top` down to the bottom of the page."""
    colours = {"n": NIGHT, "b": BRICK, "o": OCHRE, "m": MOSS, "c": CREAM}
    rows = math.ceil((HEIGHT - top) / size * 2) + 1
    for row in range(rows):
        for column in range(math.ceil(WIDTH / size) + 2):
            x, y = (column - row % 2 / 2) * size, top + row * size / 2
            fill = colours[glazes[(column * 2 + row * 3) % len(glazes)]]
            canvas.shape(SAND, (x, y), (x + size / 2, y - size / 2), (x + size, y), (x + size / 2, y + size / 2))
            inner = size / 2 - 3
            middle = x + size / 2
            canvas.shape(fill, (middle - inner, y), (middle, y - inner), (middle + inner, y), (middle, y + inner))


def wheel(canvas: Canvas, x: float, y: float, radius: float) -> None:
    canvas.ring(x, y, radius, NIGHT, 12)
    for turn in range(6):
        angle = math.pi * turn / 6
        across, down = math.cos(angle) * (radius - 6), math.sin(angle) * (radius - 6)
        canvas.line(STEEL, 3, (x - across, y - down), (x + across, y + down))
    canvas.disc(x, y, 12, BRICK)


# The scenes


def courtyard() -> Canvas:
    """Trees and a pump between three buildings."""
    canvas = Canvas(SAND)
    canvas.disc(1330, 190, 110, OCHRE)
    hill(canvas, 560, 130, 0.6, ROSE)
    block(canvas, 60, 720, (8, 8), (CREAM, STEEL), (3, 17, 30, 44))
    block(canvas, 1130, 720, (9, 7), (BRICK, SAND), (5, 22, 40))
    block(canvas, 520, 660, (12, 4), (STEEL, SAND), (2, 9, 31))
    canvas.box(0, 700, WIDTH, 300, LEAF)
    canvas.shape(SAND, (560, 1000), (1040, 1000), (880, 700), (720, 700))
    for x, size in ((180, 190), (420, 240), (620, 170), (1010, 180), (1210, 250), (1450, 200)):
        tree(canvas, x, 820, size, MOSS)
    canvas.box(770, 800, 90, 70, STEEL, 8)
    canvas.box(803, 700, 24, 110, NIGHT, 8)
    canvas.line(NIGHT, 14, (815, 712), (890, 752))
    canvas.line(NIGHT, 12, (815, 740), (764, 748), (760, 780))
    for x, coat, tall in ((690, BRICK, 1.1), (640, OCHRE, 0.8), (950, NIGHT, 1.1)):
        person(canvas, x, 890, coat, tall)
    return canvas


def quay() -> Canvas:
    """A barge full of books, along a quay."""
    canvas = Canvas(SKY)
    canvas.disc(300, 230, 95, CREAM)
    hill(canvas, 600, 170, 2.4, LEAF)
    for x, size, wall in ((80, (4, 5), CREAM), (310, (5, 4), ROSE), (980, (6, 5), BRICK), (1290, (5, 6), CREAM)):
        block(canvas, x, 640, size, (wall, NIGHT), (4, 11))
    canvas.box(0, 640, WIDTH, 70, SAND)
    canvas.box(0, 700, WIDTH, 300, STEEL)
    for row in range(6):
        for column in range(9):
            canvas.line(
                SKY, 4, (column * 200 + row % 2 * 90 - 60, 760 + row * 44), (column * 200 + row % 2 * 90 + 20, 760 + row * 44)
            )
    canvas.shape(NIGHT, (280, 760), (1340, 760), (1250, 880), (360, 880))
    canvas.box(280, 748, 1060, 18, OCHRE)
    canvas.box(420, 600, 640, 150, CREAM)
    canvas.box(400, 584, 680, 22, BRICK)
    random_books = random.Random(7)  # noqa: S311 (a drawing, always the same)
    x = 440
    while x < 1030:
        width, height = random_books.choice((16, 20, 26)), random_books.choice((84, 100, 112))
        canvas.box(x, 742 - height, width, height, random_books.choice((BRICK, OCHRE, MOSS, NIGHT, STEEL)))
        x += width + 4
    for x, coat in ((200, BRICK), (1140, MOSS), (1200, OCHRE)):
        person(canvas, x, 700 if x == 200 else 750, coat, 0.9)
    return canvas


def bicycle() -> Canvas:
    """A bicycle before the towers and the hills."""
    canvas = Canvas(ROSE)
    canvas.disc(1180, 300, 150, CREAM)
    hill(canvas, 640, 180, 1.1, LEAF)
    for x, size, wall in ((90, (4, 8), CREAM), (300, (6, 5), SAND), (1240, (5, 9), CREAM)):
        block(canvas, x, 720, size, (wall, STEEL), (3, 8, 13))
    hill(canvas, 740, 60, 3.6, MOSS)
    canvas.box(0, 800, WIDTH, 200, STEEL)
    for column in range(7):
        canvas.box(column * 250 + 30, 900, 130, 12, SAND)
    wheel(canvas, 570, 700, 150)
    wheel(canvas, 1030, 700, 150)
    canvas.line(BRICK, 18, (570, 700), (690, 500), (940, 500), (780, 700), (570, 700))
    canvas.line(BRICK, 18, (780, 700), (672, 460))
    canvas.line(BRICK, 18, (1030, 700), (925, 430))
    canvas.line(NIGHT, 16, (925, 430), (985, 410), (1010, 440))
    canvas.box(620, 440, 110, 24, NIGHT, 12)
    canvas.ring(780, 700, 40, NIGHT, 10)
    canvas.line(NIGHT, 12, (780, 700), (820, 760))
    canvas.box(955, 455, 150, 95, OCHRE, 10)
    for x in range(975, 1100, 30):
        canvas.line(RUST, 4, (x, 460), (x, 545))
    return canvas


def radio() -> Canvas:
    """A mast over the roofs, and its waves."""
    canvas = Canvas(NIGHT)
    for number, radius in enumerate(range(110, 760, 90)):
        canvas.arc(800, 330, radius, (200, 340), (OCHRE, BRICK, SAND, LEAF)[number % 4], 16)
    for x, size in ((40, (6, 7)), (330, (5, 5)), (1010, (5, 6)), (1270, (7, 8))):
        block(canvas, x, 860, size, (STEEL, NIGHT), (1, 6, 8, 15, 20, 27, 33))
    block(canvas, 590, 860, (9, 5), (BRICK, SAND), (4, 13, 21, 30))
    canvas.line(CREAM, 12, (800, 330), (720, 550))
    canvas.line(CREAM, 12, (800, 330), (880, 550))
    for step in range(1, 5):
        half = 80 * step / 4.6
        canvas.line(CREAM, 7, (800 - half, 330 + 48 * step), (800 + half * 0.72, 330 + 48 * step - 44))
    canvas.disc(800, 330, 26, OCHRE)
    tiles(canvas, 880, 100, "nobcm")
    return canvas


def tower() -> Canvas:
    """A tower whose windows go out one after the other, and people who look at it."""
    canvas = Canvas(OCHRE)
    canvas.disc(1210, 620, 260, ROSE)
    hill(canvas, 760, 120, 0.2, BRICK)
    for x, size in ((60, (6, 4)), (1230, (7, 3))):
        block(canvas, x, 800, size, (RUST, ROSE), (2, 7))
    block(canvas, 600, 830, (9, 13), (NIGHT, STEEL), (4, 12, 13, 29, 38, 41, 56, 62, 64, 77, 90, 93, 101, 108, 112))
    canvas.box(0, 810, WIDTH, 190, SAND)
    canvas.box(0, 810, WIDTH, 10, RUST)
    for number, x in enumerate((330, 400, 455, 520, 1090, 1150, 1240)):
        person(canvas, x, 940, (NIGHT, BRICK, MOSS, STEEL)[number % 4], 1.2 - 0.25 * (number % 3 == 2))
    tree(canvas, 180, 900, 210, MOSS)
    tree(canvas, 1440, 900, 240, MOSS)
    return canvas


def repair() -> Canvas:
    """Chairs, a lamp and a bicycle wheel on the shelves of a reuse workshop."""
    canvas = Canvas(CREAM)
    tiles(canvas, 0, 160, "ccocccbcc")
    canvas.box(130, 120, 1340, 760, SAND)
    for y in (104, 340, 600, 860):
        canvas.box(130, y, 1340, 24, RUST)
    for x in (130, 560, 1010, 1446):
        canvas.box(x, 120, 24, 764, RUST)
    chair(canvas, 250, 860, BRICK)
    chair(canvas, 410, 860, NIGHT)
    lamp(canvas, 340, 600)
    wheel(canvas, 790, 480, 112)
    for x, height, fill in ((610, 170, MOSS), (690, 120, BRICK), (850, 150, OCHRE), (920, 90, STEEL)):
        canvas.box(x, 860 - height, 62, height, fill, 12)
    canvas.box(1070, 640, 330, 214, NIGHT, 16)
    canvas.box(1094, 664, 220, 166, SKY, 10)
    canvas.disc(1356, 700, 18, OCHRE)
    canvas.disc(1356, 760, 18, OCHRE)
    for number, x in enumerate(range(1060, 1420, 44)):
        canvas.box(
            x, 600 - (150, 190, 170)[number % 3], 34, (150, 190, 170)[number % 3], (BRICK, OCHRE, MOSS, STEEL, NIGHT)[number % 5]
        )
    canvas.box(620, 230, 150, 110, OCHRE, 14)
    canvas.ring(815, 285, 44, BRICK, 16)
    canvas.box(880, 190, 90, 150, MOSS, 20)
    for x, fill in ((200, STEEL), (300, BRICK), (400, MOSS)):
        canvas.shape(fill, (x, 340), (x + 90, 340), (x + 70, 240), (x + 20, 240))
    for x in (1110, 1250):
        canvas.disc(x + 40, 280, 58, BRICK if x == 1110 else NIGHT)
        canvas.disc(x + 40, 280, 24, CREAM)
    return canvas


def chair(canvas: Canvas, x: float, ground: float, fill: str) -> None:
    canvas.box(x - 50, ground - 200, 18, 200, fill)
    canvas.box(x + 36, ground - 100, 18, 100, fill)
    canvas.box(x - 50, ground - 112, 104, 20, fill, 6)
    canvas.box(x - 50, ground - 200, 18, 60, fill, 6)


def lamp(canvas: Canvas, x: float, ground: float) -> None:
    canvas.box(x - 60, ground - 18, 120, 18, NIGHT, 8)
    canvas.line(NIGHT, 12, (x, ground - 14), (x - 40, ground - 110), (x + 30, ground - 180))
    canvas.shape(OCHRE, (x + 10, ground - 200), (x + 60, ground - 180), (x + 110, ground - 90), (x + 10, ground - 120))


class Picture(NamedTuple):
    scene: Callable[[], Canvas]
    alt: str


PICTURES = {
    "cour-fraiche-jardin-contre-la-canicule": Picture(
        courtyard, "Entre trois immeubles, une cour plantée d’arbres ; des personnes autour d’une pompe à eau."
    ),
    "bibliotheque-sur-le-quai-lire-a-migennes": Picture(
        quay, "Le long d’un quai, une péniche dont la cabine est remplie de livres."
    ),
    "femmes-en-selle-velo-ecole": Picture(bicycle, "Un vélo rouge et son panier devant les immeubles et les collines."),
    "radio-des-gorges-studio-de-quartier": Picture(
        radio, "La nuit, une antenne sur les toits d’un quartier et ses ondes de couleur."
    ),
    "derniers-jours-de-la-tour-recits-d-habitants": Picture(
        tower, "Une tour dont quelques fenêtres sont encore allumées ; des habitantes et des habitants la regardent."
    ),
    "ressourcerie-du-mail-objets-et-emplois": Picture(
        repair, "Sur les étagères d’une ressourcerie : chaises, lampe, roue de vélo, livres et appareils."
    ),
}


def draw(picture: Picture) -> bytes:
    """The picture as a JPEG of 1600 × 1000."""
    return picture.scene().jpeg()
