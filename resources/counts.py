"""How many times each document was read and downloaded each day: numbers alone, counted once the answer is sent.

Nothing says by whom: no cookie, no address kept. The days are kept for ever, for they tell nothing of anybody, weigh little
(a row a document a day at most, for each kind) and let any period be compared with another, to the day.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from trajectoire.core.counting import after, is_robot, say
from trajectoire.core.limits import too_many

AN_HOUR = 3600
COUNTED_AN_HOUR = 300  # for one client: beyond, it is no reader


class DocumentCountQuerySet(models.QuerySet["DocumentCount"]):
    def between(self, first: datetime.date, last: datetime.date) -> "DocumentCountQuerySet":
        """Both days included."""
        return self.filter(day__range=(first, last))

    def downloads(self, first: datetime.date, last: datetime.date) -> "DocumentCountQuerySet":
        """Files given, whatever the page that led to them."""
        return self.between(first, last).filter(kind=DocumentCount.Kind.DOWNLOAD)

    def views(self, first: datetime.date, last: datetime.date) -> "DocumentCountQuerySet":
        """Pages of documents read."""
        return self.between(first, last).filter(kind=DocumentCount.Kind.VIEW)

    def total(self) -> int:
        return self.aggregate(total=Sum("count", default=0))["total"]

    def by_type(self) -> models.QuerySet["DocumentCount", dict[str, str | int]]:
        """{"type": slug of the type, "total": n}, the most first."""
        return self.values(type=F("document__type__slug")).annotate(total=Sum("count")).order_by("-total", "document__type__slug")

    def by_document(self) -> models.QuerySet["DocumentCount", dict[str, int]]:
        """{"document": pk, "total": n}, the most first."""
        return self.values("document").annotate(total=Sum("count")).order_by("-total", "-document")

    def both_kinds(self) -> models.QuerySet["DocumentCount", dict[str, Any]]:
        """{"document": pk, "title", "type": its name, "views": n, "downloads": n}."""
        of = {kind: Sum("count", filter=models.Q(kind=kind), default=0) for kind in DocumentCount.Kind}
        named = self.values("document", title=F("document__title"), type=F("document__type__name"))
        return named.annotate(views=of[DocumentCount.Kind.VIEW], downloads=of[DocumentCount.Kind.DOWNLOAD])


class DocumentCount(models.Model):
    """One number: a document, a day (in Paris), pages read or files given."""

    computed = True  # nobody leans on it: see core.importing.touching

    class Kind(models.TextChoices):
        VIEW = "view", "lectures de la page"
        DOWNLOAD = "download", "téléchargements"

    document = models.ForeignKey("resources.Document", models.CASCADE, related_name="counts")
    day = models.DateField("jour")
    kind = models.CharField("quoi", max_length=8, choices=Kind)
    count = models.PositiveIntegerField("nombre", default=0)

    objects = DocumentCountQuerySet.as_manager()

    class Meta:
        verbose_name = "lectures d’un jour"
        verbose_name_plural = "lectures par jour"
        constraints = [models.UniqueConstraint(fields=["document", "kind", "day"], name="document_count_once_a_day")]
        indexes = [models.Index(fields=["kind", "day"])]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} : {self.count} {self.get_kind_display()}"


def note(request: HttpRequest, response: HttpResponseBase, kind: DocumentCount.Kind, documents: Iterable[int]) -> None:
    """Count for each of these documents once the answer is sent; robots, HEAD, prefetches, later parts and staff are left out."""
    known = list(documents)
    say(response, "documents", [str(kind), known])
    if request.method == "GET" and begins(response) and not is_robot(request):
        after(response, lambda: _count(request, kind, known))


def again(request: HttpRequest, response: HttpResponseBase, what: list[Any]) -> None:
    """The same for a page that was kept."""
    note(request, response, DocumentCount.Kind(what[0]), what[1])


def begins(response: HttpResponseBase) -> bool:
    """The whole, or its first part."""
    return response.status_code == 200 or response.headers.get("Content-Range", "").startswith("bytes 0-")


def _count(request: HttpRequest, kind: DocumentCount.Kind, documents: list[int]) -> None:
    """Once an hour for one client and one document: a page loaded again, a PDF fetched in pieces are the same reading."""
    if request.user.is_staff or too_many(request, "counts", limit=COUNTED_AN_HOUR, seconds=AN_HOUR):
        return
    for document in documents:
        if not too_many(request, f"counts-{kind}-{document}", limit=1, seconds=AN_HOUR):
            add(document, kind, timezone.localdate())


def add(document: int, kind: DocumentCount.Kind, day: datetime.date) -> None:
    """One more; right however many processes add at once: the first of the day makes the row, whoever comes second finds it."""
    row = DocumentCount.objects.filter(document=document, kind=kind, day=day)
    if not row.update(count=F("count") + 1):
        DocumentCount.objects.bulk_create([DocumentCount(document_id=document, kind=kind, day=day)], ignore_conflicts=True)
        row.update(count=F("count") + 1)
