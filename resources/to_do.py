"""The lines of the work list about the library."""

import datetime
from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from trajectoire.core.rereading import sources
from trajectoire.core.worklist import LIBRARY, Task, register

from .models import Document, DocumentFile
from .pairs import DocumentPair

OF_ITS_TIME = datetime.timedelta(days=730)


def to_review() -> QuerySet[Document]:
    """On the site, and to be read again by today."""
    return Document.objects.filter(status=Document.Status.PUBLISHED, review_on__lte=timezone.localdate())


def with_unreadable_files() -> QuerySet[Document]:
    broken = DocumentFile.objects.filter(document=OuterRef("pk"), state=DocumentFile.State.UNREADABLE)
    return Document.objects.filter(Exists(broken))


def speaking_of_today(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Kept up to date, without a date, or of these last two years: an older one names the services of its time."""
    recent = timezone.localdate() - OF_ITS_TIME
    kept = Q(up_to_date_on__isnull=False) | Q(review_on__isnull=False)
    return documents.filter(kept | Q(date__isnull=True) | Q(date__gte=recent))


# What the filter of the list is called, and what it shows.
TO_DO: dict[str, Callable[[], QuerySet[Document]]] = {"relire": to_review, "illisible": with_unreadable_files}


def declare() -> None:
    sources.register(
        sources.Source(
            "document",
            "les documents",
            LIBRARY,
            Document.objects.published,
            "resources.change_document",
            texts=("title", "summary", "hook", "carrier", "partners", "contact"),
            current=speaking_of_today,
        )
    )
    register(
        Task(
            "document en brouillon, à publier",
            "documents en brouillon, à publier",
            lambda user: Document.objects.filter(status=Document.Status.DRAFT).count(),
            lambda: f"{reverse('admin:resources_document_changelist')}?status__exact={Document.Status.DRAFT}",
            "resources.change_document",
            subject=LIBRARY,
        ),
        Task(
            "document à relire",
            "documents à relire",
            lambda user: to_review().count(),
            lambda: f"{reverse('admin:resources_document_changelist')}?travail=relire",
            "resources.change_document",
            subject=LIBRARY,
        ),
        Task(
            "document dont un fichier est illisible",
            "documents dont un fichier est illisible",
            lambda user: with_unreadable_files().count(),
            lambda: f"{reverse('admin:resources_document_changelist')}?travail=illisible",
            "resources.change_document",
            subject=LIBRARY,
        ),
        Task(
            "paire de documents qui se ressemblent",
            "paires de documents qui se ressemblent",
            lambda user: DocumentPair.objects.filter(different=False).count(),
            lambda: f"{reverse('admin:resources_documentpair_changelist')}?different__exact=0",
            "resources.change_documentpair",
            subject=LIBRARY,
        ),
    )
