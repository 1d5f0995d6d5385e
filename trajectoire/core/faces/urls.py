"""The addresses of the faces of a list, beside its page."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from ..listing import Listing
from .serving import View, export, feed, records, served
from .tables import every_export


def paths(listing: Listing) -> list[URLPattern]:
    """`flux.atom`, `export.json`, `export.csv`… to put among the addresses of the app, beside those of the list."""
    views: dict[str, View] = {"flux.atom": feed, "export.json": records}
    views |= {f"export.{face.extension}": partial(export, face) for face in every_export(listing.faces, listing.title)}
    return [path(name, login_not_required(require_safe(served(listing, view)))) for name, view in views.items()]
