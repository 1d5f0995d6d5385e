"""The list of situations: facet, sentence, feed, spreadsheets, JSON."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from network import vocabulary
from network.facets import marked, subjects
from trajectoire.core import search
from trajectoire.core.faces import Column, Faces, FeedEntry
from trajectoire.core.listing import Choice, Facet, Listing, State
from trajectoire.core.prose import plain
from trajectoire.core.search.declarations import PUBLIC
from trajectoire.core.text import plural

from .situation import Situation
from .situation_cards import cards_of, load

THEME = "laicite"
ORDER = {
    "date": "les plus récemment relues d’abord",
    "ajout": "les dernières mises en ligne d’abord",
    "titre": "par ordre alphabétique",
    "pertinence": "les plus proches d’abord",
}


def _theme_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(theme.slug, theme.name) for theme in vocabulary.current().children_of_theme(THEME)]


def sentence(state: State, total: int) -> SafeString:
    """« 4 questions sur « Restauration collective », par ordre alphabétique »."""
    nouns = marked(plural(total, "question", "questions") if total else "Aucune question")
    text = format_html_join(" ", "{}", ((part,) for part in (nouns, *subjects(state))))
    return format_html("{}, {}", text, ORDER[state.sort]) if total > 1 else text


def wider(state: State) -> list[dict[str, str]]:
    """What to try when nothing was found: [{label, url}]."""
    first = [(facet, state.chosen[facet.name][0]) for facet in state.listing.facets if state.chosen.get(facet.name)]
    fewer = [
        {"label": f"Retirer le filtre «\u00a0{facet.label.lower()}\u00a0»", "url": state.url(without=(facet.name, value))}
        for facet, value in first
    ]
    return [*fewer, {"label": "Voir toutes les questions", "url": state.path}]


def loaded(keys: "Sequence[search.Key]", access: frozenset[str]) -> list[Situation]:
    return load(keys)


def _url(situation: Situation) -> str:
    return settings.SITE_URL + situation.get_absolute_url()


def _sources(situation: Situation) -> str:
    return "\u202f; ".join(source.title for source in situation.sources.all())


COLUMNS = (
    Column("Question", lambda situation: situation.question),
    Column("Réponse en une phrase", lambda situation: situation.summary),
    Column("Thème", lambda situation: situation.theme.name if situation.theme else ""),
    Column("La situation", lambda situation: plain(situation.happens)),
    Column("Ce que dit le droit", lambda situation: plain(situation.law)),
    Column("Ce que l’on peut faire", lambda situation: plain(situation.can_do)),
    Column("Sources", _sources),
    Column("À jour au", lambda situation: situation.up_to_date_on),
    Column("Validée par le centre", lambda situation: "oui" if situation.validated else "non"),
    Column("Adresse", _url),
)


def record(situation: Situation) -> dict[str, Any]:
    """A situation in export.json: every name is always there; what is unknown is empty or null."""
    theme = situation.theme
    return {
        "id": f"situation/{situation.pk}",
        "url": _url(situation),
        "question": situation.question,
        "answer": situation.summary,
        "theme": {"code": theme.slug, "label": theme.name} if theme else None,
        "situation": plain(situation.happens),
        "law": plain(situation.law),
        "can_do": plain(situation.can_do),
        "sources": [{"title": one.title, "url": one.url, "date": one.dated_on} for one in situation.sources.all()],
        "up_to_date": situation.up_to_date_on,
        "validated": situation.validated,
        "published": situation.published_at,
        "updated": situation.updated_at,
    }


def feed_entry(situation: Situation) -> FeedEntry:
    theme = situation.theme
    return FeedEntry(
        key=f"situation/{situation.pk}",
        title=situation.question,
        url=situation.get_absolute_url(),
        published=situation.published_at or situation.created_at,
        updated=situation.updated_at,
        summary=situation.summary,
        categories=[(theme.slug, theme.name)] if theme else [],
    )


def everyone(user: object) -> frozenset[str]:
    return frozenset({PUBLIC})


SITUATIONS = Listing(
    name="situations",
    kinds=(Situation.search_kind,),
    title="Situations de laïcité",
    url_name="vrl:situations",
    facets=(Facet("theme", "theme", "Thème", _theme_choices, shown=12),),
    cards=cards_of,
    sentence=sentence,
    access=everyone,
    faces=Faces(load=loaded, columns=COLUMNS, record=record, entry=feed_entry),
    default_sort="titre",
    sorts=("date", "ajout", "titre"),
)
