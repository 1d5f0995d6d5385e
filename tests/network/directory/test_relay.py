"""Putting in touch: nobody's address is shown, answers go directly, abuse is limited, the person listed can stop it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail

from network.directory import confirming, relay
from network.models import Person, Proposal
from tests.factories import admin
from tests.factories.directory import initiative, organisation, person, shown_a_minute_ago
from trajectoire.core import tokens
from trajectoire.core.outbox import OutgoingMail

pytestmark = pytest.mark.usefixtures("network")
MESSAGE = {"name": "Zoé Martin", "email": "zoe@example.org", "subject": "Une visite", "text": "Peut-on venir ?\nMerci."}


def send(client, entry, **changes):
    data = MESSAGE | {"shown_at": shown_a_minute_ago()} | changes
    return client.post(f"{entry.get_absolute_url()}ecrire/", data)


def outbox() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.select_related("body").order_by("pk"))


def test_message_is_relayed_and_answers_go_to_its_author(visitor):
    made = organisation("Les Lilas", email="lilas@example.org")
    response = send(visitor, made, copy="on")
    assert (response.status_code, response.headers["Location"]) == (302, "/reseau/les-lilas/ecrire/?envoye")
    relayed, copy = outbox()
    assert (relayed.recipient, relayed.reply_to) == ("lilas@example.org", "zoe@example.org")
    assert relayed.subject == "[Annuaire] Une visite"
    assert "Peut-on venir ?\nMerci." in relayed.body.text
    assert "/reseau/arreter/" in relayed.body.text
    assert (copy.recipient, copy.reply_to) == ("zoe@example.org", "")
    for part in (copy.body.text, copy.body.html):
        assert "lilas@example.org" not in part
        assert "/reseau/arreter/" not in part
    assert "Votre message est transmis." in visitor.get("/reseau/les-lilas/ecrire/?envoye").content.decode()


def test_mail_leaves_after_commit(visitor, django_capture_on_commit_callbacks):
    made = organisation(email="lilas@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        send(visitor, made)
    assert [(m.to, m.reply_to) for m in mail.outbox] == [(["lilas@example.org"], ["zoe@example.org"])]


def test_no_copy_unless_asked_for(visitor):
    send(visitor, organisation())
    assert [written.kind for written in outbox()] == ["relay"]


def test_message_about_an_initiative_goes_to_its_carrier(visitor):
    made = initiative("Vélo-école", carriers=[organisation(email="lilas@example.org")])
    send(visitor, made)
    (written,) = outbox()
    assert written.recipient == "lilas@example.org"
    assert "« Vélo-école »" in written.body.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Indiquez votre nom."),
        ({"email": "zoe"}, "Cette adresse e-mail n’est pas complète"),
        ({"subject": ""}, "Indiquez l’objet de votre message."),
        ({"text": " "}, "Écrivez votre message."),
        ({"subject": "x\r\nBcc: a@b.fr"}, "caractère interdit"),
        ({"name": "x\nBcc: a@b.fr"}, "caractère interdit"),
        ({"email": "zoe@example.org\nBcc: a@b.fr"}, "Cette adresse e-mail n’est pas complète"),
        ({"text": "x" * 5001}, "5000"),
        ({"shown_at": ""}, "relisez votre message"),
    ],
)
def test_wrong_message_is_refused_and_kept_on_the_page(visitor, changes, said):
    response = send(visitor, organisation(), **changes)
    page = response.content.decode()
    assert (response.status_code, OutgoingMail.objects.count()) == (400, 0)
    assert said in page
    if "text" not in changes:
        assert "Peut-on venir ?" in page


def test_robot_is_answered_quietly(visitor):
    assert send(visitor, organisation(), website="http://spam").status_code == 302
    assert not OutgoingMail.objects.exists()


def test_hostile_message_is_escaped_in_html(visitor):
    send(visitor, organisation(), name="<b>x</b>", subject="<i>", text="<script>alert(1)</script>", copy="on")
    for written in outbox():
        assert "<script>" not in written.body.html
        assert "<b>x" not in written.body.html


def test_two_hundred_messages_from_one_address_are_limited(visitor):
    made = organisation()
    answers = [send(visitor, made).status_code for _ in range(200)]
    assert answers.count(302) == 10
    assert set(answers[10:]) == {429}
    assert OutgoingMail.objects.count() == 10


def test_messages_to_one_mailbox_are_limited(browser):
    """From ever other networks and authors: what is counted is who receives."""
    made, answers = organisation(), []
    for number in range(25):
        client = browser()
        client.defaults["REMOTE_ADDR"] = f"10.0.{number}.1"
        answers.append(send(client, made, email=f"zoe{number}@example.org").status_code)
    assert (answers.count(302), answers.count(400)) == (20, 5)
    assert OutgoingMail.objects.count() == 20
    client = browser()
    client.defaults["REMOTE_ADDR"] = "10.9.9.9"
    page = send(client, made, email="autre@example.org").content.decode()
    assert "Beaucoup de messages ont déjà été transmis aujourd’hui." in page
    assert "Peut-on venir ?" in page


def test_one_author_is_limited_over_all_entries(browser):
    answers = []
    for number in range(12):
        client = browser()
        client.defaults["REMOTE_ADDR"] = f"10.1.{number}.1"
        answers.append(send(client, organisation(), email="Zoe@example.org").status_code)
    assert answers == [302] * 10 + [400] * 2


def test_link_shows_a_button_and_stops_on_post_only(visitor):
    made = organisation("Les Lilas")
    path = relay.stop_path(made)
    assert "Arrêter les messages" in visitor.get(path).content.decode()
    visitor.head(path)
    made.refresh_from_db()
    assert made.contactable
    for _ in range(2):  # twice changes nothing more
        assert visitor.post(path, {"action": "stop"}).headers["Location"] == path
    made.refresh_from_db()
    assert not made.contactable
    assert "le site ne transmet plus de message" in visitor.get(path).content.decode()
    assert "Demander une mise en relation" in visitor.get(made.get_absolute_url()).content.decode()
    send(visitor, made)
    assert not OutgoingMail.objects.exists()


def test_link_about_an_initiative_stops_its_carrier(visitor):
    carrier = organisation(email="lilas@example.org")
    visitor.post(relay.stop_path(initiative(carriers=[carrier])))
    carrier.refresh_from_db()
    assert not carrier.contactable


def test_person_leaves_the_directory_at_once(visitor, administrator):
    ada = person("Ada")
    admin.save(administrator, f"/admin/network/person/{ada.pk}/change/", role="Sociologue")
    Proposal.objects.create(kind="correction", person=ada, values={"role": "Géographe"})
    assert LogEntry.objects.filter(object_repr="Ada").exists()
    path = relay.stop_path(ada)
    assert "Effacer ma fiche" in visitor.get(path).content.decode()
    visitor.post(path, {"action": "withdraw"})
    assert not Person.objects.exists()
    assert not LogEntry.objects.filter(object_repr="Ada").exists()
    assert not Proposal.objects.exists()
    assert visitor.get("/reseau/ada/").status_code == 404
    assert "n’est plus dans l’annuaire" in visitor.get(path).content.decode()
    assert visitor.post(path, {"action": "withdraw"}).status_code == 200


def test_organisation_is_not_erased_by_its_link(visitor):
    made = organisation()
    path = relay.stop_path(made)
    assert "Effacer ma fiche" not in visitor.get(path).content.decode()
    visitor.post(path, {"action": "withdraw"})
    made.refresh_from_db()
    assert not made.contactable


def test_link_of_a_former_mailbox_opens_nothing(visitor):
    made = organisation(email="ancienne@example.org")
    path = relay.stop_path(made)
    made.email = "nouvelle@example.org"
    made.save()
    assert "son adresse a changé" in visitor.get(path).content.decode()
    visitor.post(path)
    made.refresh_from_db()
    assert made.contactable


def test_link_changed_or_made_for_another_use_is_not_found(visitor):
    made = organisation()
    token = relay.stop_path(made).rstrip("/").rsplit("/", 1)[1]
    other_use = confirming.confirm_path(made).rstrip("/").rsplit("/", 1)[1]
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), other_use, "x", tokens.sign("network.relay.autre", [1])):
        assert visitor.get(f"/reseau/arreter/{wrong}/").status_code == 404
        assert visitor.post(f"/reseau/arreter/{wrong}/").status_code == 404
