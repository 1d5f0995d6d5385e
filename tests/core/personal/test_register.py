"""The register of processing: nothing about people that is not on it, and no delay that nothing applies."""

import pytest
from django.db import models

from trajectoire.core import retention
from trajectoire.core.invitation import Invitation
from trajectoire.core.personal import treatments as register
from trajectoire.core.personal.treatments import described, looks_personal, personal_fields, treatments, undeclared


def test_every_column_about_people_is_on_the_register():
    assert undeclared() == []


def test_column_that_no_treatment_holds_is_told(monkeypatch):
    monkeypatch.setattr(register, "_treatments", {})
    assert "core.User.email" in undeclared()


def test_every_delay_is_applied_by_a_rule():
    known = {rule.label for rule in retention.rules()}
    wrong = [one.title for one in treatments() if set(one.rules) - known or bool(one.rules) == one.lasting]
    assert wrong == []


def test_every_rule_ends_a_treatment():
    told = {label for one in treatments() for label in one.rules}
    about_words = {"Adresses introuvables", "Recherches sans résultat", "Tâches de fond terminées"}  # nobody is in them
    assert {rule.label for rule in retention.rules()} - told == about_words


def test_every_field_named_exists():
    for one in treatments():
        assert described(one)["data"], one.title


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (models.EmailField(), True),
        (models.GenericIPAddressField(), True),
        (models.CharField(name="contact_phone"), True),
        (models.TextField(name="authors"), True),
        (models.CharField(name="title"), False),
        (models.IntegerField(name="phone_calls"), False),
    ],
)
def test_what_looks_personal(column, expected):
    assert looks_personal(column) is expected


def test_accounts_count_and_other_links_do_not():
    assert looks_personal(Invitation._meta.get_field("invited_by"))
    assert not looks_personal(Invitation._meta.get_field("group"))


def test_name_counts_beside_an_address():
    from network.models import Initiative, Person

    assert {"name", "email", "phone"} <= personal_fields(Person)
    assert "name" not in personal_fields(Initiative)


def test_page_says_everything_declared(visitor, world):
    html = visitor.get("/donnees-personnelles/registre/").content.decode()
    for one in treatments():
        assert one.title in html
        assert one.kept in html
    assert "adresse e-mail" in html
