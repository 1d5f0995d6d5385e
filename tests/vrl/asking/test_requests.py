"""A structure asks for a session: the form, the mails, the link."""

import datetime
import re

import pytest
from django.core import mail
from django.utils import timezone

from tests.factories import vrl
from tests.vrl.asking.conftest import REQUEST
from trajectoire.core import tokens
from vrl import requesting
from vrl.models import TrainingRequest
from vrl.vocabulary import RequestState

URL = "/vrl/demander-une-formation/"


def follow(asked: TrainingRequest) -> str:
    return f"/vrl/demande/{asked.token}/"


def in_days(days: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


def test_request_is_stored_acknowledged_and_told_to_the_centre(visitor, send, settings):
    settings.CONTACT_EMAIL = "centre@example.org"
    response = send(visitor, URL, REQUEST, first_on=in_days(30), last_on=in_days(60))
    assert (response.status_code, response.headers["Location"]) == (302, f"{URL}?envoyee")
    asked = TrainingRequest.objects.get()
    assert (asked.level, asked.length, asked.people, asked.department.code) == ("n3", "1-jour", 14, "21")
    assert (asked.state, asked.has_room, [one.slug for one in asked.audiences.all()]) == ("recue", True, ["associations"])
    to_asker, to_centre = sorted(mail.outbox, key=lambda sent: sent.to)
    [token] = re.findall(r"/vrl/demande/([^/]+)/", to_asker.body)
    assert tokens.unsign("demande-vrl", token) == asked.pk
    assert (to_centre.to, to_centre.reply_to) == (["centre@example.org"], ["ada@example.org"])
    assert "Animatrices et animateurs de quartier" in to_centre.body
    assert "Votre demande est envoyée." in visitor.get(response.headers["Location"]).content.decode()


def test_awareness_may_be_asked_for(visitor, send):
    assert (
        'value="sensibilisation" required id="id_wanted_3" checked'
        in visitor.get(URL, {"pour": "sensibilisation"}).content.decode()
    )
    send(visitor, URL, REQUEST, wanted="sensibilisation")
    assert TrainingRequest.objects.values_list("level", "length").get() == ("sensibilisation", "heures")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "ada", "Cette adresse e-mail n’est pas complète"),
        ("name", "Ada\r\nBcc: a@b.fr", "caractère interdit"),
        ("people", "-1", "Écrivez un nombre à partir de 1."),
        ("people", "1000000000", "écrivez-nous"),
        ("people", "beaucoup", "par exemple 15"),
        ("department", "99", "Choisissez le département."),
        ("first_on", "demain", "Écrivez la date comme"),
        ("last_on", "2020-01-01", "Cette date est passée"),
        ("shown_at", "", "relisez votre message"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_written(visitor, send, field, value, sentence):
    response = send(visitor, URL, REQUEST, **{field: value})
    html = response.content.decode()
    assert (response.status_code, sentence in html, "MJC des Grésilles" in html) == (400, True, True)
    assert not TrainingRequest.objects.exists()
    assert mail.outbox == []


def test_period_in_disorder_is_said(visitor, send):
    response = send(visitor, URL, REQUEST, first_on=in_days(30), last_on=in_days(20))
    assert "Cette date vient avant la première" in response.content.decode()


def test_robot_is_answered_like_a_person_and_nothing_is_kept(visitor, send):
    assert send(visitor, URL, REQUEST, website="http://x").headers["Location"] == f"{URL}?envoyee"
    assert not TrainingRequest.objects.exists()


def test_hidden_fields_of_the_model_are_ignored(visitor, send):
    send(visitor, URL, REQUEST, state="planifiee", note="x", in_charge="1", level="n1")
    assert TrainingRequest.objects.values_list("state", "note", "in_charge", "level").get() == ("recue", "", None, "n3")


def test_eleventh_request_of_an_hour_waits(visitor, send):
    codes = [send(visitor, URL, REQUEST, website="x").status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]


def test_link_says_where_the_request_stands(visitor, world):
    asked = vrl.training_request("MJC des Grésilles", state=RequestState.OFFERED, answer="Note gardée")
    vrl.session(request=asked, state="brouillon", title="Session de Dijon")
    vrl.session(request=asked, state="annulee", title="Session annulée")
    response = visitor.get(follow(asked))
    html = response.content.decode()
    assert [step["label"] for step in response.context["steps"] if step["current"]] == ["Proposée aux formateurs"]
    assert "Session de Dijon" in html
    assert "Session annulée" not in html
    assert "Note gardée" not in html
    assert "no-store" in response.headers["Cache-Control"]


def test_public_session_has_its_address_on_the_page(visitor, world):
    asked = vrl.training_request(state=RequestState.PLANNED)
    made = vrl.session(request=asked)
    assert f"/vrl/formations/{made.event.slug}/" in visitor.get(follow(asked)).content.decode()


def test_withdrawing_takes_a_button_and_is_done_once(visitor, world, django_capture_on_commit_callbacks, settings):
    settings.CONTACT_EMAIL = "centre@example.org"
    asked = vrl.training_request(state=RequestState.QUALIFIED)
    visitor.get(follow(asked))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            visitor.post(follow(asked))
    asked.refresh_from_db()
    assert asked.state == RequestState.WITHDRAWN
    assert sorted(sent.to[0] for sent in mail.outbox) == ["centre@example.org", asked.email]
    assert visitor.get(follow(asked)).context["steps"] == []


def test_request_that_was_held_is_not_withdrawn(visitor, world):
    asked = vrl.training_request(state=RequestState.DONE)
    response = visitor.post(follow(asked))
    assert (response.status_code, "Réalisée" in response.content.decode()) == (409, True)


def test_link_of_another_changed_or_anonymous_is_unknown(visitor, world):
    asked = vrl.training_request()
    assert visitor.get(f"{follow(asked)[:-2]}x/").status_code == 404
    assert visitor.get(f"/vrl/demande/{tokens.sign('candidature-vrl', asked.pk)}/").status_code == 404
    requesting.forget(TrainingRequest.objects.all(), timezone.now())
    assert visitor.get(follow(asked)).status_code == 404


def test_what_was_written_is_escaped_everywhere(visitor, send):
    send(visitor, URL, REQUEST, structure="<b>MJC</b>", constraints="<script>alert(1)</script>")
    assert "<script>alert" not in visitor.get(follow(TrainingRequest.objects.get())).content.decode()
    for sent in mail.outbox:
        assert "<script>" not in sent.alternatives[0].content
