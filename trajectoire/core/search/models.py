"""The change table, followed by every index; and what was searched for in vain, for staff."""

import datetime

from django.db import models
from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

__all__ = ["SearchChange", "SearchMiss", "SearchMissDay"]
RECENT = datetime.timedelta(days=30)


class SearchChange(models.Model):
    """An object of this kind changed: each index, on each machine, reads it again from the database."""

    kind = models.CharField("nature", max_length=40)
    object_pk = models.BigIntegerField("identifiant")
    created_at = models.DateTimeField("noté le", default=timezone.now, db_index=True, editable=False)

    class Meta:
        verbose_name = "changement à indexer"
        verbose_name_plural = "changements à indexer"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}"


class SearchMissQuerySet(models.QuerySet["SearchMiss"]):
    def counted(self, today: datetime.date) -> "SearchMissQuerySet":
        """With `recent` (30 days), `total` (all that is kept) and `last`, the most wanted first."""
        recent = Coalesce(Sum("days__count", filter=Q(days__day__gt=today - RECENT)), 0)
        counts = self.annotate(recent=recent, total=Coalesce(Sum("days__count"), 0), last=Max("days__day"))
        return counts.order_by("-recent", "-total", "words")


class SearchMiss(models.Model):
    """Words that found nothing: folded, without anything on who typed them."""

    words = models.CharField("mots cherchés", max_length=80, unique=True)
    ignored = models.BooleanField("ignorée", default=False)

    objects = SearchMissQuerySet.as_manager()

    class Meta:
        verbose_name = "recherche sans résultat"
        verbose_name_plural = "recherches sans résultat"

    def __str__(self) -> str:
        return self.words


class SearchMissDay(models.Model):
    """How many times the words found nothing on one day."""

    miss = models.ForeignKey(SearchMiss, models.CASCADE, related_name="days")
    day = models.DateField("jour", db_index=True)
    count = models.PositiveIntegerField("nombre", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["miss", "day"], name="search_miss_one_row_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
