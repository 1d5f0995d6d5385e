"""The list of documents: facets, the sentence above it, what to try when it is empty."""

from functools import lru_cache
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from network import vocabulary
from network.facets import audience_choices, joined, marked, subjects, territory_choices, theme_choices
from trajectoire.core.listing import Choice, Facet, Listing, State
from trajectoire.core.text import plural

from .access import allowed_access
from .cards import cards_of
from .faces import FACES
from .models import KIND, Collection, DocumentType

ORDER = {
    "date": "les plus récents d’abord",
    "ajout": "les derniers mis en ligne d’abord",
    "titre": "par ordre alphabétique",
    "pertinence": "les plus proches d’abord",
}
FEMININE_ORDER = ORDER | {"date": "les plus récentes d’abord", "ajout": "les dernières mises en ligne d’abord"}


@lru_cache(maxsize=2)
def _types(version: int) -> dict[str, DocumentType]:
    return {t.slug: t for t in DocumentType.objects.all()}


@lru_cache(maxsize=2)
def _collections(version: int) -> dict[str, Collection]:
    return {c.slug: c for c in Collection.objects.all()}


def types() -> dict[str, DocumentType]:
    return _types(vocabulary.current().version)


def collections() -> dict[str, Collection]:
    return _collections(vocabulary.current().version)


def _type_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(slug, str(t)) for slug, t in types().items()]


def _year_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(year, year) for year in sorted(counts, reverse=True)]


def _collection_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(slug, c.name) for slug, c in collections().items()]


def _chosen_types(state: State) -> list[DocumentType]:
    return [types()[slug] for slug in state.chosen.get("type", []) if slug in types()]


def _nouns(state: State, total: int) -> SafeString:
    chosen = _chosen_types(state)
    if not chosen:
        return marked(plural(total, "document", "documents") if total else "Aucun document")
    if total == 0:
        return marked("Aucun document")
    names = [t.name if total < 2 else t.plural for t in chosen]
    first, rest = plural(total, names[0], names[0]), names[1:]
    return joined([first, *rest], " et " if total > 1 else " ou ")


def sentence(state: State, total: int) -> SafeString:
    """« 12 synthèses sur « Éducation » dans le Doubs, les plus récents d’abord »."""
    parts = [_nouns(state, total), *subjects(state)]
    if years := state.chosen.get("year"):
        parts.append(format_html("de {}", joined(years, " ou ")))
    if series := [collections()[s].name for s in state.chosen.get("collection", []) if s in collections()]:
        parts.append(format_html("dans {}", joined([f"« {name} »" for name in series], " ou ")))
    text = format_html_join(" ", "{}", ((part,) for part in parts))
    nouns = _chosen_types(state)
    order = FEMININE_ORDER if nouns and all(noun.feminine for noun in nouns) else ORDER
    return format_html("{}, {}", text, order[state.sort]) if total > 1 else text


def wider(state: State) -> list[dict[str, str]]:
    """What to try when nothing was found: each filter taken off, then all of them."""
    proposals = []
    for facet in state.listing.facets:
        for value in state.chosen.get(facet.name, []):
            proposals.append(
                {"label": f"Retirer le filtre « {facet.label.lower()} »", "url": state.url(without=(facet.name, value))}
            )
            break
    if state.q and state.chosen:
        proposals.append(
            {"label": f"Chercher « {state.q} » dans toutes les ressources", "url": f"{state.path}?{urlencode({'q': state.q})}"}
        )
    return [*proposals, {"label": "Voir toutes les ressources", "url": state.path}]


DOCUMENTS = Listing(
    name="ressources",
    kinds=(KIND,),
    title="Ressources",
    url_name="resources:list",
    facets=(
        Facet("type", "type", "Type", _type_choices),
        Facet("theme", "theme", "Thème", theme_choices),
        Facet("territory", "territoire", "Territoire", territory_choices),
        Facet("audience", "public", "Public", audience_choices, open=False),
        Facet("year", "annee", "Année", _year_choices, open=False),
        Facet("collection", "collection", "Collection", _collection_choices, open=False),
    ),
    cards=cards_of,
    sentence=sentence,
    access=allowed_access,
    faces=FACES,
    sorts=("date", "ajout", "titre"),
)
