"""What becomes of each sort of content of an old site: a table that the first try fills by guessing, and that staff corrects."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models

from network.models import Theme
from trajectoire.core.text import fold

from .wxr import Term

TYPE, PAGE = "type", "page"  # kinds that are no taxonomy: a type of content, one page by its name
# Pages that this site makes itself; the old address leads there.
MADE_HERE = {
    "accueil": "/",
    "home": "/",
    "contact": "/contact/",
    "nous-contacter": "/contact/",
    "plan-du-site": "/plan-du-site/",
    "mentions-legales": "/mentions-legales/",
    "accessibilite": "/accessibilite/",
    "politique-de-confidentialite": "/donnees-personnelles/",
    "donnees-personnelles": "/donnees-personnelles/",
    "actualites": "/ressources/",
    "publications": "/ressources/",
    "ressources": "/ressources/",
    "blog": "/ressources/",
}
USUAL_TYPE = "note"


class WordPressChoice(models.Model):
    """One line of the table. `kind` and `slug` name it as WordPress does."""

    class Outcome(models.TextChoices):
        DOCUMENT = "document", "Devient un document"
        PAGE = "page", "Devient le texte d’une page du site"
        ADDRESS = "adresse", "Son adresse mène ailleurs, son texte n’est pas repris"
        ASIDE = "aside", "Laissé de côté"

    kind = models.CharField("sorte", max_length=64, editable=False)
    slug = models.CharField("nom court dans WordPress", max_length=200, editable=False)
    name = models.CharField("nom", max_length=200, editable=False)
    uses = models.PositiveIntegerField("contenus", default=0, editable=False)
    outcome = models.CharField("ce que ces contenus deviennent", max_length=8, choices=Outcome, default=Outcome.DOCUMENT)
    type = models.ForeignKey(
        "resources.DocumentType",
        models.SET_NULL,
        verbose_name="type de document",
        null=True,
        blank=True,
        related_name="+",
        help_text="À défaut\u00a0: celui que disent les autres lignes, du plus précis au plus général.",
    )
    themes = models.ManyToManyField(Theme, verbose_name="thèmes à donner", related_name="+", blank=True)
    page = models.ForeignKey("core.Page", models.SET_NULL, verbose_name="page du site", null=True, blank=True, related_name="+")
    address = models.CharField("adresse", max_length=300, blank=True, help_text="Sur ce site, par exemple /contact/.")

    class Meta:
        verbose_name = "choix pour WordPress"
        verbose_name_plural = "choix pour WordPress"
        ordering = ["kind", "-uses", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="wordpress_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind_label} : {self.name}"

    def clean(self) -> None:
        if self.outcome == self.Outcome.PAGE and not self.page_id:
            raise ValidationError({"page": "Dites de quelle page du site ces contenus deviennent le texte."})
        if self.outcome == self.Outcome.ADDRESS and not self.address.startswith("/"):
            raise ValidationError({"address": "Écrivez une adresse de ce site, qui commence par une barre : /contact/."})

    @property
    def kind_label(self) -> str:
        labels = {TYPE: "type de contenu", PAGE: "page", "category": "catégorie", "post_tag": "étiquette"}
        return labels.get(self.kind, self.kind)


Key = tuple[str, str]


def prepare(found: Mapping[Key, tuple[str, int]]) -> None:
    """Add the lines that the table lacks for {(kind, slug): (name, uses)}, guessed; what staff chose is left alone."""
    known = set(WordPressChoice.objects.values_list("kind", "slug"))
    guess = Guess()
    for (kind, slug), (name, uses) in found.items():
        if (kind, slug) not in known:
            choice = WordPressChoice(kind=kind[:64], slug=slug[:200], name=(name or slug)[:200], uses=uses)
            guess.fill(choice)
            choice.save()
            choice.themes.set(guess.themes(choice.name) if kind not in (TYPE, PAGE) else [])


class Guess:
    """By the names of our types, themes and their synonyms; read once."""

    def __init__(self) -> None:
        from resources.models import DocumentType

        types = DocumentType.objects.all()
        self.types = {_word(word): row for row in types for word in (row.plural, row.name, row.slug)}
        self.by_word: dict[str, set[int]] = {}
        for theme in Theme.objects.all():
            for word in (theme.name, theme.short_name, *theme.synonym_list):
                self.by_word.setdefault(_word(word), set()).add(theme.pk)

    def fill(self, choice: WordPressChoice) -> None:
        if choice.kind == PAGE and choice.slug in MADE_HERE:
            choice.outcome, choice.address = WordPressChoice.Outcome.ADDRESS, MADE_HERE[choice.slug]
        elif choice.kind != "post_tag":
            choice.type = self.types.get(_word(choice.name)) or self.types.get(_word(choice.slug))
        if choice.kind == TYPE and not choice.type:
            choice.type = self.types.get(USUAL_TYPE)

    def themes(self, name: str) -> set[int]:
        return self.by_word.get(_word(name), set())


def _word(text: str) -> str:
    """« Lettres d’information » and « lettre-d-information » are the same."""
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    return " ".join(word.rstrip("s") if len(word) > 3 else word for word in words)


class Choices:
    """The table, read once a run."""

    def __init__(self) -> None:
        rows = WordPressChoice.objects.select_related("type", "page").prefetch_related("themes")
        self.rows = {(row.kind, row.slug): row for row in rows}

    def of(self, type_: str, slug: str, terms: Iterable[Term]) -> list[WordPressChoice]:
        """The lines that speak of a content, from the most precise: the page itself, its terms, its type."""
        keys: list[Key] = [(PAGE, slug)] if type_ == "page" else []
        rank = {"category": 1, "post_tag": 3}
        keys += [(term.kind, term.slug) for term in sorted(terms, key=lambda term: rank.get(term.kind, 2))]
        found = [self.rows.get((kind[:64], slug[:200])) for kind, slug in [*keys, (TYPE, type_)]]
        return [row for row in found if row]


def outcome_of(lines: Iterable[WordPressChoice]) -> WordPressChoice | None:
    """The first line that does not make a document."""
    return next((line for line in lines if line.outcome != WordPressChoice.Outcome.DOCUMENT), None)
