"""Trainers and habilitations from tables: who is recognised, what is refused; nobody gets an account or a message."""

import datetime

import pytest

from tests.factories import tables, vrl
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.models import User
from trajectoire.core.outbox import OutgoingMail
from vrl.models import Habilitation, Trainer

pytestmark = pytest.mark.usefixtures("world")


def trainers(text: str, job: str = "import", **options) -> ImportRun:
    return tables.bring("formateurs", text, job, **options)


def habilitations(text: str, job: str = "import", **options) -> ImportRun:
    return tables.bring("habilitations", text, job, **options)


def test_trainer_comes_with_what_the_line_says_and_no_account():
    text = (
        "Nom;Prénom;Courriel;Portable;Structure;Accord le;Départements;Présentation;Parti le\n"
        "LOVELACE;Ada;ada@example.org;381123456;MJC;12 mars 2024;21, Doubs, 99;Des mathématiques;s.d.\n"
    )
    run = trainers(text)
    assert run.counts == {"nouveau": 1}
    made = Trainer.objects.get()
    assert (made.name, made.email, made.phone, made.employer) == ("Ada LOVELACE", "ada@example.org", "03 81 12 34 56", "MJC")
    assert (made.agreed_on, made.left_on, made.about) == (datetime.date(2024, 3, 12), None, "Des mathématiques")
    assert {place.code for place in made.departments.all()} == {"21", "25"}
    assert "Département «\u00a099\u00a0» inconnu" in tables.told(run)
    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert trainers(text).counts == {"inchange": 1}


def test_trainer_known_by_address_or_name_is_completed():
    known = vrl.trainer(user=None, level="", name="Lovelace Ada", email="", employer="MJC")
    run = trainers("nom complet;mail;employeur;dep;partie le\nAda Lovelace;ada@example.org;CCAS;25;12/03/2024\n")
    known.refresh_from_db()
    assert (run.counts, known.email, known.employer, known.left_on) == ({"complete": 1}, "ada@example.org", "MJC", None)
    assert {place.code for place in known.departments.all()} == {"21", "25"}
    assert "Employeur\u00a0: «\u00a0MJC\u00a0» est gardé" in tables.told(run)
    assert "Départ\u00a0: à noter sur sa fiche" in tables.told(run)
    assert trainers("mail;tel\nADA@example.org;0381123456\n").counts == {"complete": 1}
    tables.do(run, "annulation")
    known.refresh_from_db()
    assert known.email == ""


def test_same_person_twice_in_a_file_is_made_once():
    text = "nom complet;mail\nAda;a@example.org\nAda L;A@example.org\n"
    assert trainers(text, "essai").counts == {"nouveau": 1, "inchange": 1}
    assert not Trainer.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (";;12/03/2024", "l’un des deux est nécessaire"),
        (f"{'x' * 121};;", "plus de 120 caractères"),
        ("Ada;ada@;", "n’est pas complète"),
        ("Ada;;31/02/2024", "n’est pas lisible"),
        (";ada@example.org;", "cette adresse n’est celle de personne"),
        ("Double;;", "Deux personnes s’appellent"),
    ],
)
def test_trainer_that_cannot_be_read_is_refused(line, reason):
    for _ in range(2):
        vrl.trainer(user=None, level="", name="Double")
    run = trainers(f"nom complet;mail;accord\n{line}\nGrace;;\n")
    assert run.counts == {"refuse": 1, "nouveau": 1}
    assert reason in tables.told(run)


def test_habilitation_is_added_to_a_known_trainer():
    known = vrl.trainer(user=None, level="", name="Ada Lovelace")
    text = "nom complet;niveau;date;fin;état;donnée par;remarque\nAda Lovelace;N 2;12/03/2024;11/03/2027;actif;Le centre;Bien\n"
    assert habilitations(text).counts == {"nouveau": 1}
    row = Habilitation.objects.get()
    assert (row.trainer, row.level, row.state, row.granted_by, row.note) == (known, "n2", "active", "Le centre", "Bien")
    assert (row.obtained_on, row.expires_on) == (datetime.date(2024, 3, 12), datetime.date(2027, 3, 11))
    assert habilitations(text).counts == {"inchange": 1}
    run = habilitations(text.replace("actif", "retirée").replace("Bien", "Mal"))
    assert "État\u00a0: «\u00a0Active\u00a0» est gardé, le fichier dit «\u00a0Retirée\u00a0»." in tables.told(run)
    assert "Note\u00a0: «\u00a0Bien\u00a0» est gardé" in tables.told(run)


def test_habilitation_known_is_completed_and_given_back():
    vrl.trainer(user=None, name="Ada")
    day = Habilitation.objects.get().obtained_on
    run = habilitations(f"nom complet;niveau;date;fin\nAda;n2;{day};{day + datetime.timedelta(days=900)}\n")
    assert run.counts == {"complete": 1}
    assert Habilitation.objects.get().expires_on == day + datetime.timedelta(days=900)
    tables.do(run, "annulation")
    assert Habilitation.objects.get().expires_on is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Ada;N9;12/03/2024;;", "écrivez N1 ou N2."),
        ("Ada;N2;12/03/2024;;perdue", "est inconnu\u00a0: écrivez Active"),
        ("Ada;N2;s.d.;;", "La date d’obtention manque."),
        ("Ada;N2;12/03/2024;11/03/2023;", "vient après son début"),
        ("Grace;N2;12/03/2024;;", "importez-la d’abord"),
    ],
)
def test_habilitation_that_cannot_be_kept_is_refused(line, reason):
    vrl.trainer(user=None, level="", name="Ada")
    run = habilitations(f"nom complet;niveau;date;fin;état\n{line}\nAda;N1;12/03/2024;;\nAda;N1;12/03/2024;;\n", "import")
    assert run.counts == {"refuse": 1, "nouveau": 1, "inchange": 1}
    assert reason in tables.told(run)


def test_try_tells_the_same_habilitation_once():
    vrl.trainer(user=None, level="", name="Ada")
    assert habilitations("nom complet;niveau;date\nAda;N1;12/03/2024\nAda;N1;12/03/2024\n", "essai").counts == {
        "nouveau": 1,
        "inchange": 1,
    }
