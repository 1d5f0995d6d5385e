"""What lists filtered by theme, territory or audience share: the choices of these facets, and the words of the sentence."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from trajectoire.core.listing import Choice, State

from . import vocabulary


def theme_choices(counts: dict[str, int]) -> list[Choice]:
    """General themes, each with those it holds."""
    words = vocabulary.current()
    return [
        Choice(t.slug, t.label, tuple(Choice(c.slug, c.name) for c in words.children_of_theme(t.slug)))
        for t in words.top_themes()
    ]


def territory_choices(counts: dict[str, int]) -> list[Choice]:
    """Departments; under each, the places inside it that have something."""
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


def audience_choices(counts: dict[str, int]) -> list[Choice]:
    return [Choice(slug, a.name) for slug, a in vocabulary.current().audience_by_slug.items()]


def located(code: str) -> str:
    """« dans le Doubs », « à Besançon »; an unknown code is shown as it is."""
    territory = vocabulary.current().territory_by_code.get(code)
    return territory.located if territory else f"sur le territoire {code}"


def marked(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)


def joined(parts: Sequence[str], last: str = " et ") -> SafeString:
    """« a, b et c », each marked."""
    marks = [marked(part) for part in parts]
    if len(marks) < 2:
        return marks[0] if marks else mark_safe("")
    return format_html("{}{}{}", format_html_join(", ", "{}", ((m,) for m in marks[:-1])), last, marks[-1])


def subjects(state: State) -> list[SafeString]:
    """What the words, themes, places and audiences chosen say: [« sur « Santé » », « dans le Doubs », …]."""
    words = vocabulary.current()
    parts = [format_html("pour {}", marked(f"« {state.q} »"))] if state.q else []
    if themes := [words.theme_by_slug[s].name for s in state.chosen.get("theme", []) if s in words.theme_by_slug]:
        parts.append(format_html("sur {}", joined([f"« {name} »" for name in themes], " ou ")))
    if places := state.chosen.get("territory"):
        parts.append(joined([located(code) for code in places], " ou "))
    if audiences := [words.audience_by_slug[s].name for s in state.chosen.get("audience", []) if s in words.audience_by_slug]:
        parts.append(format_html("pour {}", joined(audiences, " ou ")))
    return parts
