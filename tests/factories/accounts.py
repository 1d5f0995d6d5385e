"""People of each kind. Roles are groups; only trainers and staff log in."""

import itertools
from typing import Any

from django.contrib.auth.models import Group, Permission

from trajectoire.core.models import TRAINERS, User

_numbers = itertools.count(1)
PASSWORD = "un mot de passe bien long"
DOCUMENTALIST_MODELS = {
    "resources": ["document", "documentfile", "collection", "documenttype", "oldaddress"],
    "core": ["page"],
    "network": ["theme", "audience", "glossaryentry", "organisation"],
}


def user(email: str = "", **fields: Any) -> User:
    """An account without any role."""
    return User.objects.create_user(email or f"personne{next(_numbers)}@example.org", PASSWORD, **fields)


def trainer() -> User:
    made = user()
    made.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
    return made


def documentalist() -> User:
    """Staff who may do everything with the library, and nothing with accounts."""
    made = user(is_staff=True, name="Camille Documentaliste")
    for app, models in DOCUMENTALIST_MODELS.items():
        made.user_permissions.add(*Permission.objects.filter(content_type__app_label=app, content_type__model__in=models))
    return made


def powerless_staff() -> User:
    """Someone who enters the administration and may do nothing there."""
    return user(is_staff=True)


def administrator() -> User:
    return User.objects.create_superuser(f"admin{next(_numbers)}@example.org", PASSWORD)
