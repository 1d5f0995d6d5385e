"""The only door to an entry of the directory: published, or not yet and seen by staff alone."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from .addresses import DirectoryAddress
from .cards import MODELS
from .entries import DirectoryEntry


def get_entry_for(user: Any, slug: str) -> DirectoryEntry:
    """The entry an address leads to (its own slug may be newer); 404 when this person may not see it."""
    kind, pk = get_object_or_404(DirectoryAddress, slug=slug).leads_to
    model = MODELS[kind]
    entry = get_object_or_404(model, pk=pk)
    if not (entry.published or user.has_perm(f"network.view_{model._meta.model_name}")):
        raise Http404
    return entry
