"""The demonstration's accounts, and that production refuses them."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from resources.demo import accounts
from trajectoire.core.models import TRAINERS, User
from trajectoire.core.roles import LIBRARIAN


@pytest.fixture
def loaded(db):
    return accounts.load()


def test_one_account_for_each_role(loaded):
    assert loaded == 5
    groups = Group.objects.filter(user__isnull=False).values_list("name", flat=True)
    assert len(set(groups)) == 4
    assert User.objects.get(is_superuser=True).email == "admin@example.org"


def test_trainer_is_not_staff(loaded):
    trainer = User.objects.get(groups__name=TRAINERS)
    assert not trainer.is_staff


def test_documentalist_may_write(loaded):
    person = User.objects.get(groups__name=LIBRARIAN)
    assert person.is_staff
    assert person.has_perms(["resources.add_document", "resources.change_document", "network.change_theme"])
    assert not person.has_perm("core.change_user")


def test_password_opens_each_account(loaded):
    assert all(user.check_password(accounts.PASSWORD) for user in User.objects.all())


def test_existing_account_keeps_its_password(loaded):
    admin = User.objects.get(email="admin@example.org")
    admin.set_password("un autre mot de passe")
    admin.save()
    assert accounts.load() == 0
    admin.refresh_from_db()
    assert admin.check_password("un autre mot de passe")


def test_reminder_names_each_account(capsys):
    call_command("load_demo", accounts=True)
    said = capsys.readouterr().out
    assert all(account.email in said for account in accounts.ACCOUNTS)
    assert accounts.PASSWORD in said


def test_production_refuses_the_demonstration(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_reference_data_are_asked_for_first(db):
    with pytest.raises(CommandError, match="load_reference"):
        call_command("load_demo")
