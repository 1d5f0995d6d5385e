"""People of each kind. Roles are groups; only trainers and staff log in."""

import itertools
import time
from typing import Any

from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY as RECORDS_OF
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth.models import Group
from django.test import Client

from trajectoire.core.models import PARTNERS, TRAINERS, User
from trajectoire.core.roles import LIBRARIAN, load_roles

_numbers = itertools.count(1)
PASSWORD = "un mot de passe bien long"


def user(email: str = "", **fields: Any) -> User:
    """An account without any role."""
    return User.objects.create_user(email or f"personne{next(_numbers)}@example.org", PASSWORD, **fields)


def open_session(client: Client, user: User, *, by_factor: bool = True, age: int = 0) -> None:
    """Log in without the forms, `age` seconds ago: by password, and by a second factor unless told otherwise."""
    client.force_login(user)
    session = client.session
    then = time.time() - age
    records = [{"method": "password", "at": then, "reauthenticated": True}]
    records += [{"method": "mfa", "type": "totp", "at": then}] if by_factor else []
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[RECORDS_OF] = str(user.pk)
    session.save()


def trainer() -> User:
    made = user()
    made.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
    return made


def partner() -> User:
    made = user()
    made.groups.add(Group.objects.get_or_create(name=PARTNERS)[0])
    return made


def former_trainer() -> User:
    """A trainer on leave: the account is open, the role is gone."""
    made = trainer()
    made.groups.clear()
    return made


def in_role(name: str) -> User:
    """Staff with a role, as the command gives it."""
    load_roles()
    made = user(is_staff=True)
    made.groups.add(Group.objects.get(name=name))
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
