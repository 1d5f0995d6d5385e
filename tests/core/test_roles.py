"""Groups and their permissions: created once, added to, never taken away."""

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from trajectoire.core.models import TRAINERS
from trajectoire.core.roles import ADMINISTRATION, LIBRARIAN, NETWORK, ROLES, VRL, load_roles


def codenames(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_each_role_has_its_group(db):
    assert load_roles() > 60
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


def test_roles_open_what_they_should(db):
    load_roles()
    assert {"add_document", "delete_document", "change_collection", "add_organisation", "change_theme"} <= codenames(LIBRARIAN)
    assert "change_user" not in codenames(LIBRARIAN)
    assert {"change_document", "add_organisation"} <= codenames(NETWORK)
    assert "delete_document" not in codenames(VRL)
    assert {"add_user", "change_user", "delete_theme"} <= codenames(ADMINISTRATION)
    assert codenames(TRAINERS) == set()


def test_second_load_adds_nothing_and_keeps_what_staff_added(db, capsys):
    load_roles()
    group = Group.objects.get(name=VRL)
    group.permissions.add(Permission.objects.get(codename="delete_document"))
    call_command("load_roles")
    assert "0\u00a0ajout." in capsys.readouterr().out
    assert "delete_document" in codenames(VRL)


def test_missing_permission_comes_back(db):
    load_roles()
    Group.objects.get(name=VRL).permissions.clear()
    assert load_roles() == len(codenames(VRL)) > 0
