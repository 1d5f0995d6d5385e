"""Making two entries of one structure a single one: nothing that pointed to either is lost."""

from typing import Any

from django.db import transaction
from django.db.models import ManyToManyField

from trajectoire.core import search

from .directory.entries import lines
from .duplicates import Known, normalised
from .models import DuplicatePair, Organisation, Territory, TerritoryKind

FILLED = ("siret", "summary", "description", "website", "email", "phone", "address", "parent", "successor", "published_at")
RELATIVES = ("parent", "successor")
AT_A_TIME = 1_000


@transaction.atomic
def merge(kept: Organisation, removed: Organisation) -> Organisation:
    """Move to `kept` all that `removed` has: links, addresses, names, sources; fill what was empty; then remove it."""
    kept, removed = (Organisation.objects.select_for_update().get(pk=row.pk) for row in (kept, removed))
    for name in RELATIVES:  # never its own relative
        Organisation.objects.filter(pk=kept.pk, **{name: removed}).update(**{name: None})
        Organisation.objects.filter(pk=removed.pk, **{name: kept}).update(**{name: None})
    kept.refresh_from_db()
    removed.refresh_from_db()
    documents = list(removed.documents.values_list("pk", flat=True))  # type: ignore[attr-defined]
    for relation in Organisation._meta.related_objects:
        _move(relation, kept, removed)
    for field in Organisation._meta.many_to_many:
        getattr(kept, field.name).add(*getattr(removed, field.name).all())
    inherited = {name: getattr(removed, name) for name in FILLED if not getattr(kept, name)}
    names = [removed.name, *removed.former_name_list]
    sources = removed.source_list
    confirmed = max(filter(None, [kept.confirmed_on, removed.confirmed_on]), default=None)
    removed.refresh_from_db()
    removed.delete()
    for name, value in inherited.items():
        setattr(kept, name, value)
    kept.former_names = "\n".join(_more(kept.former_name_list, names, known=kept.name))
    kept.sources = "\n".join(dict.fromkeys([*kept.source_list, *sources]))
    kept.confirmed_on = confirmed
    kept.version += 1
    kept.save()
    search.record_changes("document", documents)
    return kept


def _move(relation: Any, kept: Organisation, removed: Organisation) -> None:
    """Point to `kept` what points to `removed`; a link that both have is kept once."""
    if isinstance(relation.field, ManyToManyField):
        column, other = relation.field.m2m_reverse_field_name(), relation.field.m2m_field_name()
        through = relation.through._default_manager
        held = list(through.filter(**{column: kept}).values_list(f"{other}_id", flat=True))
        through.filter(**{column: removed}).exclude(**{f"{other}_id__in": held}).update(**{column: kept})
    else:
        relation.related_model._default_manager.filter(**{relation.field.name: removed}).update(**{relation.field.name: kept})


def _more(former: list[str], names: list[str], *, known: str) -> list[str]:
    """The former names with those that are written otherwise; the very name is not a former one."""
    return list(dict.fromkeys(name for name in [*former, *names] if name != known))


def find_pairs() -> int:
    """Store the pairs of structures that look alike and that nobody has examined; how many are new."""
    known = Known.read()
    pairs = []
    places = {t.path.split("/")[1]: t for t in Territory.objects.filter(kind=TerritoryKind.DEPARTMENT)}
    for row in list(known.rows.values()):
        place = next((places[code] for code in sorted(row.departments) if code in places), None)
        for candidate in known.likely(row.name, row.siret, place):
            if candidate.pk > row.pk:
                score, reason = round(candidate.score), candidate.reason
                pairs.append(DuplicatePair(first_id=row.pk, second_id=candidate.pk, score=score, reason=reason[:120]))
    before = DuplicatePair.objects.count()
    DuplicatePair.objects.bulk_create(pairs, batch_size=AT_A_TIME, ignore_conflicts=True)
    return DuplicatePair.objects.count() - before


def compared(first: Organisation, second: Organisation) -> list[dict[str, Any]]:
    """What the two say, side by side: [{label, first, second, differs}], what is empty on both sides left out."""
    rows = [(label, *(str(read(row) or "") for row in (first, second))) for label, read in COMPARED]
    return [{"label": a, "first": b, "second": c, "differs": normalised(b) != normalised(c)} for a, b, c in rows if b or c]


def _names(name: str) -> Any:
    return lambda row: ", ".join(sorted(str(item) for item in getattr(row, name).all()))


COMPARED: list[tuple[str, Any]] = [
    ("Nom", lambda row: row.name),
    ("Anciens noms", lambda row: ", ".join(lines(row.former_names))),
    ("Nature", lambda row: row.get_kind_display()),
    ("SIRET", lambda row: row.siret),
    ("Territoires", _names("territories")),
    ("Thèmes", _names("themes")),
    ("Présentation", lambda row: row.summary),
    ("Adresse", lambda row: row.address),
    ("E-mail", lambda row: row.email),
    ("Site", lambda row: row.website),
    ("Documents", lambda row: row.documents.count()),
    ("Initiatives", lambda row: row.initiatives.count()),
    ("Sources", lambda row: " ; ".join(lines(row.sources))),
]
