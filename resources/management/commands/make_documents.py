"""Fill the library with many plausible documents, to measure the site on them. Never in production."""

import datetime
import random
import re
import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from network.models import Audience, Territory, Theme
from resources.demo import texts
from resources.models import Document, DocumentType
from resources.rendering import render
from trajectoire.core.models import SiteVersion
from trajectoire.core.text import NBSP, NNBSP, fold, plural

PARAGRAPH = re.compile(r"<p>(?:(?!</p>).)+</p>", re.DOTALL)
SUBJECTS = [
    "Accès aux soins", "Ateliers de parentalité", "Clauses sociales", "Concertation de quartier", "Cours de français",
    "Culture au pied des immeubles", "Éducation à l’image", "Égalité professionnelle", "Gestion urbaine de proximité",
    "Inclusion numérique", "Jardins partagés", "Laïcité dans les accueils de loisirs", "Médiation sociale",
    "Mémoire du quartier", "Mobilité douce", "Parcours d’insertion", "Prévention du décrochage", "Réemploi et réparation",
    "Rénovation énergétique", "Sport pour toutes et tous", "Transports du soir", "Vie associative",
]  # fmt: skip
ANGLES = [
    "bilan d’une année", "ce que disent les habitants", "enseignements et suites", "l’envers du décor", "leçons de terrain",
    "méthode et résultats", "premiers pas", "questions ouvertes", "regards croisés", "trois ans après",
]  # fmt: skip
BATCH = 500
FIRST_DAY, DAYS = datetime.date(2012, 1, 1), 5_000


class Command(BaseCommand):
    help = "Ajoute des documents vraisemblables, pour mesurer le site sur une grande bibliothèque."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=10_000, help=f"Nombre de documents (10{NNBSP}000 sans précision).")
        parser.add_argument("--seed", type=int, default=1, help="Un autre nombre donne d’autres documents.")

    def handle(self, *args: Any, count: int, seed: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(f"Ces documents servent aux mesures{NBSP}: ils ne se créent pas en production.")
        start = time.monotonic()
        with transaction.atomic():
            made = Maker(seed).documents(count)
            SiteVersion.bump()
        call_command("rebuild_index", verbosity=0, stdout=self.stdout)
        self.stdout.write(f"{plural(len(made), 'document créé', 'documents créés')} en {time.monotonic() - start:.1f}{NBSP}s.")


class Maker:
    """Draws documents from the demonstration's paragraphs, the real territories and the vocabularies; the same for a same seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 (nothing to guess)
        self.types = list(DocumentType.objects.exclude(slug="fiche-experience"))
        self.paragraphs = PARAGRAPH.findall("".join(text.values.get("body", "") for text in texts.read()))
        self.places = list(Territory.objects.filter(has_page=True).exclude(kind="region").order_by("code"))
        self.themes = list(Theme.objects.order_by("slug"))
        self.audiences = list(Audience.objects.order_by("slug"))
        self.prefix = f"mesure-{seed}-"

    def documents(self, count: int) -> list[Document]:
        """Create them, with their links; those of an earlier run with the same seed are left as they are."""
        taken = Document.objects.filter(slug__startswith=self.prefix).count()
        places = [self.draw.choice(self.places) for _ in range(count)]
        made = [self.document(taken + number, place) for number, place in enumerate(places, start=1)]
        Document.objects.bulk_create(made, batch_size=BATCH)
        self.link("territory", Document.territories.through, ((d, [p]) for d, p in zip(made, places, strict=True)))
        self.link("theme", Document.themes.through, ((d, self.some(self.themes, 3)) for d in made))
        self.link("audience", Document.audiences.through, ((d, self.some(self.audiences, 4)) for d in made))
        return made

    def document(self, number: int, place: Territory) -> Document:
        title = f"{self.draw.choice(SUBJECTS)} {place.located}{NBSP}: {self.draw.choice(ANGLES)}"
        day = FIRST_DAY + datetime.timedelta(days=self.draw.randrange(DAYS))
        paragraphs = self.draw.sample(self.paragraphs, 5)
        document = Document(
            slug=f"{self.prefix}{number}-{slugify(fold(title))}"[:100].rstrip("-"),
            title=title,
            type=self.draw.choice(self.types),
            summary=re.sub(r"<[^>]+>", "", paragraphs[0])[:350],
            body=f"<h2>Contexte</h2>{paragraphs[1]}{paragraphs[2]}<h2>Ce qui a été fait</h2>{paragraphs[3]}{paragraphs[4]}",
            authors="Trajectoire Ressources",
            date=day,
            status=Document.Status.PUBLISHED,
            publish_at=timezone.now(),
            is_demo=True,
        )
        document.rendered = render(document)
        return document

    def some(self, rows: list[Any], most: int) -> list[Any]:
        return self.draw.sample(rows, self.draw.randint(1, min(most, len(rows))))

    @staticmethod
    def link(name: str, through: Any, pairs: Iterable[tuple[Document, list[Any]]]) -> None:
        rows = [through(document=document, **{name: row}) for document, linked in pairs for row in linked]
        through.objects.bulk_create(rows, batch_size=BATCH)
