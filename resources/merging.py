"""Documents that may be the same one: found, proposed, and made a single one without losing what pointed to either."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DO_NOTHING, F, OneToOneRel

from trajectoire.core import redirects
from trajectoire.core.importing.records import Origin
from trajectoire.core.prose import plain
from trajectoire.core.text import day

from .counts import DocumentCount
from .importing.recognition import Known, normal
from .models import FICHE_FIELDS, Document
from .pairs import DocumentPair

AT_A_TIME = 1_000
FILLED = [
    *("subtitle", "summary", "body", "authors", "publisher", "isbn", "issn", "pages", "url", "event_note", "event", "initiative"),
    *("hook", "up_to_date_on", "review_on", "replaced_by"),
    *FICHE_FIELDS,
]


def propose(found: Iterable[tuple[int, int, str]]) -> int:
    """Store pairs (document, other, reason) that nobody has examined; how many are new."""
    pairs = [DocumentPair(first_id=min(a, b), second_id=max(a, b), reason=reason[:120]) for a, b, reason in found if a != b]
    if not pairs:
        return 0
    before = DocumentPair.objects.count()
    DocumentPair.objects.bulk_create(pairs, batch_size=AT_A_TIME, ignore_conflicts=True)
    return DocumentPair.objects.count() - before


def find_pairs() -> int:
    """Look for the documents that are the same, or nearly, in the whole library; how many pairs are new."""
    known = Known.read()
    found = []
    for row in known.rows.values():
        same, reason, close = known.find(row)
        found += [(row.pk, other, why) for other, why in ([(same, reason)] if same else close)]
    return propose(found)


@transaction.atomic
def merge(kept: Document, removed: Document) -> Document:
    """Move to `kept` all that `removed` has, fill what was empty, then remove it; its address leads to the kept one for ever.

    Raises ValidationError when both are bound to something that takes one document only.
    """
    kept, removed = (Document.objects.select_for_update().get(pk=row.pk) for row in (kept, removed))
    address, published = removed.get_absolute_url(), removed.is_published
    links = {field.name: list(getattr(removed, field.name).all()) for field in Document._meta.many_to_many}
    for relation in _relations():
        _move(relation, kept, removed)
    for name in FILLED:
        if not getattr(kept, name) and getattr(removed, name):
            setattr(kept, name, getattr(removed, name))
    _dated(kept, removed)
    series, number = removed.collection, removed.number
    kind = ContentType.objects.get_for_model(Document)
    Origin.objects.filter(content_type=kind, object_id=removed.pk).update(object_id=kept.pk)
    if published and kept.status == Document.Status.DRAFT:
        kept.status, kept.publish_at = removed.status, removed.publish_at
    if not kept.cover_renditions:
        kept.cover_renditions, kept.cover_alt = removed.cover_renditions, removed.cover_alt
        Document.objects.filter(pk=removed.pk).update(cover_renditions=[])
    # Read again: it must not delete what has just moved.
    Document.objects.get(pk=removed.pk).delete()
    if kept.collection is None and series is not None:
        kept.collection, kept.number = series, number
    if kept.replaced_by_id in (kept.pk, removed.pk):
        kept.replaced_by = None
    kept.version += 1
    kept.save()
    for name, rows in links.items():
        getattr(kept, name).add(*rows)
    redirects.OldAddress.objects.filter(target=address).update(target=kept.get_absolute_url())
    redirects.keep(address, kept.get_absolute_url())
    return kept


def _dated(kept: Document, removed: Document) -> None:
    """The date that is known; of two in the same year, the more precise."""
    order = list(Document.Precision.values)
    finer = order.index(removed.date_precision) < order.index(kept.date_precision)
    if removed.date and (not kept.date or (finer and kept.date.year == removed.date.year)):
        kept.date, kept.date_precision = removed.date, removed.date_precision


def _relations() -> list[Any]:
    """All that points to a document, even without a name there; but the histories, its own links, and the pairs, found again."""
    fields: list[Any] = Document._meta.get_fields(include_hidden=True)
    pointing = [field for field in fields if field.auto_created and not field.concrete]
    own = [field for field in pointing if field.related_model._meta.auto_created or field.related_model is DocumentPair]
    return [field for field in pointing if field not in own and getattr(field, "on_delete", None) is not DO_NOTHING]


def _move(relation: Any, kept: Document, removed: Document) -> None:
    """Point to `kept` what points to `removed`; a link that both have is kept once, the numbers of a day are added."""
    model, name = relation.related_model, relation.field.name
    if model is DocumentCount:
        return _add_counts(kept, removed)
    if relation.field.many_to_many:
        for holder in model._default_manager.filter(**{name: removed}):
            getattr(holder, name).add(kept)
        return None
    rows = model._default_manager.filter(**{name: removed})
    if isinstance(relation, OneToOneRel) and rows.exists() and model._default_manager.filter(**{name: kept}).exists():
        raise ValidationError(f"Chacun des deux est déjà le document d’un élément « {model._meta.verbose_name} » : gardez-les.")
    for constraint in model._meta.constraints:
        fields = [field for field in getattr(constraint, "fields", ()) if field != name]
        if name in getattr(constraint, "fields", ()):
            held = model._default_manager.filter(**{name: kept}).values_list(*fields)
            for values in held:
                rows.filter(**dict(zip(fields, values, strict=True))).delete()
    rows.update(**{name: kept})
    return None


def _add_counts(kept: Document, removed: Document) -> None:
    for row in removed.counts.all():  # type: ignore[attr-defined]
        same = DocumentCount.objects.filter(document=kept, kind=row.kind, day=row.day)
        if same.update(count=F("count") + row.count):
            row.delete()
    removed.counts.update(document=kept)  # type: ignore[attr-defined]


def compared(first: Document, second: Document) -> list[dict[str, Any]]:
    """What the two say, side by side: [{label, first, second, differs}], what is empty on both sides left out."""
    rows = [(label, *(str(read(row) or "") for row in (first, second))) for label, read in COMPARED]
    return [{"label": a, "first": b, "second": c, "differs": normal(b) != normal(c)} for a, b, c in rows if b or c]


def _names(name: str) -> Any:
    return lambda row: ", ".join(sorted(str(item) for item in getattr(row, name).all()))


COMPARED: list[tuple[str, Any]] = [
    ("Titre", lambda row: row.title),
    ("Sous-titre", lambda row: row.subtitle),
    ("Adresse sur le site", lambda row: row.get_absolute_url()),
    ("État", lambda row: row.get_status_display()),
    ("Type", lambda row: str(row.type)),
    ("Auteurs et autrices", lambda row: ", ".join(row.author_list)),
    ("Éditeur", lambda row: row.publisher),
    ("Date", lambda row: day(row.date)),
    ("Collection et numéro", lambda row: f"{row.collection}, {row.number or ''}".strip(", ") if row.collection else ""),
    ("ISBN", lambda row: row.isbn),
    ("ISSN", lambda row: row.issn),
    ("Adresse en ligne", lambda row: row.url),
    ("Pages", lambda row: row.pages),
    ("Résumé", lambda row: plain(row.summary)),
    ("Thèmes", _names("themes")),
    ("Territoires", _names("territories")),
    ("Structures", _names("organisations")),
    ("Fichiers", lambda row: ", ".join(file.name for file in row.files.all())),
]
