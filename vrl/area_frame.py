"""What every page of the area has around it: its parts, where one is, who reads."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from trajectoire.core.views import breadcrumb

from .access import trainer_of

# (what people read, name of the address, for trainers alone)
PARTS = [
    ("Tableau de bord", "vrl:space", False),
    ("Sessions", "vrl:my_sessions", False),
    ("Besoins", "vrl:needs", False),
    ("Kit", "vrl:kit", False),
    ("Annuaire", "vrl:trainers", False),
    ("Échanges", "vrl:exchanges", False),
    ("Mon profil", "vrl:profile", True),
]
HOME = "Espace formateurs"


def frame(request: HttpRequest, current: str, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """The context that templates/vrl/area/base.html needs. `current` names the part of the page, « vrl:kit »; `crumbs` are what
    follows the area in the breadcrumb, the last one without an address."""
    trainer = trainer_of(request.user)
    root = (HOME, reverse("vrl:space") if crumbs else "")
    return {
        "area_parts": [
            {"label": label, "url": reverse(name), "current": name == current} for label, name, own in PARTS if trainer or not own
        ],
        "trainer": trainer,
        "breadcrumb": breadcrumb(("Laïcité · VRL", reverse("vrl:index")), root, *crumbs),
    }
