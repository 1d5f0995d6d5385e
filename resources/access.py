"""The only doors to documents and their files."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from network.events.models import Registration, RegistrationState
from trajectoire.core.models import TRAINERS

from .models import Document, DocumentFile

PUBLIC = frozenset({Document.Access.PUBLIC.value})
EVERYTHING = PUBLIC | {Document.Access.TRAINERS.value}


def allowed_access(user) -> frozenset[str]:
    """The access levels that this person may read; one query for someone logged in, none for a reader."""
    if not user.is_authenticated:
        return PUBLIC
    if user.has_perm("resources.view_document") or user.groups.filter(name=TRAINERS).exists():
        return EVERYTHING
    return PUBLIC


def get_document_for(user, slug: str) -> Document:
    """The document at this address if this person may know of it (published or withdrawn), else 404."""
    document = get_object_or_404(
        Document.objects.select_related("type", "collection", "replaced_by", "initiative", "event"), slug=slug
    )
    known = document.is_published or document.status == Document.Status.WITHDRAWN
    if not known or document.access not in allowed_access(user):
        raise Http404
    return document


def get_draft_for(user, pk: int) -> Document:
    """Any document, for the preview of those who may edit it; 404 for everyone else."""
    if not user.has_perm("resources.change_document"):
        raise Http404
    return get_object_or_404(Document.objects.select_related("type", "collection", "replaced_by", "initiative", "event"), pk=pk)


def get_material_for(mine: Registration, pk: int) -> DocumentFile:
    """A file kept for those who have a place at the event it comes from, or at one of the sessions of its cycle, else 404."""
    if mine.state != RegistrationState.CONFIRMED:
        raise Http404
    kept = Document.objects.published().filter(access=Document.Access.PARTICIPANTS, event__in=mine.event.sessions)
    return get_object_or_404(DocumentFile.objects.readable().select_related("document"), pk=pk, document__in=kept)


def get_file_for(user, slug: str, pk: int) -> DocumentFile:
    """A file fit to be given, of a published document this person may read (staff also of a draft), else 404."""
    file = get_object_or_404(DocumentFile.objects.readable().select_related("document"), pk=pk, document__slug=slug)
    document = file.document
    if document.is_published and document.access in allowed_access(user):
        return file
    if user.has_perm("resources.change_document"):
        return file
    raise Http404
