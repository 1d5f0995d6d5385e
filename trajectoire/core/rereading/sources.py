"""Which texts are read again: apps declare them in `AppConfig.ready()`, with the two lines of the work list of each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.db.models import Model, QuerySet, URLField
from django.urls import reverse

from .. import worklist
from ..prose import ProseField, sentences

HREF = re.compile(r'href="([^"]*)"')
LONGEST = 1000  # characters of an address


@dataclass(frozen=True)
class Source:
    """The rows of a model on the site: their rich texts, the fields `texts`, their addresses and those of `linked` rows.

    `inside` is French after « dans »: « les documents ». `current` keeps the rows that speak of today: a text that carries its
    date may name the services of its time. `linked` are pairs (related name, its field of addresses).
    """

    name: str
    inside: str
    subject: str
    rows: Callable[[], QuerySet[Any]]
    permission: str
    texts: tuple[str, ...] = ()
    linked: tuple[tuple[str, str], ...] = ()
    current: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows

    @property
    def model(self) -> type[Model]:
        return self.rows().model

    @property
    def prose(self) -> list[str]:
        return [field.name for field in self.model._meta.get_fields() if isinstance(field, ProseField)]

    def form_url(self, pk: int) -> str:
        """Where the text is corrected."""
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change", args=[pk])

    def to_read(self) -> QuerySet[Any]:
        return self.rows().order_by("pk").prefetch_related(*(name for name, _ in self.linked))

    def links(self, row: Any) -> set[str]:
        """The addresses on other sites in this row, without what follows #."""
        written = [unescape(href) for name in self.prose for href in HREF.findall(getattr(row, name) or "")]
        fields = (field.name for field in self.model._meta.get_fields() if isinstance(field, URLField))
        written += [getattr(row, name) or "" for name in fields]
        written += [getattr(one, field) or "" for name, field in self.linked for one in getattr(row, name).all()]
        return set(_outside(written))

    def words(self, row: Any) -> str:
        """What people read of this row, fields apart from each other."""
        prose = [sentences(getattr(row, name) or "") for name in self.prose]
        return " · ".join(filter(None, [*(getattr(row, name) or "" for name in self.texts), *prose]))


def _outside(addresses: list[str]) -> Iterator[str]:
    for address in addresses:
        url = address.strip().partition("#")[0]
        if url.lower().startswith(("http://", "https://")) and len(url) <= LONGEST:
            yield url


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    from .places import LinkPlace, NamePlace

    _sources[source.name] = source
    worklist.register(
        worklist.Task(
            f"lien mort dans {source.inside}",
            f"liens morts dans {source.inside}",
            lambda user: LinkPlace.objects.dead().filter(source=source.name).count(),
            lambda: f"{reverse('admin:core_linkplace_changelist')}?source={source.name}",
            source.permission,
            subject=source.subject,
        ),
        worklist.Task(
            f"nom d’un service disparu dans {source.inside}",
            f"noms de services disparus dans {source.inside}",
            lambda user: NamePlace.objects.to_read().filter(source=source.name).count(),
            lambda: f"{reverse('admin:core_nameplace_changelist')}?source={source.name}",
            source.permission,
            subject=source.subject,
        ),
    )


def registered() -> list[Source]:
    return list(_sources.values())


def of(row: Any) -> Source | None:
    """The source that this row is a text of."""
    return next((source for source in registered() if isinstance(row, source.model)), None)


def of_name(name: str) -> Source | None:
    return _sources.get(name)


def open_to(user: Any) -> list[str]:
    """The names of the sources whose texts this person may correct."""
    return [source.name for source in registered() if user.has_perm(source.permission)]
