"""What remains of a document that was public: its number and its sets, so that harvesters learn that it has gone."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from ..models import Document


class Tombstone(models.Model):
    """Kept for ever (deletedRecord « persistent »): no title, no name, nothing of anybody."""

    document_pk = models.PositiveBigIntegerField(primary_key=True)
    stamp = models.DateTimeField(db_index=True)
    sets = models.TextField()  # « |type:synthese|theme:sante| »

    class Meta:
        verbose_name = "notice retirée"
        verbose_name_plural = "notices retirées"

    def __str__(self) -> str:
        return f"document {self.document_pk}"


def keep(document: "Document", *, deleted: bool = False) -> None:
    """To call within the transaction, before a document is stored or deleted: note whether it stops being public."""
    if document.pk is None:
        return
    if not deleted and document.is_public:
        Tombstone.objects.filter(pk=document.pk).delete()
        return
    stored = type(document).objects.public().filter(pk=document.pk).first()
    if stored:
        sets = "".join(f"{spec}|" for spec in set_specs(stored))
        Tombstone.objects.update_or_create(pk=document.pk, defaults={"stamp": timezone.now(), "sets": f"|{sets}"})


def set_specs(document: "Document") -> list[str]:
    """The sets of a document: its type, its themes with those above them, its collection."""
    themes = document.themes.all()
    slugs = {slug for theme in themes for slug in (theme.slug, theme.parent.slug if theme.parent else theme.slug)}
    collection = [f"collection:{document.collection.slug}"] if document.collection else []
    return [f"type:{document.type.slug}", *(f"theme:{slug}" for slug in sorted(slugs)), *collection]
