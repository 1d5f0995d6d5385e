"""People registered elsewhere: of which event, in which state, how many places; nobody is written to."""

import pytest
import time_machine

from network.events import bringing, exporting
from network.events.models import Event, Registration
from network.events.registering import Refused
from network.events.registrations import RegistrationState as State
from tests.factories import events, tables
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.outbox import OutgoingMail

pytestmark = pytest.mark.usefixtures("world")


def bring(text: str | bytes, job: str = "import", **options) -> ImportRun:
    return tables.bring("inscriptions", text, job, **options)


def test_person_is_registered_with_little_and_nobody_is_written_to():
    made = events.event("Rencontre", days=(10,))
    run = bring(
        "Prénom;Nom;Courriel;Tel;Organisme;Fonction;Statut;Dép;Inscription;Besoin;Inscrit le\n"
        "Ada;Lovelace;Ada@example.org;381123456;MJC;Directrice;Bénévole;Côte-d’Or;Inscrite;une rampe;12/03/2026 09:30\n",
        event=made.get_absolute_url(),
    )
    assert run.counts == {"nouveau": 1}
    row = Registration.objects.get()
    assert (row.event, row.name, row.email, row.email_key) == (made, "Ada Lovelace", "Ada@example.org", "ada@example.org")
    assert (row.phone, row.structure, row.position, row.status) == ("03 81 12 34 56", "MJC", "Directrice", "benevole")
    assert (row.department, row.state, row.needs, row.newsletter_wording) == ("21", "confirmee", "", "")
    assert row.confirmed_at is not None
    assert row.queued_at.isoformat().startswith("2026-03-12T08:30")
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("word", "state"),
    [("", "confirmee"), ("OK", "confirmee"), ("Liste d’attente", "attente"), ("désistement", "annulee"), ("Refusé", "refusee")],
)
def test_state_is_said_by_words(word, state):
    events.event("Rencontre")
    bring(f"événement;nom;état\nrencontre;Ada;{word}\n")
    row = Registration.objects.get()
    assert (row.state, row.cancelled_at is not None) == (state, state == "annulee")


def test_place_offered_elsewhere_waits():
    events.event("Rencontre")
    assert "en liste d’attente" in tables.told(bring("événement;nom;état\nRencontre;Ada;Place proposée\n"))
    assert Registration.objects.get().state == State.WAITING


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Rencontre;;;;", "l’un des deux est nécessaire"),
        ("Rencontre;;Ada;ada@;", "n’est pas complète"),
        ("Rencontre;;Ada;;perdue", "est inconnu\u00a0: écrivez Confirmée"),
        (";;Ada;;", "De quel événement"),
        ("Ailleurs;;Ada;;", "Aucun événement ne s’appelle «\u00a0Ailleurs\u00a0»\u00a0: importez-le d’abord."),
        ("Rencontre;12/03/2001;Ada;;", "ce jour-là"),
        ("Double;;Ada;;", "Plusieurs événements s’appellent"),
    ],
)
def test_line_that_cannot_be_used_is_refused(line, reason):
    events.event("Rencontre")
    events.event("Double", days=(3,))
    events.event("Double", days=())
    run = bring(f"événement;date;nom;mail;état\n{line}\nRencontre;;Grace;;\n")
    assert run.counts == {"refuse": 1, "nouveau": 1}
    assert reason in tables.told(run)


def test_date_tells_apart_two_events_of_one_title():
    events.event("Double", days=(3,))
    made = events.event("Double", days=(10,))
    day = made.dates.get().starts_at.strftime("%d/%m/%Y")
    bring(f"événement;date;nom\nDouble;{day};Ada\n")
    assert Registration.objects.get().event == made


def test_places_are_respected_and_said():
    made = events.event("Rencontre", capacity=2)
    events.registration(made)
    text = "nom\nAda\nGrace\nAda\n"
    for job in ("essai", "import"):
        run = bring(text, job, event="Rencontre")
        assert run.counts == {"nouveau": 2, "inchange": 1}
        assert tables.told(run).count("Toutes les places sont prises\u00a0: en liste d’attente.") == 1
    assert list(Registration.objects.order_by("pk").values_list("state", flat=True)) == ["confirmee", "confirmee", "attente"]


def test_full_without_a_waiting_list_is_refused():
    events.event("Rencontre", capacity=0, waiting_list=False)
    run = bring("nom\nAda\n", event="Rencontre")
    assert "augmentez le nombre de places" in tables.told(run)
    assert not Registration.objects.exists()


def test_places_taken_meanwhile_are_seen_by_the_writer():
    made = events.event("Rencontre", capacity=1, waiting_list=False)
    bringing.bring(made, {"name": "Ada"}, "confirmee")
    with pytest.raises(Refused, match="augmentez le nombre de places"):
        bringing.bring(made, {"name": "Grace"}, "confirmee")
    with pytest.raises(Refused, match="déjà inscrite"):
        bringing.bring(made, {"name": "ADA"}, "confirmee")


def test_writer_refuses_in_the_report(monkeypatch):
    made = events.event("Rencontre", capacity=1, waiting_list=False)
    monkeypatch.setattr("network.events.importing.people.PeopleTarget._places", lambda *given: [])
    events.registration(made)
    assert bring("nom\nAda\n", event="Rencontre").counts == {"refuse": 1}


def test_event_that_took_place_keeps_everybody():
    made = events.event("Rencontre", days=(-40,), capacity=1)
    events.registration(made)
    run = bring("nom\nAda\n", event="Rencontre")
    assert "Plus de personnes que de places (1)" in tables.told(run)
    assert Registration.objects.filter(state="confirmee").count() == 2


def test_person_known_is_completed_never_moved():
    made = events.event("Rencontre")
    row = events.registration(made, "attente", email="ada@example.org", name="Ada", structure="MJC")
    run = bring("mail;nom;tel;structure;dep\nADA@example.org;Ada L.;0381123456;Autre;99\n", event="Rencontre")
    row.refresh_from_db()
    assert (run.counts, row.state, row.phone, row.structure) == ({"complete": 1}, "attente", "03 81 12 34 56", "MJC")
    told = tables.told(run)
    assert "État\u00a0: «\u00a0En liste d’attente\u00a0» est gardé" in told
    assert "Structure\u00a0: «\u00a0MJC\u00a0» est gardé, le fichier dit «\u00a0Autre\u00a0»." in told
    assert "Département «\u00a099\u00a0» inconnu" in told
    tables.do(run, "annulation")
    row.refresh_from_db()
    assert row.phone == ""


@time_machine.travel("2026-03-02 09:00:00+01:00")
@pytest.mark.parametrize("extension", ["csv", "ods", "xlsx"])
def test_our_own_lists_read_again_change_nothing(extension):
    made = events.event("Rencontre", days=(-10,), capacity=3)
    events.registration(made, phone="03 81 12 34 56", status="benevole", department="21", needs="une rampe")
    for state in ("attente", "annulee", "proposee", "candidature", "refusee"):
        events.registration(made, state)
    events.registration(made, email="", name="Passante", walk_in=True)
    _, pieces = exporting.write(Event.objects.get(), extension)
    run = bring(b"".join(pieces), name=f"participants.{extension}", event="Rencontre")
    assert (run.counts, tables.told(run).strip()) == ({"inchange": 7}, "")
