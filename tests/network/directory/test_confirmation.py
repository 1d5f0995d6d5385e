"""« Ces informations sont-elles à jour ? »: asked once a year, answered by one button."""

from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from network.directory import confirming, relay
from network.models import Organisation, Proposal
from tests.factories.directory import ago, initiative, organisation, person, shown_a_minute_ago
from trajectoire.core.outbox import OutgoingMail

pytestmark = pytest.mark.usefixtures("network")


def run(**options) -> str:
    out = StringIO()
    call_command("ask_confirmation", stdout=out, **options)
    return out.getvalue().strip()


def test_those_not_confirmed_for_a_year_are_asked_once():
    organisation("A", confirmed_on=ago(365), email="a@example.org")
    person("B", confirmed_on=None, email="b@example.org")
    organisation("C", confirmed_on=ago(364))
    organisation("D", confirmed_on=None, email="")
    organisation("E", confirmed_on=None, published=False)
    organisation("F", confirmed_on=None, contactable=False)
    initiative("G", confirmed_on=None)
    assert run(dry_run=True) == "Fiches à faire confirmer : 2."
    assert run() == "Demandes de confirmation : 2\u00a0messages."
    assert sorted(OutgoingMail.objects.values_list("recipient", flat=True)) == ["a@example.org", "b@example.org"]
    assert run() == "Demandes de confirmation : 0\u00a0message."
    with time_machine.travel(timezone.now() + confirming.YEAR):
        assert run() == "Demandes de confirmation : 3\u00a0messages."


def test_run_cut_short_asks_who_is_missing():
    for _ in range(3):
        organisation(confirmed_on=None)
    assert run(limit=1).endswith("1\u00a0message.")
    assert run().endswith("2\u00a0messages.")
    assert len(set(OutgoingMail.objects.values_list("recipient", flat=True))) == 3


def test_two_runs_at_once_ask_once():
    made = organisation(confirmed_on=None)
    today = timezone.localdate()
    assert [confirming.ask(made, today), confirming.ask(made, today)] == [True, False]
    assert OutgoingMail.objects.count() == 1


def test_link_confirms_by_a_button_only(visitor):
    made = organisation("Les Lilas", confirmed_on=ago(600))
    path = confirming.confirm_path(made)
    page = visitor.get(path).content.decode()
    assert "Confirmer : tout est à jour" in page
    assert '<meta name="robots" content="noindex">' in page
    visitor.head(path)
    made.refresh_from_db()
    assert made.confirmed_on == ago(600)
    for _ in range(2):  # the same button twice: nothing more
        assert visitor.post(path, {"action": "confirm"}).headers["Location"] == f"{path}?confirme"
    made.refresh_from_db()
    assert (made.confirmed_on, made.is_stale) == (ago(0), False)
    assert "confirmées à ce jour" in visitor.get(f"{path}?confirme").content.decode()
    assert "Informations confirmées le" in visitor.get("/reseau/les-lilas/").content.decode()


def test_mail_holds_the_link(visitor):
    made = organisation("Les Lilas", confirmed_on=None)
    run()
    body = OutgoingMail.objects.get().body
    path = "/reseau/confirmer/" + body.text.split("/reseau/confirmer/")[1].split()[0]
    visitor.post(path, {"action": "confirm"})
    made.refresh_from_db()
    assert made.confirmed_on == ago(0)


def test_link_corrects_without_an_account(visitor):
    made = person("Ada", role="Sociologue", confirmed_on=ago(600))
    path = confirming.confirm_path(made)
    form = visitor.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"shown_at": shown_a_minute_ago(), "action": "correct"}
    values = {name: value for name, value in values.items() if value}
    refused = visitor.post(path, values)
    assert (refused.status_code, "Rien n’est changé" in refused.content.decode()) == (400, True)
    assert visitor.post(path, values | {"role": "Géographe"}).headers["Location"] == f"{path}?envoye"
    proposal = Proposal.objects.get()
    assert (proposal.person, proposal.values, proposal.by_owner) == (made, {"role": "Géographe"}, True)
    made.refresh_from_db()
    assert (made.role, made.confirmed_on) == ("Sociologue", ago(600))
    assert "Votre correction est bien arrivée." in visitor.get(f"{path}?envoye").content.decode()


def test_old_link_says_so(visitor):
    made = organisation(confirmed_on=ago(600))
    path = confirming.confirm_path(made)
    with time_machine.travel(timezone.now() + confirming.LINK_LASTS - timezone.timedelta(minutes=1)):
        assert visitor.get(path).status_code == 200
    with time_machine.travel(timezone.now() + confirming.LINK_LASTS + timezone.timedelta(minutes=1)):
        for answer in (visitor.get(path), visitor.post(path, {"action": "confirm"})):
            assert answer.status_code == 410
            assert "Ce lien a expiré" in answer.content.decode()
    made.refresh_from_db()
    assert made.confirmed_on == ago(600)


def test_link_that_is_not_one_is_not_found(visitor):
    made = organisation(confirmed_on=ago(600))
    path = confirming.confirm_path(made)
    token = path.rstrip("/").rsplit("/", 1)[1]
    other_use = relay.stop_path(made).rstrip("/").rsplit("/", 1)[1]
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), other_use, "x"):
        assert visitor.post(f"/reseau/confirmer/{wrong}/", {"action": "confirm"}).status_code == 404
    Organisation.objects.update(email="autre@example.org")
    assert visitor.post(path, {"action": "confirm"}).status_code == 404
    Organisation.objects.update(published=False)
    assert visitor.get(path).status_code == 404
    made.delete()
    assert visitor.get(path).status_code == 404


def test_confirmation_counts_many_corrections(visitor):
    made = organisation()
    path = confirming.confirm_path(made)
    answers = [visitor.post(path, {"action": "correct"}).status_code for _ in range(12)]
    assert answers == [400] * 10 + [429] * 2
