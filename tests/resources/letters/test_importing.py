"""A list brought with the proof of each agreement: what is missing is said, line by line; nobody who left comes back."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from resources.alerts.models import Subscriber
from resources.letters import importing, subscribing
from resources.letters.models import Subscription
from resources.letters.subscriptions_admin import HEADER, TITLE, _rows
from tests.factories import tables
from trajectoire.core import spreadsheets
from trajectoire.core.importing.records import ImportRun
from trajectoire.core.outbox import OutgoingMail

from .conftest import DAY, TUESDAY

pytestmark = pytest.mark.usefixtures("clock")
PROOF = "Bulletin papier, salon de Dijon"


def bring(*lines: str, header: str = "E-mail;Date;Accord", job: str = "import") -> ImportRun:
    return tables.bring("abonnements", "\n".join([header, *lines]), job)


def test_person_comes_with_the_date_and_the_words_of_the_agreement(world):
    assert bring(f"Ada@example.org;12/03/2024;{PROOF}").counts == {"nouveau": 1}
    kept = Subscription.objects.get()
    day = datetime.datetime(2024, 3, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert (kept.subscriber.email, kept.confirmed_at, kept.consent) == ("Ada@example.org", day, PROOF)
    assert kept.subscriber.seen_at == day  # asked again three years after it
    assert Subscription.objects.active().exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"ada@;12/03/2024;{PROOF}", "n’est pas complète."),
        (f";12/03/2024;{PROOF}", "L’adresse e-mail manque."),
        (f'"a@b.fr, c@d.fr";12/03/2024;{PROOF}', "n’est pas complète."),
        (f"=cmd|'/c calc'!A0;12/03/2024;{PROOF}", "n’est pas complète."),
        (
            f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.fr;12/03/2024;{PROOF}",
            "Cette adresse e-mail est trop longue.",
        ),
        (f"ada@example.org;;{PROOF}", "L’accord n’est pas prouvé\u00a0: il manque sa date ou son texte."),
        ("ada@example.org;12/03/2024;", "L’accord n’est pas prouvé\u00a0: il manque sa date ou son texte."),
        ("ada@example.org", "L’accord n’est pas prouvé\u00a0: il manque sa date ou son texte."),
        (f"ada@example.org;oui;{PROOF}", "n’est pas lisible\u00a0: écrivez-la 31/12/2025."),
        (f"ada@example.org;31/02/2024;{PROOF}", "n’est pas lisible\u00a0: écrivez-la 31/12/2025."),
        (f"ada@example.org;s.d.;{PROOF}", "L’accord n’est pas prouvé"),
        (f"ada@example.org;04/03/2026;{PROOF}", "La date de l’accord est à venir."),
    ],
)
def test_line_without_what_it_needs_is_refused_with_words(world, line, reason):
    run = bring(line, f"grace@example.org;12/03/2024;{PROOF}")
    assert run.counts == {"nouveau": 1, "refuse": 1}
    refused = run.lines.get(action="refuse")
    assert refused.number == 2
    assert reason in refused.words


@pytest.mark.parametrize(
    "header", ["courriel;Consentement le;Preuve", "Adresse;Date d’accord;Source", "EMAIL;DATE;Texte de l’accord"]
)
def test_columns_as_people_name_them(world, header):
    assert bring(f"ada@example.org;12/03/2024;{PROOF}", header=header).counts == {"nouveau": 1}


def test_missing_columns_are_named(world):
    assert "quelle colonne est «\u00a0Date de l’accord\u00a0»" in bring("ada@example.org", header="E-mail").error


def test_address_comes_once_whatever_its_case(world):
    twice = [f"{email};12/03/2024;{PROOF}" for email in ("ada@example.org", "ADA@example.org")]
    assert bring(*twice, job="essai").counts == bring(*twice).counts == {"nouveau": 1, "inchange": 1}
    assert bring(f"Ada@Example.org;12/03/2024;{PROOF}").counts == {"inchange": 1}
    assert Subscription.objects.count() == 1


def test_who_left_since_does_not_come_back(world, reader):
    subscribing.leave(reader())
    run = bring(f"ADA@example.org;02/03/2026;{PROOF}")
    assert (run.counts, run.lines.get().words) == ({"refuse": 1}, importing.LEFT)
    assert not Subscriber.objects.exists()


def test_who_agreed_again_after_leaving_comes_back(world, reader, clock):
    subscribing.leave(reader())
    clock.move_to(TUESDAY + 2 * DAY)
    assert bring(f"ada@example.org;05/03/2026;{PROOF}").counts == {"nouveau": 1}


@pytest.mark.parametrize("state", ["Désabonné", "Unsubscribed", "cleaned", "Liste noire", "Hard bounced"])
def test_who_is_unsubscribed_elsewhere_stays_so(world, state):
    run = bring(f"ada@example.org;12/03/2024;{PROOF};{state}", header="E-mail;Date;Accord;Statut")
    assert "ne veut plus de lettre" in tables.told(run)
    assert not Subscription.objects.exists()


def test_who_has_alerts_keeps_one_row_and_its_date(world, alert):
    alert()
    bring(f"ADA@example.org;12/03/2024;{PROOF}")
    assert Subscription.objects.get().subscriber == Subscriber.objects.get()
    assert Subscriber.objects.get().seen_at == TUESDAY


def test_our_own_list_read_again_changes_nothing_and_nobody_is_written_to(world, reader):
    reader()
    reader("morte@example.org", dead_at=TUESDAY)
    reader("attente@example.org", confirmed_at=None, consent="")
    written = b"".join(spreadsheets.write_xlsx(HEADER, _rows(), TITLE))
    again = tables.bring("abonnements", written, name="abonnements.xlsx")
    assert again.counts == {"inchange": 2, "refuse": 1}  # an agreement that was never given proves nothing
    Subscription.objects.all().delete()
    assert tables.bring("abonnements", written, name="abonnements.xlsx").counts == {"nouveau": 2, "refuse": 1}
    assert Subscription.objects.active().get().subscriber.email == "ada@example.org"
    assert not OutgoingMail.objects.exists()


def test_request_that_waits_is_left_as_it_is(world, reader):
    reader(confirmed_at=None)
    run = bring(f"ada@example.org;12/03/2024;{PROOF}")
    assert (run.counts, Subscription.objects.get().confirmed_at) == ({"inchange": 1}, None)
    assert "attend d’être confirmée" in tables.told(run)


def test_only_who_may_import_people(documentalist, powerless, world):
    page = "/admin/core/importrun/add/abonnements/"
    assert [one.get(page).status_code for one in (documentalist, powerless)] == [200, 403]
