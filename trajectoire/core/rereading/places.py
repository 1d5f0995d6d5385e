"""What was found in texts: each link and the texts it stands in, each name of a service that no longer exists."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from . import sources

Found = TypeVar("Found", bound=models.Model)


class WebLink(models.Model):
    """An address on another site that texts lead to, and what the last visits found."""

    url = models.CharField("adresse", max_length=1000, unique=True)
    checked_at = models.DateTimeField("vérifié le", null=True)
    failing_since = models.DateTimeField("en échec depuis", null=True)
    reason = models.CharField("ce qui se passe", max_length=200, blank=True)
    dead = models.BooleanField("mort", default=False)
    meant = models.BooleanField("laissé tel quel", default=False)

    class Meta:
        verbose_name = "lien"

    def __str__(self) -> str:
        return self.url


class PlaceQuerySet(models.QuerySet[Found]):
    def standing(self) -> Self:
        """In texts that are on the site now."""
        known = (Q(source=source.name, object_id__in=source.rows().order_by().values("pk")) for source in sources.registered())
        return self.filter(Q(*known, _connector=Q.OR))


class LinkPlaceQuerySet(PlaceQuerySet["LinkPlace"]):
    def dead(self) -> Self:
        """Links to correct."""
        return self.standing().filter(link__dead=True, link__meant=False)


class NamePlaceQuerySet(PlaceQuerySet["NamePlace"]):
    def to_read(self) -> Self:
        """Names that nobody said to be meant."""
        return self.standing().filter(meant=False)


class Place(models.Model):
    """Somewhere in a text: `source` is the name of a declared one, `object_id` the key of its row."""

    source = models.CharField("dans", max_length=30)
    object_id = models.PositiveBigIntegerField()
    title = models.CharField("texte", max_length=250)

    class Meta:
        abstract = True

    @property
    def form_url(self) -> str:
        source = sources.of_name(self.source)
        return source.form_url(self.object_id) if source else ""


class LinkPlace(Place):
    link = models.ForeignKey(WebLink, models.CASCADE, related_name="places", verbose_name="lien")

    objects = LinkPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "lien dans un texte"
        verbose_name_plural = "liens morts dans les textes"
        constraints = [models.UniqueConstraint(fields=["source", "object_id", "link"], name="link_place_once")]

    def __str__(self) -> str:
        return f"{self.link} ({self.title})"


class NamePlace(Place):
    words = models.CharField("nom écrit", max_length=200)
    now = models.CharField("aujourd’hui", max_length=400, blank=True)
    excerpt = models.CharField("phrase", max_length=300)
    meant = models.BooleanField("c’est voulu", default=False)

    objects = NamePlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "nom d’un service disparu"
        verbose_name_plural = "noms de services disparus dans les textes"
        constraints = [models.UniqueConstraint(fields=["source", "object_id", "words"], name="name_place_once")]

    def __str__(self) -> str:
        return f"{self.words} ({self.title})"
