"""Links between the contents of an old site, once all are here: each leads straight to the new page."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from resources.models import Document
from trajectoire.core import redirects
from trajectoire.core.importing.records import Origin
from trajectoire.core.models import Page
from trajectoire.core.text import slug_of

from .wxr import Term, host_of

DAY = re.compile(r"(?!0000)\d{4}-\d\d-\d\d")
HREF = re.compile(r'(?<=<a href=")([^"]*)(?=")')


def addresses_of(term: Term, terms: Mapping[tuple[str, str], Term], home: str) -> Iterator[str]:
    """Where WordPress lists what has a term, with its usual names: « /category/parent/term/ », « /tag/term/ », « /?cat=12 »."""
    slugs, above = [term.slug], terms.get((term.kind, term.parent))
    while above and above.slug not in slugs:
        slugs.insert(0, above.slug)
        above = terms.get((term.kind, above.parent))
    base = {"category": "category", "post_tag": "tag"}.get(term.kind, term.kind)
    yield f"{home}/{base}/{'/'.join(slugs)}/"
    if term.kind == "category" and term.id:
        yield f"{home}/?cat={term.id}"


def archives_of(authors: Iterable[str], days: Iterable[str], home: str) -> Iterator[str]:
    """Where it lists what a person wrote, or what appeared in a year, a month, a day."""
    yield from (f"{home}/author/{slug_of(login)}/" for login in authors if slug_of(login))
    dated = sorted(filter(DAY.fullmatch, days))
    yield from dict.fromkeys(f"{home}/{day[:end].replace('-', '/')}/" for day in dated for end in (4, 7, 10))


def rewrite(hosts: Iterable[str]) -> Iterator[Document | Page]:
    """Give each text that changed, whatever the import that brought it; a link that leads nowhere here is left as it is."""
    hosts = set(hosts)
    cited = Q()
    for host in hosts:
        cited |= Q(body__contains=host)
    if not cited:
        return
    brought = Origin.objects.filter(content_type=ContentType.objects.get_for_model(Document)).values("object_id")
    pks = list(Document.objects.filter(cited, pk__in=brought).order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        document = Document.objects.get(pk=pk)
        if (body := rewritten(document.body, hosts)) != document.body:
            document.body = body  # type: ignore[assignment]
            document.save()
            yield document
    for page in Page.objects.filter(cited).order_by("pk"):
        if (body := rewritten(page.body, hosts)) != page.body:
            page.body = body  # type: ignore[assignment]
            page.save()
            yield page


def rewritten(html: str, hosts: set[str]) -> str:
    return HREF.sub(lambda match: _new(match[1], hosts), html)


def _new(href: str, hosts: set[str]) -> str:
    """The address here of one of the old site; the same when it has none."""
    address = unescape(href)
    if host_of(address) not in hosts:
        return href
    parts = urlsplit(address)
    if parts.path in ("", "/") and not parts.query:
        return "/"
    if found := redirects.target_of(parts.path, parts.query):
        return escape(found)
    return escape(parts.path) if redirects.answered(parts.path) and not parts.query else href
