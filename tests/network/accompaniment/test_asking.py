"""Asking for help: the need, what may answer it, who asks; nothing is lost on the way."""

import datetime
import re

import pytest
from django.core import mail

from network.accompaniment.forms import NeedForm
from network.accompaniment.requests import HelpRequest
from network.models import Territory
from tests.factories.documents import document
from tests.network.accompaniment.conftest import NEED, WHO
from trajectoire.core import tokens

URL = "/accompagnement/"
pytestmark = pytest.mark.usefixtures("world")


def step_one(client, **changes):
    return client.post(URL, NEED | {"etape": "besoin"} | changes)


def test_first_step_asks_only_for_the_need(visitor):
    html = visitor.get(URL, {"lieu": "Planoise"}).content.decode()
    assert 'name="subject"' in html
    assert 'value="Planoise"' in html
    assert 'name="email"' not in html


def test_second_step_proposes_what_exists_before_asking_who(visitor):
    document(title="Créer et animer un conseil citoyen")
    document(title="Conseil citoyen réservé", access="formateurs")
    response = step_one(visitor)
    assert response.status_code == 200
    [group] = response.context["groups"]
    assert (group["label"], [hit.title for hit in group["hits"]]) == ("Ressources", ["Créer et animer un conseil citoyen"])
    html = response.content.decode()
    assert 'name="email"' in html
    assert '<input type="hidden" name="subject" value="Créer un conseil citoyen">' in html
    assert not HelpRequest.objects.exists()


def test_second_step_sums_up_the_first(visitor):
    rows = {row["label"]: row["value"] for row in step_one(visitor, themes=["sante"]).context["summary"]}
    assert rows == {"Besoin": "Créer un conseil citoyen", "Où": "Planoise", "Quand": "Dans le mois", "Thèmes": "Santé"}


def test_first_step_can_be_changed(visitor, send):
    response = send(visitor, etape="modifier")
    assert 'value="Créer un conseil citoyen"' in response.content.decode()
    assert not HelpRequest.objects.exists()


def test_request_is_stored_acknowledged_and_told_to_the_centre(visitor, send, settings):
    settings.CONTACT_EMAIL = "centre@example.fr"
    response = send(visitor, themes=["sante"])
    assert (response.status_code, response.headers["Location"]) == (302, "/accompagnement/merci/")
    stored = HelpRequest.objects.get()
    assert (stored.subject, stored.territory.code, stored.wanted, stored.status) == (NEED["subject"], "QN02503M", "mois", "recue")
    assert [theme.slug for theme in stored.themes.all()] == ["sante"]
    to_person, to_centre = sorted(mail.outbox, key=lambda sent: sent.to)
    assert to_person.to == ["ada@example.fr"]
    [token] = re.findall(r"/accompagnement/suivi/([^/]+)/", to_person.body)
    assert tokens.unsign("accompagnement", token) == stored.pk
    assert (to_centre.to, to_centre.reply_to) == (["centre@example.fr"], ["ada@example.fr"])
    assert "Planoise" in to_centre.body
    assert "ada@example.fr" not in to_centre.body.split("Où")[0]
    assert "Votre demande est envoyée." in visitor.get(response.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "ada", "Cette adresse e-mail n’est pas complète"),
        ("email", "a@b.fr\r\nBcc: c@d.fr", "Cette adresse e-mail n’est pas complète"),
        ("name", " ", "Indiquez votre nom."),
        ("name", "Ada\r\nBcc: a@b.fr", "caractère interdit"),
        ("subject", "", "Dites en une phrase"),
        ("subject", "x\r\nBcc: a@b.fr", "caractère interdit"),
        ("place", "x\ny", "caractère interdit"),
        ("shown_at", "", "relisez votre message"),
        ("wanted", "hier", "Sélectionnez un choix valide"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_written(visitor, send, field, value, sentence):
    response = send(visitor, **{field: value})
    html = response.content.decode()
    assert response.status_code == 400
    assert sentence in html
    assert "Un quartier, trois ans." in html
    assert not HelpRequest.objects.exists()
    assert mail.outbox == []


def test_hidden_fields_of_the_model_are_ignored(visitor, send):
    send(visitor, status="close", mission="vrl", answer="x", in_charge="1")
    assert HelpRequest.objects.values_list("status", "mission", "answer", "in_charge").get() == ("recue", "accompagner", "", None)


def test_robot_is_answered_like_a_person_and_nothing_is_kept(visitor, send):
    assert send(visitor, website="http://x").headers["Location"] == "/accompagnement/merci/"
    assert not HelpRequest.objects.exists()


def test_eleventh_request_of_an_hour_waits(visitor, send):
    codes = [send(visitor).status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]
    assert HelpRequest.objects.count() == 10


def test_no_cookie_of_a_session_is_set(visitor, send):
    send(visitor)
    assert "sessionid" not in visitor.cookies


class TestPlace:
    def form(self, **changes) -> NeedForm:
        form = NeedForm(NEED | changes)
        form.is_valid()
        return form

    def test_unknown_place_is_kept_as_written(self):
        form = self.form(place="Ailleurs")
        assert (form.errors, form.cleaned_data["found"]) == ({}, None)

    def test_ambiguous_place_asks_which(self):
        Territory.objects.create(code="25057", kind="commune", name="Planoise-le-Haut", parent=Territory.objects.get(code="25"))
        form = self.form()
        assert form.asks_which_territory
        assert form.errors["territory"] == ["Plusieurs territoires répondent à ce nom\u00a0: choisissez le vôtre."]
        assert [label for _, label in form.fields["territory"].choices] == [
            "Planoise, quartier prioritaire (Besançon)",
            "Planoise-le-Haut, commune (Doubs)",
            "Un autre lieu",
        ]
        assert self.form(territory="QN02503M").cleaned_data["found"].name == "Planoise"
        assert self.form(territory="autre").cleaned_data["found"] is None
        assert "territory" in self.form(territory="21").errors

    def test_region_has_no_place_above_it(self):
        place = Territory.objects.get(code="27")
        Territory.objects.create(code="QX", kind="perimetre", name="Bourgogne-Franche-Comté active", parent=place)
        form = self.form(place="Bourgogne-Franche-Comté")
        assert form.fields["territory"].choices[0][1] == "Bourgogne-Franche-Comté, région"

    def test_commune_of_that_very_name_comes_before_what_begins_like_it(self):
        Territory.objects.create(code="QN1", kind="qpv", name="Besançon Est", generation=2024)
        assert self.form(place="besancon").cleaned_data["found"].code == "25056"


def test_numbers_count_what_was_asked(asked):
    today = datetime.date.today()
    asked.notes.create(text="Réunion", half_days="1.5")
    HelpRequest.objects.create(subject="Autre", status="repondue", answered_at=asked.created_at)
    assert HelpRequest.objects.between(today, today).numbers() == {
        "received": 2,
        "open": 1,
        "answered": 1,
        "territories": 1,
        "half_days": 1.5,
    }
    assert HelpRequest.objects.in_territory(Territory.objects.get(code="25")).numbers()["received"] == 1
    assert HelpRequest.objects.between(today - datetime.timedelta(1), today - datetime.timedelta(1)).numbers()["received"] == 0


def test_what_the_person_wrote_is_escaped_everywhere(visitor, send):
    response = send(visitor, details="<script>alert(1)</script>", email="")
    assert "<script>alert" not in response.content.decode()
    send(visitor, subject="<b>gras</b>", details="<script>alert(1)</script>")
    stored = HelpRequest.objects.get()
    assert "<script>alert" not in visitor.get(f"{URL}suivi/{stored.token}/").content.decode()
    for sent in mail.outbox:
        assert "<script>" not in sent.alternatives[0].content
    assert WHO["name"] in mail.outbox[0].body
