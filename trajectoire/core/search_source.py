"""What the search engine knows of the editable pages."""

from django.db.models import Q

from . import search
from .models import Page
from .prose import sentences


def entry(page: Page) -> search.Entry:
    return search.Entry(
        pk=page.pk,
        title=page.title,
        summary=page.lead,
        body=sentences(page.body),
        url=page.get_absolute_url(),
        jump="Page du site",
    )


def database_search(text: str, access: frozenset[str]):
    """The plain search of the degraded mode."""
    found = Page.objects.all()
    for word in text.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(body__icontains=word))
    return found


SOURCE = search.Source(
    kind="page",
    label="Pages du site",
    queryset=Page.objects.all,
    entry=entry,
    model="core.Page",
    database_search=database_search,
    param="pages",
    order=90,
)
