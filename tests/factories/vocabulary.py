"""A small vocabulary with the real codes: enough to show what a facet, a parent or a container does."""

from network.models import Audience, Territory, Theme
from resources.models import Collection, DocumentType
from trajectoire.core.models import Page, SiteVersion
from trajectoire.core.pages import PAGES, VRL

TYPES = [
    ("synthese", "synthèse", "synthèses", True),
    ("fiche-experience", "fiche expérience", "fiches expérience", True),
    ("lettre-information", "lettre d’information", "lettres d’information", True),
    ("note", "note", "notes", True),
    ("guide", "guide", "guides", False),
    ("ouvrage", "ouvrage", "ouvrages", False),
]
THEMES = [
    ("education", "Éducation et réussite éducative", "Éducation", ""),
    ("sante", "Santé", "", ""),
    ("mobilites", "Mobilités", "", ""),
    ("laicite", "Citoyenneté, valeurs de la République, laïcité", "Laïcité", ""),
    ("espace-public", "Espace public", "", "laicite"),
    ("restauration-collective", "Restauration collective", "", "laicite"),
]
AUDIENCES = [("elus", "élus et élues"), ("associations", "associations"), ("grand-public", "grand public")]
TERRITORIES = [
    ("27", "region", "Bourgogne-Franche-Comté", ""),
    ("25", "departement", "Doubs", "27"),
    ("21", "departement", "Côte-d’Or", "27"),
    ("242500361", "epci", "Grand Besançon Métropole", "25"),
    ("25056", "commune", "Besançon", "242500361"),
    ("21231", "commune", "Dijon", "21"),
    ("QN02503M", "qpv", "Planoise", "25056"),
]
COLLECTIONS = [("lettre-information", "Lettre d’information", "2109-5582"), ("cetavou", "CETAVOU", "")]


def make() -> None:
    """Types, themes, audiences, territories, collections and the pages of the site, in few queries."""
    DocumentType.objects.bulk_create(
        DocumentType(slug=slug, name=name, plural=plural, feminine=feminine, order=order)
        for order, (slug, name, plural, feminine) in enumerate(TYPES)
    )
    Collection.objects.bulk_create(
        Collection(slug=slug, name=name, issn=issn, order=order) for order, (slug, name, issn) in enumerate(COLLECTIONS)
    )
    Audience.objects.bulk_create(Audience(slug=slug, name=name, order=order) for order, (slug, name) in enumerate(AUDIENCES))
    _themes()
    _territories()
    Page.objects.bulk_create(Page(slug=slug, title=f"Page {slug}", body="<p>Un texte.</p>") for slug in [*PAGES, VRL] if slug)
    SiteVersion.bump()


def _themes() -> None:
    made: dict[str, Theme] = {}
    for above in (True, False):
        rows = [
            Theme(slug=slug, name=name, short_name=short_name, order=order, parent=made.get(parent))
            for order, (slug, name, short_name, parent) in enumerate(THEMES)
            if above == (not parent)
        ]
        made |= {theme.slug: theme for theme in Theme.objects.bulk_create(rows)}


def _territories() -> None:
    made: dict[str, Territory | None] = {"": None}
    while waiting := [row for row in TERRITORIES if row[0] not in made and row[3] in made]:
        rows = [
            Territory(
                code=code, kind=kind, name=name, parent=made[parent], has_page=True, generation=2024 if kind == "qpv" else None
            )
            for code, kind, name, parent in waiting
        ]
        for row in rows:
            row.complete()
        made |= {row.code: row for row in Territory.objects.bulk_create(rows)}
    made["242500361"].departments.add(made["25"])
    made["QN02503M"].communes.add(made["25056"])
