"""What visitors propose, and what the site says when it is already known."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.models import Initiative, Organisation, Proposal
from tests.factories.directory import SIRET, ago, initiative, organisation, person, shown_a_minute_ago
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.retention import rules

pytestmark = pytest.mark.usefixtures("network")
STRUCTURE, INITIATIVE = "/reseau/proposer/structure/", "/reseau/proposer/initiative/"
FILLED = {
    "name": "Les Lilas",
    "kind": "centre-social",
    "summary": "Un centre social.",
    "description": "Ouvert <b>tard</b>.\n\nEt tôt.",
    "territories": "Planoise, 21231",
    "themes": ["education", "sante"],
    "offers": ["former"],
    "audiences": ["elus"],
    "site": "lilas.example.org",
    "siret": "732 829 320 00074",
    "email": "lilas@example.org",
    "address": "1 rue du Lac\r\n25000 Besançon",
    "author_name": "Zoé",
    "author_email": "zoe@example.org",
    "message": "Bonne découverte.",
}


def propose(client, path=STRUCTURE, **changes):
    data = FILLED | {"shown_at": shown_a_minute_ago()} | changes
    return client.post(path, {name: value for name, value in data.items() if value is not None})


def fields_of(response) -> dict:
    """What a browser would send back untouched."""
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields} | {"shown_at": shown_a_minute_ago()}
    offered = {theme.slug for theme in form.fields["themes"].queryset}
    values["themes"] = [slug for slug in values["themes"] if slug in offered]
    return {name: value for name, value in values.items() if value}


def test_structure_is_proposed(visitor):
    response = propose(visitor)
    assert (response.status_code, response.headers["Location"]) == (302, f"{STRUCTURE}?envoye")
    made = Proposal.objects.get()
    assert (made.kind, made.status, made.author_email, made.message) == (
        "organisation",
        "recue",
        "zoe@example.org",
        "Bonne découverte.",
    )
    assert made.values == {
        "name": "Les Lilas",
        "kind": "centre-social",
        "siret": SIRET,
        "summary": "Un centre social.",
        "description": "Ouvert <b>tard</b>.\n\nEt tôt.",
        "territories": ["21231", "QN02503M"],
        "themes": ["education", "sante"],
        "audiences": ["elus"],
        "website": "https://lilas.example.org",
        "offers": ["former"],
        "address": "1 rue du Lac\n25000 Besançon",
        "email": "lilas@example.org",
    }
    assert not Organisation.objects.exists()
    assert str(made) == "Nouvelle structure : Les Lilas"
    assert [(m.kind, m.recipient) for m in OutgoingMail.objects.all()] == [("proposal_received", "contact@example.org")]
    assert "Votre proposition est bien arrivée." in visitor.get(f"{STRUCTURE}?envoye").content.decode()


def test_initiative_is_proposed_with_its_carrier(visitor):
    changes = {"name": "Vélo-école", "kind": None, "carrier": "Les Lilas", "status": "en-cours", "started_on": "2024-05-01"}
    assert propose(visitor, INITIATIVE, **changes).status_code == 302
    made = Proposal.objects.get()
    assert (made.kind, made.carrier, made.values["started_on"]) == ("initiative", "Les Lilas", "2024-05-01")
    assert "siret" not in made.values


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Indiquez le nom."),
        ({"name": "x\r\nBcc: a@b.fr"}, "caractère interdit"),
        ({"kind": "soucoupe"}, "soucoupe"),
        ({"siret": "73282932000075"}, "Ce numéro SIRET n’existe pas"),
        ({"territories": "Atlantide"}, "« Atlantide » : aucun territoire de la région ne porte ce nom."),
        ({"territories": "Rien (99999)"}, "aucun territoire"),
        ({"territories": ",".join(["Planoise"] * 21)}, "vingt territoires au plus"),
        ({"themes": ["inconnu"]}, "rechargez la page"),
        ({"site": "javascript:alert(1)"}, "https://exemple.fr"),
        ({"email": "x"}, "Cette adresse e-mail n’est pas complète"),
        ({"author_email": "x@y\nBcc: z"}, "Cette adresse e-mail n’est pas complète"),
        ({"shown_at": ""}, "relisez votre message"),
    ],
)
def test_wrong_proposal_is_refused_and_kept_on_the_page(visitor, changes, said):
    response = propose(visitor, **changes)
    page = response.content.decode()
    assert (response.status_code, Proposal.objects.count()) == (400, 0)
    assert said in page
    assert "Bonne découverte." in page


def test_initiative_that_ends_before_it_starts_is_refused(visitor):
    dates = {"started_on": "2024-05-02", "ended_on": "2024-05-01", "status": "terminee", "kind": None}
    response = propose(visitor, INITIATIVE, **dates)
    assert "ne peut pas finir avant" in response.content.decode()


def test_robot_is_answered_quietly(visitor):
    assert propose(visitor, website="x").status_code == 302
    assert not Proposal.objects.exists()


def test_many_proposals_from_one_address_are_limited(visitor):
    answers = [propose(visitor, name=f"Une {n}", siret="", sure="on").status_code for n in range(12)]
    assert answers == [302] * 10 + [429] * 2


def test_known_structure_is_shown_before_anything_is_sent(visitor):
    organisation("Centre social Les Lilas")
    response = propose(visitor, name="CENTRE SOCIAL LES LILAS", siret="")
    page = response.content.decode()
    assert (response.status_code, Proposal.objects.count()) == (400, 0)
    assert "Rien n’est encore envoyé" in page
    assert '<a href="/reseau/centre-social-les-lilas/">Centre social Les Lilas</a>' in page
    assert propose(visitor, name="CENTRE SOCIAL LES LILAS", siret="", sure="on").status_code == 302
    assert Proposal.objects.count() == 1


def test_second_who_proposes_sees_that_it_is_proposed_already(visitor):
    propose(visitor)
    for changes in ({"siret": ""}, {"name": "Autre nom"}):
        page = propose(visitor, **changes).content.decode()
        assert "déjà proposée : l’équipe l’examine" in page
        assert "zoe@example.org" not in page.replace('value="zoe@example.org"', "")
    assert Proposal.objects.count() == 1


def test_structure_that_is_not_public_is_not_shown(visitor):
    organisation("Les Lilas du Lac", siret=SIRET, published=False)
    page = propose(visitor).content.decode()
    assert "déjà connue de l’équipe, pas encore dans l’annuaire" in page
    assert "Les Lilas du Lac" not in page


def test_known_initiative_is_shown(visitor):
    initiative("Vélo-école")
    page = propose(visitor, INITIATIVE, name="La vélo école", kind=None, status="en-cours").content.decode()
    assert "/reseau/velo-ecole/" in page


def test_correction_holds_what_differs_only(visitor):
    made = organisation(
        "Les Lilas",
        kind="centre-social",
        description="<h2>Titre</h2>",
        address="1 rue\r\n25000",
        territories=["QN02503M", "25056"],
        themes=["espace-public", "education"],
        offers=["former"],
        siret=SIRET,
    )
    path = f"{made.get_absolute_url()}corriger/"
    page = visitor.get(path)
    assert page.context["form"]["territories"].value() == "Besançon (25056), Planoise (QN02503M)"
    untouched = fields_of(page)
    refused = visitor.post(path, untouched)
    assert "Rien n’est changé" in refused.content.decode()
    response = visitor.post(path, untouched | {"summary": "Autre chose.", "territories": "Doubs"})
    assert response.status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.organisation, proposal.by_owner) == ("correction", made, False)
    assert proposal.values == {"summary": "Autre chose.", "territories": ["25"]}
    assert [(row["label"], row["before"], row["after"], row["changed"]) for row in proposal.difference()] == [
        ("En une ou deux phrases", "Ce qu’elle fait, en une phrase.", "Autre chose.", True),
        ("Territoires", "Besançon (25056), Planoise (QN02503M)", "Doubs (25)", True),
    ]


def test_correction_may_be_a_message_alone(visitor):
    for made in (organisation(), person(), initiative()):
        path = f"{made.get_absolute_url()}corriger/"
        assert visitor.post(path, fields_of(visitor.get(path)) | {"message": "Le nom a changé."}).status_code == 302
    assert [proposal.values for proposal in Proposal.objects.all()] == [{}, {}, {}]
    assert {proposal.entry_kind for proposal in Proposal.objects.all()} == {"organisation", "person", "initiative"}
    assert len({str(proposal) for proposal in Proposal.objects.all()}) == 3


def test_new_mailbox_is_proposed_and_an_empty_one_changes_nothing(visitor):
    made = organisation(email="lilas@example.org")
    path = f"{made.get_absolute_url()}corriger/"
    visitor.post(path, fields_of(visitor.get(path)) | {"email": "neuve@example.org"})
    assert Proposal.objects.get().values == {"email": "neuve@example.org"}


def test_corrected_initiative_keeps_its_dates(visitor):
    made = initiative(started_on=ago(400), ended_on=ago(10), status="terminee")
    path = f"{made.get_absolute_url()}corriger/"
    visitor.post(path, fields_of(visitor.get(path)) | {"ended_on": ""})
    (row,) = Proposal.objects.get().difference()
    assert (row["label"], row["after"], row["changed"]) == ("Fin", "", True)


def test_database_keeps_the_rules_of_proposals():
    for wrong in ({"kind": "correction"}, {"kind": "organisation", "status": "acceptee"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.create(**wrong)
    with pytest.raises(ValidationError, match="porte sur une fiche"):
        Proposal(kind="correction").full_clean(exclude=["values"])
    assert str(Proposal(kind="initiative")) == "Nouvelle initiative : sans nom"


def test_proposals_are_erased_after_two_years():
    rule = next(rule for rule in rules() if "annuaire" in rule.label)
    for days in (729, 731):
        made = Proposal.objects.create(kind="organisation", values={"name": str(days)})
        Proposal.objects.filter(pk=made.pk).update(received_at=timezone.now() - timezone.timedelta(days=days))
    assert rule.erase(timezone.now()) == 1
    assert rule.erase(timezone.now()) == 0
    assert Proposal.objects.get().values == {"name": "729"}


def test_proposed_structure_appears_nowhere_before_it_is_accepted(visitor):
    propose(visitor)
    assert "Les Lilas" not in visitor.get("/reseau/").content.decode()
    assert not Initiative.objects.exists()
