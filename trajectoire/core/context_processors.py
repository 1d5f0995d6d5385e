"""What every template may count on."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

NAVIGATION = [
    ("Ressources", "resources:list"),
    ("Agenda", "events:list"),
    ("Réseau", "network:directory"),
    ("Territoires", "network:territory_list"),
    ("Laïcité · VRL", "vrl:index"),
    ("La structure", "la-structure"),
]
# Stays « non conforme » until an audit of the 106 criteria has been written down (see docs/accessibilite.md).
ACCESSIBILITY_STATUS = "non conforme"


def site(request: HttpRequest) -> dict:
    entries = [(label, reverse(name)) for label, name in NAVIGATION]
    return {
        "site": {"name": "Trajectoire Ressources", "url": settings.SITE_URL},
        "accessibility_status": ACCESSIBILITY_STATUS,
        "nav": [{"label": label, "url": url, "current": request.path.startswith(url)} for label, url in entries],
        "canonical": settings.SITE_URL + request.path,
    }
