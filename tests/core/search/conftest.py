"""An index of its own for each test, and one declared source: pages whose text holds an entry written in JSON."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from trajectoire.core import search
from trajectoire.core.models import Page
from trajectoire.core.search import declarations, engine, synonyms

KIND = "note"


def entry(page: Page) -> search.Entry | None:
    """A page whose lead is « brouillon » must not be found; one that says « panne » cannot be read."""
    if page.lead == "panne":
        raise ValueError("unreadable")
    if page.lead == "brouillon":
        return None
    given: dict[str, Any] = json.loads(page.body or "{}")
    given["pages"] = [search.PageText(*values) for values in given.get("pages", [])]
    for name, read in (("date", date), ("visible_from", datetime), ("ends", datetime)):
        given[name] = read.fromisoformat(given[name]) if given.get(name) else None
    return search.Entry(**{"pk": page.pk, "title": page.title, "url": f"/notes/{page.slug}/", **given})


def source(kind: str = KIND, **options) -> search.Source:
    return search.Source(kind=kind, label="Notes", queryset=Page.objects.order_by("pk").all, entry=entry, **options)


def write(title: str, lead: str = "", **given) -> Page:
    """A page stored as any app would store its object: the row and its change in one transaction."""
    slug = given.pop("slug", f"n{Page.objects.count()}-{abs(hash(title)) % 10**8}")
    [page] = Page.objects.bulk_create([Page(slug=slug, title=title[:150], lead=lead, body=json.dumps(given, default=str))])
    search.record_change(KIND, page.pk)
    return page


@pytest.fixture(autouse=True)
def index(settings, tmp_path, monkeypatch):
    """The folder of the index; only our source is declared, without synonyms."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    monkeypatch.setattr(declarations, "_sources", {KIND: source()})
    monkeypatch.setattr(synonyms, "_provider", [])
    synonyms.synonyms_at.cache_clear()
    engine.forget()
    yield settings.SEARCH_INDEX_DIR
    engine.forget()
    synonyms.synonyms_at.cache_clear()


@pytest.fixture
def titles() -> Callable[..., list[str]]:
    """The titles found for a text."""
    return lambda text="", **options: [hit.title for hit in search.query(search.Query(text=text, **options)).hits]
