"""The list of documents: facets, the sentence above it, what to try when it is empty."""

from functools import lru_cache
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from network import vocabulary
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


def _theme_choices(counts: dict[str, int]) -> list[Choice]:
    words = vocabulary.current()
    return [
        Choice(t.slug, t.short_name or t.name, tuple(Choice(c.slug, c.name) for c in words.children_of_theme(t.slug)))
        for t in words.top_themes()
    ]


def _territory_choices(counts: dict[str, int]) -> list[Choice]:
    """Departments; under each, the places inside it that have documents."""
    words = vocabulary.current()
    inside: dict[str, list[Choice]] = {}
    for code in counts:
        territory = words.territory_by_code.get(code)
        if territory and territory.department_code and territory.kind not in ("departement", "region"):
            inside.setdefault(territory.department_code, []).append(Choice(code, territory.name))
    return [
        Choice(d.code, d.name, tuple(sorted(inside.get(d.code, []), key=lambda choice: choice.label)))
        for d in words.departments()
    ]


def _audience_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(slug, a.name) for slug, a in vocabulary.current().audience_by_slug.items()]


def _year_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(year, year) for year in sorted(counts, reverse=True)]


def _collection_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(slug, c.name) for slug, c in collections().items()]


def _mark(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)


def _joined(parts: list[str], last: str = " et ") -> SafeString:
    marked = [_mark(part) for part in parts]
    if len(marked) < 2:
        return marked[0] if marked else mark_safe("")
    return format_html("{}{}{}", format_html_join(", ", "{}", ((m,) for m in marked[:-1])), last, marked[-1])


def located(code: str) -> str:
    """« dans le Doubs », « à Besançon »; an unknown code is shown as it is."""
    territory = vocabulary.current().territory_by_code.get(code)
    return territory.located if territory else f"sur le territoire {code}"


def _chosen_types(state: State) -> list[DocumentType]:
    return [types()[slug] for slug in state.chosen.get("type", []) if slug in types()]


def _nouns(state: State, total: int) -> SafeString:
    chosen = _chosen_types(state)
    if not chosen:
        return _mark(plural(total, "document", "documents") if total else "Aucun document")
    if total == 0:
        return _mark("Aucun document")
    names = [t.name if total < 2 else t.plural for t in chosen]
    first, rest = plural(total, names[0], names[0]), names[1:]
    return _joined([first, *rest], " et " if total > 1 else " ou ")


def sentence(state: State, total: int) -> SafeString:
    """« 12 synthèses sur « Éducation » dans le Doubs, les plus récents d’abord »."""
    words = vocabulary.current()
    parts = [_nouns(state, total)]
    if state.q:
        parts.append(format_html("pour {}", _mark(f"« {state.q} »")))
    themes = [words.theme_by_slug[s].name for s in state.chosen.get("theme", []) if s in words.theme_by_slug]
    if themes:
        parts.append(format_html("sur {}", _joined([f"« {name} »" for name in themes], " ou ")))
    if places := state.chosen.get("territory"):
        parts.append(_joined([located(code) for code in places], " ou "))
    audiences = [words.audience_by_slug[s].name for s in state.chosen.get("audience", []) if s in words.audience_by_slug]
    if audiences:
        parts.append(format_html("pour {}", _joined(audiences, " ou ")))
    if years := state.chosen.get("year"):
        parts.append(format_html("de {}", _joined(years, " ou ")))
    if series := [collections()[s].name for s in state.chosen.get("collection", []) if s in collections()]:
        parts.append(format_html("dans {}", _joined([f"« {name} »" for name in series], " ou ")))
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
        Facet("theme", "theme", "Thème", _theme_choices),
        Facet("territory", "territoire", "Territoire", _territory_choices),
        Facet("audience", "public", "Public", _audience_choices, open=False),
        Facet("year", "annee", "Année", _year_choices, open=False),
        Facet("collection", "collection", "Collection", _collection_choices, open=False),
    ),
    cards=cards_of,
    sentence=sentence,
    access=allowed_access,
    faces=FACES,
    sorts=("date", "ajout", "titre"),
)
