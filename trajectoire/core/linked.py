"""schema.org in JSON-LD: data in a script element, which no browser runs and no policy blocks."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

CONTEXT = "https://schema.org"
ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def script(*things: dict[str, Any]) -> SafeString:
    """The element with these things; nothing in their texts can end it."""
    graph = [_filled(thing) for thing in things if thing]
    if not graph:
        return mark_safe("")
    written = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(f'<script type="application/ld+json">{written.translate(ESCAPED)}</script>')


def _filled(value: Any) -> Any:
    """The same without what is empty."""
    if isinstance(value, dict):
        return {key: _filled(part) for key, part in value.items() if part not in ("", None, [], {})}
    return [_filled(part) for part in value] if isinstance(value, list) else value


def organization() -> dict[str, Any]:
    """The centre."""
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#centre",
        "name": "Trajectoire Ressources",
        "description": "Centre de ressources politique de la ville en Bourgogne-Franche-Comté.",
        "url": f"{settings.SITE_URL}/",
        "areaServed": {"@type": "AdministrativeArea", "name": "Bourgogne-Franche-Comté"},
    }


def breadcrumbs(steps: list[dict[str, str]], here: str) -> dict[str, Any]:
    """The way from the home page to the page at `here`; `steps` as core.views.breadcrumb gives them."""
    items = [
        {"@type": "ListItem", "position": rank, "name": step["label"], "item": settings.SITE_URL + (step["url"] or here)}
        for rank, step in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}
