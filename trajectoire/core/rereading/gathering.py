"""Reading texts again: after each save in the administration, and all of them once a week."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from .names import Names
from .places import LinkPlace, NamePlace, WebLink
from .sources import Source, of, registered


@transaction.atomic
def reread(row: Any) -> None:
    """What this text holds now, when it is one that is read again."""
    if source := of(row):
        fresh = source.to_read().filter(pk=row.pk)
        speaks_of_today = source.current(source.rows()).filter(pk=row.pk).exists()
        _store(source, fresh, Names() if speaks_of_today else None)


def reread_all() -> int:
    """Every text of the site; how many. What texts no longer hold is forgotten."""
    names, count = Names(), 0
    for source in registered():
        today = set(source.current(source.rows()).values_list("pk", flat=True))
        for row in source.to_read().iterator(chunk_size=200):
            with transaction.atomic():
                _store(source, [row], names if row.pk in today else None)
            count += 1
        for place in (LinkPlace, NamePlace):
            place.objects.filter(source=source.name).exclude(object_id__in=source.rows().order_by().values("pk")).delete()
    WebLink.objects.filter(places=None).delete()
    return count


def _store(source: Source, rows: Iterable[Any], names: Names | None) -> None:
    for row in rows:
        _store_links(source, row)
        _store_names(source, row, names)


def _store_links(source: Source, row: Any) -> None:
    urls, here = source.links(row), LinkPlace.objects.filter(source=source.name, object_id=row.pk)
    held = set(here.values_list("link__url", flat=True))
    if gone := held - urls:
        here.filter(link__url__in=gone).delete()
    if new := urls - held:
        WebLink.objects.bulk_create([WebLink(url=url) for url in sorted(new)], ignore_conflicts=True)
        links = WebLink.objects.filter(url__in=new)
        places = [LinkPlace(source=source.name, object_id=row.pk, title=str(row)[:250], link=link) for link in links]
        LinkPlace.objects.bulk_create(places, ignore_conflicts=True)
    here.exclude(title=str(row)[:250]).update(title=str(row)[:250])


def _store_names(source: Source, row: Any, names: Names | None) -> None:
    """What is meant stays meant as long as the text holds it."""
    found = names.found_in(source.words(row)) if names else {}
    here = NamePlace.objects.filter(source=source.name, object_id=row.pk)
    here.exclude(words__in=found).delete()
    places = [
        NamePlace(source=source.name, object_id=row.pk, title=str(row)[:250], words=words, now=now[:400], excerpt=around[:300])
        for words, (now, around) in found.items()
    ]
    NamePlace.objects.bulk_create(
        places,
        update_conflicts=True,
        unique_fields=["source", "object_id", "words"],
        update_fields=["title", "now", "excerpt"],
    )
