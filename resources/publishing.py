"""Publishing, withdrawing and tagging several documents at once, with the same rules as the form."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from network.models import Theme
from trajectoire.core.text import day

from .forms import missing_to_publish
from .models import Document


def publish(documents: QuerySet[Document]) -> tuple[int, list[tuple[str, str]]]:
    """Publish what can be; returns how many were, and [(title, reasons)] of those that could not."""
    done, refused = 0, []
    for document in documents.select_related("type").prefetch_related("themes"):
        missing = missing_to_publish(
            {"title": document.title, "type": document.type, "summary": document.summary, "themes": document.themes.all()}
        )
        if missing:
            refused.append((document.title, " ".join(sentence for _, sentence in missing)))
            continue
        document.publish_at = document.publish_at or timezone.now()
        _store(document, Document.Status.PUBLISHED)
        done += 1
    return done, refused


def notices(document: Document) -> list[str]:
    """What to know once a document is saved as published: [sentence]."""
    said: list[str] = []
    if document.status != Document.Status.PUBLISHED:
        return said
    if document.is_scheduled:
        hour = timezone.localtime(document.publish_at)
        said.append(f"Ce document n’est pas encore visible : il paraîtra le {day(hour.date())} à {hour.hour} h {hour:%M}.")
    if document.date is None:
        said.append(
            "Ce document n’a pas de date de parution : il vient après tous les autres. Vous pouvez l’indiquer dans « Notice »."
        )
    return said


def withdraw(documents: QuerySet[Document]) -> int:
    """Withdraw the documents; returns how many."""
    for document in documents:
        _store(document, Document.Status.WITHDRAWN)
    return len(documents)


def _store(document: Document, status: Document.Status) -> None:
    with transaction.atomic():
        document.status = status
        document.version += 1
        document.save()


def add_theme(documents: QuerySet[Document], theme: Theme) -> int:
    """Add a theme to the documents; returns how many."""
    with transaction.atomic():
        for document in documents:
            document.themes.add(theme)
            document.announce()
    return len(documents)
