"""The list of the directory: facets, the sentence above it, what to try when it is empty."""

from urllib.parse import urlencode

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trajectoire.core.listing import Choice, Facet, Listing, State
from trajectoire.core.search.declarations import PUBLIC
from trajectoire.core.text import plural

from .. import vocabulary
from ..facets import audience_choices, joined, marked, subjects, territory_choices, theme_choices
from ..models import Initiative, OrganisationKind, PersonKind
from .cards import cards_of
from .faces import FACES

ORDER = {
    "date": "les plus récemment confirmées d’abord",
    "ajout": "les dernières inscrites d’abord",
    "titre": "par ordre alphabétique",
    "pertinence": "les plus proches d’abord",
}
EVERYTHING = "structures, personnes et initiatives"
# Values of the facet « nature »: (one, several).
NATURES = {
    "structures": ("structure", "structures"),
    OrganisationKind.STATE: ("service de l’État", "services de l’État"),
    OrganisationKind.AGENCY: ("agence nationale", "agences nationales"),
    OrganisationKind.AUTHORITY: ("collectivité", "collectivités"),
    OrganisationKind.CCAS: ("CCAS", "CCAS"),
    OrganisationKind.LANDLORD: ("bailleur social", "bailleurs sociaux"),
    OrganisationKind.ASSOCIATION: ("association", "associations"),
    OrganisationKind.POPULAR_EDUCATION: ("fédération d’éducation populaire", "fédérations d’éducation populaire"),
    OrganisationKind.SOCIAL_CENTRE: ("centre social ou MJC", "centres sociaux et MJC"),
    OrganisationKind.LOCAL_MISSION: ("mission locale", "missions locales"),
    OrganisationKind.NEIGHBOURHOOD_BOARD: ("régie de quartier", "régies de quartier"),
    OrganisationKind.SCHOOL: ("établissement scolaire", "établissements scolaires"),
    OrganisationKind.HEALTH: ("structure de santé", "structures de santé"),
    OrganisationKind.UNIVERSITY: ("université", "universités"),
    OrganisationKind.CONSULTANT: ("bureau d’études", "bureaux d’études"),
    OrganisationKind.CITIZENS_COUNCIL: ("conseil citoyen", "conseils citoyens"),
    OrganisationKind.COMPANY: ("entreprise", "entreprises"),
    "personnes": ("personne", "personnes"),
    PersonKind.EXPERT: ("experte ou expert", "expertes et experts"),
    PersonKind.OPERATOR: ("opératrice ou opérateur", "opératrices et opérateurs"),
    "initiatives": ("initiative", "initiatives"),
    Initiative.Status.ONGOING: ("initiative en cours", "initiatives en cours"),
    Initiative.Status.ENDED: ("initiative terminée", "initiatives terminées"),
}
INSIDE: dict[str, type[TextChoices]] = {"structures": OrganisationKind, "personnes": PersonKind, "initiatives": Initiative.Status}


def _label(value: str) -> str:
    many = NATURES[value][1]
    return many[:1].upper() + many[1:]


def _nature_choices(counts: dict[str, int]) -> list[Choice]:
    return [
        Choice(family, _label(family), tuple(Choice(value, _label(value)) for value in kinds.values))
        for family, kinds in INSIDE.items()
    ]


def _offer_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(slug, name) for slug, name in vocabulary.current().offer_by_slug.items()]


def _nouns(state: State, total: int) -> SafeString:
    """« 12 associations et centres sociaux », « Aucune structure, personne ou initiative »."""
    chosen = [NATURES[value] for value in state.chosen.get("nature", []) if value in NATURES]
    if not total:
        return marked("Aucune structure, personne ou initiative" if not chosen else "Aucun résultat")
    if not chosen:
        return marked(plural(total, "structure, personne ou initiative", EVERYTHING))
    names = [one if total < 2 else many for one, many in chosen]
    return joined([plural(total, names[0], names[0]), *names[1:]], " et " if total > 1 else " ou ")


def sentence(state: State, total: int) -> SafeString:
    """« 12 associations sur « Éducation » dans le Doubs, par ordre alphabétique »."""
    parts = [_nouns(state, total), *subjects(state)]
    offers = vocabulary.current().offer_by_slug
    if chosen := [offers[slug] for slug in state.chosen.get("offer", []) if slug in offers]:
        parts.append(format_html("pour {}", joined([name[:1].lower() + name[1:] for name in chosen], " ou ")))
    text = format_html_join(" ", "{}", ((part,) for part in parts))
    return format_html("{}, {}", text, ORDER[state.sort]) if total > 1 else text


def wider(state: State) -> list[dict[str, str]]:
    """What to try when nothing was found: each filter taken off, then all of them."""
    first = [(facet, state.chosen[facet.name][0]) for facet in state.listing.facets if state.chosen.get(facet.name)]
    proposals = [
        {"label": f"Retirer le filtre « {facet.label.lower()} »", "url": state.url(without=(facet.name, value))}
        for facet, value in first
    ]
    if state.q and state.chosen:
        url = f"{state.path}?{urlencode({'q': state.q})}"
        proposals.append({"label": f"Chercher « {state.q} » dans tout l’annuaire", "url": url})
    return [*proposals, {"label": "Voir tout l’annuaire", "url": state.path}]


def links() -> list[tuple[str, str]]:
    """What the plan du site says of the directory: [(label, address)]."""
    here = reverse("network:directory")
    families = [(_label(family), f"{here}?nature={family}") for family in INSIDE]
    return [
        *families,
        ("Proposer une structure", reverse("network:directory_propose")),
        ("Proposer une initiative", reverse("network:directory_propose_initiative")),
    ]


def everyone(user: object) -> frozenset[str]:
    """All of the directory is public: what is not published is in no list."""
    return frozenset({PUBLIC})


DIRECTORY = Listing(
    name="reseau",
    kinds=("organisation", "person", "initiative"),
    title="Réseau",
    url_name="network:directory",
    facets=(
        Facet("nature", "nature", "Nature", _nature_choices),
        Facet("theme", "theme", "Thème", theme_choices),
        Facet("territory", "territoire", "Territoire", territory_choices),
        Facet("offer", "propose", "Ce qui est proposé", _offer_choices),
        Facet("audience", "public", "Public", audience_choices, open=False),
    ),
    cards=cards_of,
    sentence=sentence,
    access=everyone,
    faces=FACES,
    default_sort="titre",
    sorts=("date", "ajout", "titre"),
    announced=("initiative",),
)
