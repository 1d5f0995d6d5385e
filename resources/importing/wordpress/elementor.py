"""The texts that Elementor keeps beside the content, for pages whose content it left empty."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any

DEEPEST = 50


def html_of(data: str) -> str:
    """The HTML of its widgets, in their order; nothing when it cannot be read."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    return "\n".join(_shown(tree, 0))


def _shown(node: Any, depth: int) -> Iterator[str]:
    if isinstance(node, list) and depth < DEEPEST:
        for child in node:
            yield from _shown(child, depth + 1)
    elif isinstance(node, dict) and depth < DEEPEST:
        settings = node.get("settings")
        if isinstance(settings, dict) and node.get("elType") == "widget":
            yield from _widget(settings)
        yield from _shown(node.get("elements"), depth + 1)


def _widget(settings: dict[str, Any]) -> Iterator[str]:
    """What a widget says: a heading, a text, an image, a button, panels."""
    address = _address(settings.get("link"))
    if title := _words(settings, "title", "title_text", "heading"):
        level = settings.get("header_size") if settings.get("header_size") in ("h1", "h2", "h3", "h4", "h5", "h6") else "h3"
        yield f"<{level}>{title}</{level}>"
    if image := _address(settings.get("image")):
        yield f'<p><img src="{escape(image)}" alt="{escape(str(settings["image"].get("alt", "")))}"></p>'
    if label := _words(settings, "text", "button_text"):
        yield f'<p><a href="{escape(address)}">{label}</a></p>' if address else f"<p>{label}</p>"
    for name in ("editor", "html", "description_text", "description", "testimonial_content"):
        if isinstance(value := settings.get(name), str) and value.strip():
            yield f"<div>{value}</div>"
    for name in ("youtube_url", "vimeo_url", "external_url"):
        if address := _address(settings.get(name)) or str(settings.get(name) or ""):
            yield f'<p><a href="{escape(address)}">Vidéo</a></p>'
    yield from _lists(settings)


def _lists(settings: dict[str, Any]) -> Iterator[str]:
    """What it shows several of: images, panels."""
    for name in ("gallery", "wp_gallery", "carousel"):
        yield from _pictures(settings.get(name))
    for name in ("tabs", "icon_list", "slides"):
        panels = settings.get(name)
        for panel in panels if isinstance(panels, list) else ():
            yield from _panel(panel) if isinstance(panel, dict) else ()


def _pictures(images: Any) -> Iterator[str]:
    for image in images if isinstance(images, list) else ():
        if address := _address(image):
            yield f'<p><img src="{escape(address)}" alt="{escape(str(image.get("alt") or ""))}"></p>'


def _panel(panel: dict[str, Any]) -> Iterator[str]:
    if title := _words(panel, "tab_title", "heading"):
        yield f"<h3>{title}</h3>"
    if content := panel.get("tab_content") or panel.get("description"):
        yield f"<div>{content}</div>"
    if label := _words(panel, "text"):
        address = _address(panel.get("link"))
        yield f'<p><a href="{escape(address)}">{label}</a></p>' if address else f"<p>{label}</p>"


def _words(settings: dict[str, Any], *names: str) -> str:
    found = next((settings[name] for name in names if isinstance(settings.get(name), str) and settings[name].strip()), "")
    return escape(found.strip(), quote=False)


def _address(value: Any) -> str:
    return str(value.get("url") or "") if isinstance(value, dict) else ""
