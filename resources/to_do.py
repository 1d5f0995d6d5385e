"""The lines of the work list about the library."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from trajectoire.core.worklist import Task, register

from .models import Document, DocumentFile


def to_review() -> QuerySet[Document]:
    """On the site, and to be read again by today."""
    return Document.objects.filter(status=Document.Status.PUBLISHED, review_on__lte=timezone.localdate())


def with_unreadable_files() -> QuerySet[Document]:
    broken = DocumentFile.objects.filter(document=OuterRef("pk"), state=DocumentFile.State.UNREADABLE)
    return Document.objects.filter(Exists(broken))


# What the filter of the list is called, and what it shows.
TO_DO: dict[str, Callable[[], QuerySet[Document]]] = {"relire": to_review, "illisible": with_unreadable_files}


def declare() -> None:
    register(
        Task(
            "document à relire",
            "documents à relire",
            lambda user: to_review().count(),
            lambda: f"{reverse('admin:resources_document_changelist')}?travail=relire",
            "resources.change_document",
        ),
        Task(
            "document dont un fichier est illisible",
            "documents dont un fichier est illisible",
            lambda user: with_unreadable_files().count(),
            lambda: f"{reverse('admin:resources_document_changelist')}?travail=illisible",
            "resources.change_document",
        ),
    )
