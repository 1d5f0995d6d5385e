"""The screen of a proposal: what exists beside what is proposed, then one button."""

import pytest
from django.contrib.auth.models import Group

from network.directory import moderating
from network.models import Initiative, Organisation, Proposal
from tests.factories import accounts
from tests.factories.directory import SIRET, ago, initiative, organisation, person
from trajectoire.core import search
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.roles import NETWORK, load_roles

pytestmark = pytest.mark.usefixtures("network")
LIST = "/admin/network/proposal/"
VALUES = {
    "name": "Les Lilas",
    "kind": "centre-social",
    "siret": SIRET,
    "summary": "Un centre social.",
    "description": "Ouvert <b>tard</b>.\n\nEt tôt.",
    "territories": ["QN02503M"],
    "themes": ["education"],
    "offers": ["former"],
    "website": "https://lilas.example.org",
    "email": "lilas@example.org",
}


def proposal(**fields) -> Proposal:
    return Proposal.objects.create(**{"kind": "organisation", "values": VALUES, "author_email": "zoe@example.org"} | fields)


def decide(client, made: Proposal, way: str = "accepter", **data):
    return client.post(f"{LIST}{made.pk}/{way}/", data)


def said(client) -> str:
    return " ".join(str(message) for message in client.get(LIST).context["messages"])


@pytest.fixture
def animator(browser):
    """Staff with the role that keeps the network, as the command gives it."""
    load_roles()
    made = accounts.user(is_staff=True)
    made.groups.add(Group.objects.get(name=NETWORK))
    return browser(made)


def test_accepted_structure_is_in_the_directory(animator, visitor):
    made = proposal()
    response = decide(animator, made, tell="1")
    entry = Organisation.objects.get()
    assert response.headers["Location"] == f"/admin/network/organisation/{entry.pk}/change/"
    assert (entry.name, entry.kind, entry.siret, entry.email) == ("Les Lilas", "centre-social", SIRET, "lilas@example.org")
    assert "&lt;b&gt;tard" in entry.description
    assert "<b>" not in entry.description
    assert ([t.code for t in entry.territories.all()], [o.slug for o in entry.offers.all()]) == (["QN02503M"], ["former"])
    assert "Proposée par formulaire" in entry.sources
    assert entry.confirmed_on is None
    made.refresh_from_db()
    assert (made.status, made.organisation, made.decided_by) == ("acceptee", entry, animator.user)
    assert [(m.kind, m.recipient) for m in OutgoingMail.objects.all()] == [("proposal_accepted", "zoe@example.org")]
    assert visitor.get("/reseau/les-lilas/").status_code == 200
    found = search.query(search.Query("lilas", kinds=("organisation",), filters={"territory": ["25"]}))
    assert [hit.title for hit in found.hits] == ["Les Lilas"]


def test_nobody_is_told_unless_asked(animator):
    decide(animator, proposal())
    decide(animator, proposal(values={"name": "B", "kind": "ccas"}), "refuser")
    decide(animator, proposal(values={"name": "C", "kind": "ccas"}, author_email=""), tell="1")
    assert not OutgoingMail.objects.exists()


def test_refused_proposal_changes_nothing(animator):
    made = proposal()
    assert decide(animator, made, "refuser", answer="Hors région.", tell="1").headers["Location"] == LIST
    made.refresh_from_db()
    assert (made.status, made.answer, Organisation.objects.count()) == ("refusee", "Hors région.", 0)
    written = OutgoingMail.objects.get()
    assert written.kind == "proposal_refused"
    assert "Hors région." in written.body.text
    page = animator.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "Réponse : Hors région." in page
    assert 'value="Accepter"' not in page


def test_screen_shows_likely_duplicates_and_the_difference(animator):
    known = organisation("Centre Les Lilas", siret=SIRET, summary="Avant.", territories=["25056"])
    made = proposal()
    other = proposal()
    page = animator.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "L’annuaire l’a peut-être déjà" in page
    assert f'name="onto" value="{known.pk}"' in page
    assert "même numéro SIRET" in page
    assert "<td>Avant.</td><td>Avant. <span" in page
    assert "<td>—</td><td><ins>https://lilas.example.org</ins></td>" in page
    assert f"{LIST}{other.pk}/change/" in page


def test_proposal_completes_what_exists_without_erasing(animator):
    known = organisation("Centre Les Lilas", siret=SIRET, address="1 rue du Lac", territories=["25056"], themes=["sante"])
    Organisation.objects.update(description="<h2>Titre</h2>")
    made = proposal()
    page = animator.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "<td>Besançon (25056)</td><td><ins>Besançon (25056), Planoise (QN02503M)</ins></td>" in page
    assert decide(animator, made, onto=str(known.pk)).status_code == 302
    known.refresh_from_db()
    assert (known.name, known.summary, known.address) == (
        "Centre Les Lilas",
        "Ce qu’elle fait, en une phrase.",
        "1 rue du Lac",
    )
    assert (known.kind, known.website) == ("association", "https://lilas.example.org")
    assert known.description == "<h2>Titre</h2>"
    assert {t.code for t in known.territories.all()} == {"25056", "QN02503M"}
    assert {t.slug for t in known.themes.all()} == {"sante", "education"}
    assert Organisation.objects.count() == 1


def test_siret_had_by_another_is_refused_with_words(animator):
    organisation("Autre", siret=SIRET)
    made = proposal()
    assert decide(animator, made).headers["Location"] == f"{LIST}{made.pk}/change/"
    assert "Rien n’est changé. Une autre organisation a déjà ce numéro SIRET" in said(animator)
    made.refresh_from_db()
    assert (made.is_waiting, Organisation.objects.count()) == (True, 1)


def test_correction_replaces_and_empties(animator):
    made = organisation("Les Lilas", address="1 rue du Lac", territories=["25056"], confirmed_on=ago(700))
    change = proposal(kind="correction", organisation=made, values={"address": "", "territories": ["25"]})
    assert "<td>1 rue du Lac</td><td><ins>(vidé)</ins></td>" in animator.get(f"{LIST}{change.pk}/change/").content.decode()
    decide(animator, change)
    made.refresh_from_db()
    assert (made.address, [t.code for t in made.territories.all()], made.confirmed_on) == ("", ["25"], ago(700))
    assert made.version == 1


def test_correction_by_its_owner_confirms(animator):
    made = person("Ada", confirmed_on=ago(700))
    decide(animator, proposal(kind="correction", person=made, values={"role": "Sociologue"}, by_owner=True))
    made.refresh_from_db()
    assert (made.role, made.confirmed_on) == ("Sociologue", ago(0))


def test_initiative_finds_its_carrier(animator):
    lilas = organisation("Centre social des Lilas")
    values = {"name": "Vélo-école", "status": "terminee", "started_on": "2024-05-01", "ended_on": ""}
    decide(animator, proposal(kind="initiative", values=values, carrier="centre social Les Lilas"))
    made = Initiative.objects.get()
    assert (str(made.started_on), made.ended_on, list(made.carriers.all())) == ("2024-05-01", None, [lilas])
    decide(animator, proposal(kind="initiative", values={"name": "Jardin"}, carrier="Inconnue"))
    assert not Initiative.objects.get(name="Jardin").carriers.exists()


def test_impossible_dates_are_refused_with_words(animator):
    made = initiative(started_on=ago(10))
    decide(animator, proposal(kind="correction", initiative=made, values={"ended_on": str(ago(20))}))
    assert "ne peut pas finir avant" in said(animator)


@pytest.mark.parametrize("way", ["accepter", "refuser"])
def test_two_people_decide_once(animator, way):
    made = proposal()
    decide(animator, made)
    assert decide(animator, made, way).headers["Location"] == f"{LIST}{made.pk}/change/"
    assert "Quelqu’un vient d’examiner cette proposition" in said(animator)
    assert Organisation.objects.count() == 1


def test_reading_the_screen_decides_nothing(animator):
    made = proposal(message="Bonjour.", carrier="Les Lilas", author_name="Zoé", by_owner=True)
    for way in ("accepter", "refuser"):
        assert animator.get(f"{LIST}{made.pk}/{way}/").status_code == 405
    page = animator.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "Bonjour." in page
    assert animator.get(LIST).status_code == 200
    assert animator.get(f"{LIST}add/").status_code == 403
    assert animator.get(f"{LIST}999999/change/").status_code == 302
    made.refresh_from_db()
    assert made.is_waiting


def test_only_who_may_change_proposals_decides(powerless, documentalist, visitor):
    made = proposal()
    for client in (powerless, documentalist):
        for way in ("accepter", "refuser"):
            assert decide(client, made, way).headers["Location"] == f"{LIST}{made.pk}/change/"
    assert "/login/" in decide(visitor, made).headers["Location"]
    made.refresh_from_db()
    assert (made.is_waiting, Organisation.objects.count()) == (True, 0)


def test_unknown_targets_are_not_found(animator):
    assert decide(animator, proposal(), onto="999999").status_code == 404
    assert animator.post(f"{LIST}999999/accepter/").status_code == 404
    assert decide(animator, proposal(), onto="x").status_code == 302


def test_hostile_proposal_is_escaped(animator):
    bad = "<script>alert(1)</script>"
    made = proposal(values=VALUES | {"name": bad, "summary": bad}, message=bad, author_name=bad, carrier=bad)
    for path in (LIST, f"{LIST}{made.pk}/change/"):
        assert "<script>alert" not in animator.get(path).content.decode()


def test_proposal_told_to_the_team_gives_no_address(animator):
    made = Proposal(kind="organisation", values=VALUES, author_email="zoe@example.org")
    moderating.receive(made)
    text = OutgoingMail.objects.get().body.text
    assert f"/admin/network/proposal/{made.pk}/change/" in text
    assert "lilas@example.org" not in text
