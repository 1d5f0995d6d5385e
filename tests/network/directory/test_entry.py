"""The page of an entry: what it says, to whom, and in how many queries."""

import datetime

import pytest

from network.directory.pages import period
from network.models import DirectoryAddress, Initiative
from tests.factories.directory import ago, initiative, organisation, person
from tests.factories.documents import document

pytestmark = pytest.mark.usefixtures("network")


def page(client, entry) -> str:
    response = client.get(entry.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_organisation_says_who_it_is_and_what_it_does(visitor):
    mother = organisation("Fédération des Buis", kind="education-populaire")
    made = organisation(
        "Les Lilas",
        kind="centre-social",
        description="<h2>Nos ateliers</h2><p>Chaque jour.</p><script>alert(1)</script>",
        former_names="Amicale des Lilas",
        parent=mother,
        website="https://www.lilas.example.org/",
        address="1 rue du Lac\n25000 Besançon",
        siret="73282932000074",
        sources="FONJEP, 2025",
        confirmed_on=datetime.date(2026, 3, 1),
        territories=["25056", "21231"],
        themes=["education"],
        audiences=["elus"],
        offers=["former"],
    )
    organisation("Antenne des Lilas", parent=made)
    shown = page(visitor, made)
    for text in (
        "Centre social, MJC",
        "Anciennement : Amicale des Lilas",
        '<h2 id="nos-ateliers">Nos ateliers</h2>',
        '<a href="/reseau/federation-des-buis/">Fédération des Buis</a>',
        '<a href="/reseau/antenne-des-lilas/">Antenne des Lilas</a>',
        'rel="external">lilas.example.org</a>',
        "1 rue du Lac<br>25000 Besançon",
        "73282932000074",
        "Sources : FONJEP, 2025",
        'href="/territoires/25056/">Besançon</a>',
        'href="/reseau/?theme=education"',
        'href="/reseau/?public=elus"',
        'href="/reseau/?propose=former"',
        "Écrire à cette structure",
        "Carte de la région",
    ):
        assert text in shown, text
    assert "<script>alert" not in shown
    assert '<a href="/reseau/les-lilas/">Les Lilas</a>' in page(visitor, mother)


def test_no_address_nor_number_is_ever_shown(visitor, administrator):
    made = organisation("Les Lilas", email="secret@example.org", phone="0600000000")
    someone = person("Ada", email="ada-secret@example.org", phone="0600000001", organisation=made)
    for client in (visitor, administrator):
        for path in ("", "ecrire/", "corriger/"):
            for entry in (made, someone):
                text = client.get(f"{entry.get_absolute_url()}{path}").content.decode()
                assert "secret@" not in text
                assert "060000000" not in text


def test_person_says_role_and_structure_and_stays_out_of_search_engines(visitor):
    lilas = organisation("Les Lilas")
    ada = person("Ada Vauthier", role="Sociologue", organisation=lilas)
    shown = page(visitor, ada)
    assert "Sociologue" in shown
    assert '<a href="/reseau/les-lilas/">Les Lilas</a>' in shown
    assert '<meta name="robots" content="noindex">' in shown
    assert "Personnes à contacter" in page(visitor, lilas)
    assert '<meta name="robots"' not in page(visitor, lilas)
    hidden = organisation("Cachée", published=False)
    assert "Structure</dt><dd>Cachée</dd>" in page(visitor, person("Bea", organisation=hidden))


def test_initiative_shows_its_carriers_and_its_fiche(visitor):
    lilas = organisation("Les Lilas")
    made = initiative("Vélo-école", carriers=[lilas], started_on=datetime.date(2023, 4, 3))
    told = document("Le vélo en commun", type="fiche-experience", initiative=made)
    document("Brouillon sur le vélo", status="draft", initiative=made)
    document("Réservé", access="formateurs", initiative=made)
    shown = page(visitor, made)
    assert "Initiative en cours" in shown
    assert '<a href="/reseau/les-lilas/">Les Lilas</a>' in shown
    assert "depuis le 3 avril 2023" in shown
    assert told.get_absolute_url() in shown
    assert "Brouillon sur le vélo" not in shown
    assert "Réservé" not in shown
    assert '<a href="/reseau/velo-ecole/">Vélo-école</a>' in visitor.get(told.get_absolute_url()).content.decode()


def test_document_leads_to_published_entries_only(visitor):
    told = document(initiative=initiative("Cachée", published=False))
    told.organisations.add(organisation("Visible"), organisation("Invisible", published=False))
    shown = visitor.get(told.get_absolute_url()).content.decode()
    assert '<a href="/reseau/visible/">Visible</a>' in shown
    assert "Cachée" not in shown
    assert "Invisible" not in shown


@pytest.mark.parametrize(
    ("dates", "status", "said"),
    [
        (("2023-04-03", "2024-03-01"), "terminee", "du 3 avril 2023 au 1er mars 2024"),
        (("2023-04-03", ""), "en-cours", "depuis le 3 avril 2023"),
        (("2023-04-03", ""), "terminee", "à partir du 3 avril 2023"),
        (("", "2024-03-01"), "terminee", "jusqu’au 1er mars 2024"),
        (("", ""), "en-cours", ""),
    ],
)
def test_period_of_an_initiative(dates, status, said):
    begun, ended = (datetime.date.fromisoformat(date) if date else None for date in dates)
    assert period(Initiative(started_on=begun, ended_on=ended, status=status)) == said


def test_successor_and_predecessors_are_linked(visitor):
    new = organisation("DREETS")
    old = organisation("DRDJSCS", successor=new)
    assert 'Elle est remplacée par <a href="/reseau/dreets/">DREETS</a>' in page(visitor, old)
    assert 'Remplace <a href="/reseau/drdjscs/">DRDJSCS</a>' in page(visitor, new)


def test_freshness_is_said(visitor):
    assert "Informations enregistrées le" in page(visitor, organisation(confirmed_on=None))
    assert "Informations confirmées le" in page(visitor, organisation())
    stale = page(visitor, organisation(confirmed_on=ago(600)))
    assert "Informations non confirmées depuis plus de 18 mois" in stale
    assert 'class="fresh stale"' in stale


def test_entry_that_refuses_messages_offers_the_centre(visitor):
    made = organisation("Les Lilas", contactable=False)
    shown = page(visitor, made)
    assert "Demander une mise en relation" in shown
    assert "/contact/?objet=Mise+en+relation" in shown
    write = visitor.get(f"{made.get_absolute_url()}ecrire/").content.decode()
    assert "Cette fiche ne reçoit pas de message par le site." in write
    assert 'class="form"' not in write


def test_unpublished_entry_exists_for_staff_only(visitor, stranger, powerless, administrator):
    made = organisation("Les Lilas", published=False)
    for path in ("", "ecrire/", "corriger/"):
        address = f"{made.get_absolute_url()}{path}"
        assert [client.get(address).status_code for client in (visitor, stranger, powerless)] == [404] * 3
        assert administrator.get(address).status_code == 200
    shown = page(administrator, made)
    assert "cette fiche n’est pas dans l’annuaire public" in shown
    assert f"/admin/network/organisation/{made.pk}/change/" in shown


def test_unknown_address_is_not_found(visitor):
    for path in ("/reseau/rien/", "/reseau/rien/ecrire/", "/reseau/rien/corriger/"):
        assert visitor.get(path).status_code == 404


def test_former_address_leads_to_the_new_one(visitor):
    made = organisation("Les Lilas")
    made.slug = "lilas"
    made.save()
    response = visitor.get("/reseau/les-lilas/")
    assert (response.status_code, response.headers["Location"]) == (301, "/reseau/lilas/")
    assert set(DirectoryAddress.objects.values_list("slug", flat=True)) == {"les-lilas", "lilas"}


def test_hostile_texts_are_escaped(visitor):
    bad = "<script>alert(1)</script>"
    made = organisation(bad, summary=bad, former_names=bad, address=bad, sources=bad)
    someone = person(bad, role=bad, organisation=made)
    started = initiative(bad, carriers=[made], summary=bad)
    for entry in (made, someone, started):
        for path in ("", "ecrire/", "corriger/"):
            assert "<script>alert" not in visitor.get(f"{entry.get_absolute_url()}{path}").content.decode()
    assert "<script>alert" not in visitor.get("/reseau/").content.decode()


def test_demonstration_is_said(visitor):
    assert "Démonstration" in page(visitor, organisation(is_demo=True))


@pytest.mark.parametrize("count", [1, 3, 300])
def test_query_count_of_an_organisation(visitor, django_assert_num_queries, count):
    made = organisation("Les Lilas", territories=["25056"], themes=["education"], audiences=["elus"], offers=["former"])
    _attach(made, count)
    visitor.get(made.get_absolute_url())
    # version, address, entry; 4 vocabularies; predecessors, parts; map; count, rows, themes, places of initiatives and people;
    # count, rows, themes, places, files of documents
    with django_assert_num_queries(24):
        shown = page(visitor, made)
    assert ("Voir les 300" in shown) is (count == 300)


def _attach(made, count: int) -> None:
    """So many people, initiatives and documents, each with a theme and a territory."""
    from network.models import Person, Territory, Theme
    from resources.models import Document, DocumentType
    from tests.factories.documents import LONG_AGO

    def rows(model, **fields):
        return model.objects.bulk_create(
            model(name=f"{model.__name__} {n}", slug=f"{model.__name__}-{n}", **fields) for n in range(count)
        )

    accord = {"basis": "consentement", "basis_on": ago(1), "basis_wording": "Oui.", "published": True}
    people = rows(Person, kind="expert", organisation=made, **accord)
    started = rows(Initiative)
    through = Initiative.carriers.through
    through.objects.bulk_create(through(initiative=row, organisation=made) for row in started)
    theme, place = Theme.objects.get(slug="education"), Territory.objects.get(code="25")
    for model, found in ((Person, people), (Initiative, started)):
        for field, value in (("themes", {"theme": theme}), ("territories", {"territory": place})):
            link = getattr(model, field).through
            link.objects.bulk_create(link(**{model.__name__.lower(): row}, **value) for row in found)
    kind = DocumentType.objects.get(slug="synthese")
    told = {"type": kind, "status": "published", "publish_at": LONG_AGO, "date": ago(1)}
    documents = Document.objects.bulk_create(Document(title=f"D{n}", slug=f"d-{n}", **told) for n in range(count))
    link = Document.organisations.through
    link.objects.bulk_create(link(document=row, organisation=made) for row in documents)
