"""Sets: the documents of a type, of a theme (with those below it), of a collection."""

from django.db.models import Q

from network import vocabulary

from ..listings import collections, types

GROUPS = {"type": "Par type", "theme": "Par thème", "collection": "Par collection"}


def every_set() -> list[tuple[str, str]]:
    """[(setSpec, setName)]; a group is the set of all it holds."""
    themes = vocabulary.current().theme_by_slug
    members = {
        "type": [(slug, str(kind)) for slug, kind in types().items()],
        "theme": [(slug, theme.name) for slug, theme in themes.items()],
        "collection": [(slug, series.name) for slug, series in collections().items()],
    }
    found = []
    for group, label in GROUPS.items():
        found += [(group, label), *((f"{group}:{slug}", name) for slug, name in members[group])]
    return found


def condition(spec: str) -> Q:
    """The documents of a set; none for a set that does not exist."""
    group, _, slug = spec.partition(":")
    if group not in GROUPS:
        return Q(pk__in=[])
    if not slug:
        return {"type": Q(), "theme": Q(themes__isnull=False), "collection": Q(collection__isnull=False)}[group]
    if group == "theme":
        return Q(themes__slug=slug) | Q(themes__parent__slug=slug)
    return Q(**{f"{group}__slug": slug})
