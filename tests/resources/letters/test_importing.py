"""A list brought with the proof of each agreement: what is missing is said, line by line; nobody who left comes back."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from resources.alerts.models import Subscriber
from resources.letters import importing, subscribing
from resources.letters.models import Subscription
from trajectoire.core import tables

from .conftest import DAY, TUESDAY

pytestmark = pytest.mark.usefixtures("clock")
PROOF = "Bulletin papier, salon de Dijon"


def bring(*lines: str, header: str = "E-mail;Date;Accord"):
    return importing.bring(tables.read("liste.csv", "\n".join([header, *lines]).encode()))


def test_person_comes_with_the_date_and_the_words_of_the_agreement(world):
    outcome = bring(f"Ada@example.org;12/03/2024;{PROOF}")
    assert (outcome.added, outcome.known, outcome.refused) == (1, 0, [])
    kept = Subscription.objects.get()
    day = datetime.datetime(2024, 3, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert (kept.subscriber.email, kept.confirmed_at, kept.consent) == ("Ada@example.org", day, PROOF)
    assert kept.subscriber.seen_at == day  # asked again three years after it
    assert Subscription.objects.active().exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"ada@;12/03/2024;{PROOF}", "Cette adresse n’est pas complète."),
        (f";12/03/2024;{PROOF}", "Cette adresse n’est pas complète."),
        (f'"a@b.fr, c@d.fr";12/03/2024;{PROOF}', "Cette adresse n’est pas complète."),
        (f"=cmd|'/c calc'!A0;12/03/2024;{PROOF}", "Cette adresse n’est pas complète."),
        (f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.fr;12/03/2024;{PROOF}", "Cette adresse est trop longue."),
        (f"ada@example.org;;{PROOF}", "L’accord n’est pas prouvé\u00a0: il manque sa date ou son texte."),
        ("ada@example.org;12/03/2024;", "L’accord n’est pas prouvé\u00a0: il manque sa date ou son texte."),
        ("ada@example.org", "L’accord n’est pas prouvé\u00a0: il manque sa date ou son texte."),
        (f"ada@example.org;oui;{PROOF}", "La date de l’accord n’est pas lisible\u00a0: écrivez-la 31/12/2025."),
        (f"ada@example.org;31/02/2024;{PROOF}", "La date de l’accord n’est pas lisible\u00a0: écrivez-la 31/12/2025."),
        (f"ada@example.org;04/03/2026;{PROOF}", "La date de l’accord est à venir."),
    ],
)
def test_line_without_what_it_needs_is_refused_with_words(world, line, reason):
    outcome = bring(line, f"grace@example.org;12/03/2024;{PROOF}")
    assert outcome.added == 1
    assert [(number, why) for number, _, why in outcome.refused] == [(2, reason)]


@pytest.mark.parametrize(
    "date", ["2024-03-12", "12/03/2024", "12-03-2024", "12.03.2024", "2024-03-12 00:00:00", "2024-03-12T10:30:00"]
)
def test_dates_as_people_and_spreadsheets_write_them(date):
    assert importing.moment(date) == datetime.datetime(2024, 3, 12, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    "header", ["courriel;Consentement le;Preuve", "Adresse;Date d’accord;Source", "EMAIL;DATE;Texte de l’accord"]
)
def test_columns_as_people_name_them(world, header):
    assert bring(f"ada@example.org;12/03/2024;{PROOF}", header=header).added == 1


def test_missing_columns_are_named(world):
    with pytest.raises(ValidationError) as refused:
        bring("ada@example.org", header="E-mail")
    assert refused.value.message.startswith("Il manque une colonne\u00a0: date, accord. ")


def test_address_comes_once_whatever_its_case(world):
    assert bring(*(f"{email};12/03/2024;{PROOF}" for email in ("ada@example.org", "ADA@example.org"))).known == 1
    again = bring(f"Ada@Example.org;12/03/2024;{PROOF}")
    assert (again.added, again.known) == (0, 1)
    assert Subscription.objects.count() == 1


def test_who_left_since_does_not_come_back(world, reader):
    subscribing.leave(reader())
    outcome = bring(f"ADA@example.org;02/03/2026;{PROOF}")
    assert outcome.refused == [(2, "ADA@example.org", "Cette personne s’est désabonnée depuis.")]
    assert not Subscriber.objects.exists()


def test_who_agreed_again_after_leaving_comes_back(world, reader, clock):
    subscribing.leave(reader())
    clock.move_to(TUESDAY + 2 * DAY)
    assert bring(f"ada@example.org;05/03/2026;{PROOF}").added == 1


def test_who_has_alerts_keeps_one_row_and_its_date(world, alert):
    alert()
    bring(f"ADA@example.org;12/03/2024;{PROOF}")
    assert Subscription.objects.get().subscriber == Subscriber.objects.get()
    assert Subscriber.objects.get().seen_at == TUESDAY


def test_query_count_does_not_grow(world, django_assert_num_queries):
    for count in (1, 4):
        lines = [f"p{count}{number}@example.org;12/03/2024;{PROOF}" for number in range(count)]
        with django_assert_num_queries(7):
            bring(*lines)
