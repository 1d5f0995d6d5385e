"""The accounts of the demonstration: one for each role. They never exist in production."""

from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from trajectoire.core import joining
from trajectoire.core.models import TRAINERS, User
from trajectoire.core.roles import LIBRARIAN, NETWORK, VRL, load_roles
from trajectoire.core.text import NBSP

PASSWORD = "demo-trajectoire"  # noqa: S105 (shown to whoever starts the demonstration)

FACTOR = "Le second facteur, exigé de l’équipe sur un vrai site, n’est ici que proposé (« Mon compte »)."


class Account(NamedTuple):
    email: str
    name: str
    group: str = ""

    @property
    def role(self) -> str:
        return {TRAINERS: "formatrice, espace réservé", "": "tous les droits"}.get(self.group, self.group)


ACCOUNTS = [
    Account("formatrice@example.org", "Fatima, formatrice", TRAINERS),
    Account("documentaliste@example.org", "Camille, documentaliste", LIBRARIAN),
    Account("animation@example.org", "Dominique, animation du réseau", NETWORK),
    Account("coordination@example.org", "Maxime, coordination VRL", VRL),
    Account("admin@example.org", "Administration"),
]


@transaction.atomic
def load() -> int:
    """Create the accounts that are missing; one that exists keeps its password and its rights."""
    load_roles()
    known = set(User.objects.values_list("email", flat=True))
    missing = [account for account in ACCOUNTS if account.email not in known]
    password = make_password(PASSWORD) if missing else ""  # slow on purpose: once for all
    for account in missing:
        create(account, password)
    return len(missing)


def create(account: Account, password: str) -> None:
    user = User.objects.create(
        email=account.email,
        name=account.name,
        password=password,
        is_staff=account.group != TRAINERS,
        is_superuser=not account.group,
    )
    if account.group:
        user.groups.add(Group.objects.get(name=account.group))
        joining.joined(user)


def reminder() -> str:
    """The addresses, what each may do, and the password."""
    width = max(len(account.email) for account in ACCOUNTS)
    lines = [f"  {account.email:<{width}}  {account.role}" for account in ACCOUNTS]
    return "\n".join(
        [
            f"Comptes de démonstration, mot de passe {PASSWORD}{NBSP}:",
            *lines,
            FACTOR,
            "Pour lire le site, aucun compte n’est nécessaire.",
        ]
    )
