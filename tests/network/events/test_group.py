"""One person registers colleagues: each has her own row, her own mail, her own link."""

import re

import pytest
from django.core import mail

from network.events.models import Registration
from tests.factories import events
from tests.network.events.test_form import heading, page
from trajectoire.core import tokens

pytestmark = pytest.mark.usefixtures("world")
TWO = {"collegues": "2", "name_1": "Bob", "email_1": "bob@example.org", "name_2": "Cléo", "email_2": "cleo@example.org"}


def test_each_gets_a_mail_and_a_link_of_her_own(visitor, send):
    made = events.event(capacity=2)
    html = page(visitor, send(visitor, made, structure="MJC", newsletter="on", needs="rampe", **TWO))
    assert heading(html) == "2\u00a0places confirmées, 1\u00a0inscription en liste d’attente"
    rows = Registration.objects.order_by("pk")
    assert [(row.name, row.state, row.registered_by) for row in rows] == [
        ("Ada Lovelace", "confirmee", ""),
        ("Bob", "confirmee", "Ada Lovelace"),
        ("Cléo", "attente", "Ada Lovelace"),
    ]
    assert {(row.structure, row.status, row.department) for row in rows} == {("MJC", "elu", "25")}
    assert len({row.group for row in rows}) == len({row.form_key for row in rows}) == 1
    assert [row.needs for row in rows] == ["rampe", "", ""]
    assert [bool(row.newsletter_wording) for row in rows] == [True, False, False]
    ours = [one for one in mail.outbox if "inscription/" in one.body]
    assert {one.to[0] for one in ours} == {"ada@example.org", "bob@example.org", "cleo@example.org"}
    for row, sent in zip(rows, sorted(ours, key=lambda one: one.to), strict=True):
        [token] = re.findall(r"/inscription/([^/\s]+)/", sent.body)
        assert tokens.unsign("inscription", token) == [row.pk, 0]
        assert ("faite par Ada Lovelace" in sent.body) == bool(row.registered_by)


def test_everybody_confirmed_is_said_in_one_sentence(visitor, send):
    html = page(visitor, send(visitor, events.event(), **TWO))
    assert heading(html) == "3\u00a0places confirmées"
    assert "dans l’ordre du formulaire" not in html


def test_one_more_person_keeps_what_was_written(visitor, send):
    made = events.event()
    html = send(
        visitor, made, action="ajouter", collegues="1", name_1="Bob", email_1="pas une adresse", status=""
    ).content.decode()
    assert 'value="Ada Lovelace"' in html
    assert 'value="Bob"' in html
    assert 'name="name_2"' in html
    assert "Le formulaire n’a pas été envoyé" not in html
    assert not Registration.objects.exists()


def test_address_given_twice_is_told(visitor, send):
    response = send(visitor, events.event(), **TWO | {"email_2": "ADA@example.org"})
    assert response.status_code == 400
    assert "Cette adresse figure déjà plus haut" in response.content.decode()


def test_missing_colleague_is_told(visitor, send):
    response = send(visitor, events.event(), **TWO | {"name_1": "", "email_2": ""})
    html = response.content.decode()
    assert (response.status_code, Registration.objects.count()) == (400, 0)
    assert "Indiquez le prénom et le nom de cette personne." in html
    assert "Indiquez l’adresse e-mail" in html


def test_nobody_is_registered_when_a_place_is_missing_and_nobody_waits(visitor, send):
    made = events.event(capacity=2, waiting_list=False)
    response = send(visitor, made, **TWO)
    assert (response.status_code, Registration.objects.count(), len(mail.outbox)) == (400, 0, 0)


def test_colleague_already_registered_stays_as_she_is(visitor, send):
    made = events.event(capacity=2)
    events.registration(made, email="bob@example.org", name="Robert")
    html = page(visitor, send(visitor, made, **TWO))
    assert heading(html) == "1\u00a0place confirmée, 2\u00a0inscriptions en liste d’attente"
    assert Registration.objects.get(email_key="bob@example.org").name == "Robert"


@pytest.mark.parametrize(("asked", "shown"), [("50", 9), ("-1", 0), ("x", 0), ("999", 0), ("", 0)])
def test_number_of_people_is_bounded(visitor, asked, shown):
    made = events.event()
    html = visitor.get(f"/agenda/{made.slug}/inscription/", {"collegues": asked}).content.decode()
    assert html.count('name="name_') == shown
    assert ("Ajouter une personne" in html) == (shown < 9)


def test_application_is_personal(visitor, send):
    made = events.event(registering="candidature")
    assert "Ajouter une personne" not in visitor.get(f"/agenda/{made.slug}/inscription/").content.decode()
    send(visitor, made, **TWO)
    assert Registration.objects.count() == 1
