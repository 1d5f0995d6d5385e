"""The only doors to what is reserved for trainers."""

from django.http import Http404

from resources.models import Document
from trajectoire.core.models import TRAINERS


def is_trainer(user) -> bool:
    return user.is_authenticated and (user.has_perm("resources.view_document") or user.groups.filter(name=TRAINERS).exists())


def get_reserved_documents_for(user):
    """The documents kept for trainers; 404 for anyone else: the area must not be known to exist."""
    if not is_trainer(user):
        raise Http404
    return Document.objects.published().filter(access=Document.Access.TRAINERS)
