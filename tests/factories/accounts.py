"""People of each kind. Roles are groups; only trainers and staff log in."""

import itertools
from typing import Any

from django.contrib.auth.models import Group

from trajectoire.core.models import TRAINERS, User
from trajectoire.core.roles import LIBRARIAN, load_roles

_numbers = itertools.count(1)
PASSWORD = "un mot de passe bien long"


def user(email: str = "", **fields: Any) -> User:
    """An account without any role."""
    return User.objects.create_user(email or f"personne{next(_numbers)}@example.org", PASSWORD, **fields)


def trainer() -> User:
    made = user()
    made.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
    return made


def documentalist() -> User:
    """Staff with the role that keeps the library, as the command gives it."""
    load_roles()
    made = user(is_staff=True, name="Camille Documentaliste")
    made.groups.add(Group.objects.get(name=LIBRARIAN))
    return made


def powerless_staff() -> User:
    """Someone who enters the administration and may do nothing there."""
    return user(is_staff=True)


def administrator() -> User:
    return User.objects.create_superuser(f"admin{next(_numbers)}@example.org", PASSWORD)
