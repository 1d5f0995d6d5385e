"""Events from a table: titles recognised, French days and hours, what is refused; our own exports, read again."""

from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from network.events import listings
from network.events.models import Event, EventDate
from network.models import Audience, Territory, Theme
from tests.factories import events, tables
from trajectoire.core import spreadsheets
from trajectoire.core.importing.records import ImportRun

pytestmark = pytest.mark.usefixtures("world")


def bring(text: str | bytes, job: str = "import", **options) -> ImportRun:
    return tables.bring("evenements", text, job, **options)


def days(event: Event) -> list[tuple[str, str]]:
    return [(str(date), str(EventDate(starts_at=date.ends_at))[-5:]) for date in event.dates.all()]


def test_line_becomes_a_draft_with_all_it_says():
    theme, audience = Theme.objects.first(), Audience.objects.first()
    run = bring(
        "Intitulé;Date;Heure;Type;Résumé;Description;Statut;Modalité;Lieu;Ville;Thématique;Public;Territoire;Jauge;Lien visio;URL\n"
        f"Santé et quartiers;12/03/2026;14h-16h30;webinaire;En bref;Le texte.;Annulé;hybride;Salle 2, 1 rue Haute;Besançon;{theme};"
        f"{audience.name};25056;30;visio.example.org/a;https://ancien.example.org/sante\n"
    )
    assert run.counts == {"nouveau": 1}
    event = Event.objects.get()
    assert (event.title, event.kind, event.status, event.mode) == ("Santé et quartiers", "webinaire", "annule", "mixte")
    assert (event.summary, event.body, event.capacity, event.registering) == ("En bref", "<p>Le texte.</p>", 30, "immediate")
    assert (event.venue, event.address, event.place.code) == ("Salle 2", "1 rue Haute", "25056")
    assert (event.online_url, event.published) == ("https://visio.example.org/a", False)
    assert days(event) == [("12/03/2026 14:00", "16:30")]
    assert [theme.pk] == list(event.themes.values_list("pk", flat=True))
    assert [audience.pk] == list(event.audiences.values_list("pk", flat=True))
    assert event.territories.get().code == "25056"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("12 mars 2026;;;;", [("12/03/2026 09:00", "17:00")]),
        ("12/03/2026 14:00;;;;", [("12/03/2026 14:00", "16:00")]),
        ("2026-03-12 00:00:00;2026-03-12 00:00:00;;10h;12h", [("12/03/2026 10:00", "12:00")]),
        ("12/03/2026;13/03/2026;;;", [("12/03/2026 09:00", "17:00"), ("13/03/2026 09:00", "17:00")]),
        ("12/03/2026;;;23h;", [("12/03/2026 23:00", "23:59")]),
        (";;12 mars 2026, 9 h – 12 h | 14 mars 2026;;", [("12/03/2026 09:00", "12:00"), ("14/03/2026 09:00", "17:00")]),
        ("s.d.;;;;", []),
    ],
)
def test_days_and_hours_as_people_write_them(cells, expected):
    bring(f"titre;début;fin;dates;heure de début;heure de fin\nRéunion;{cells}\n")
    assert days(Event.objects.get()) == expected


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("titre", "", "Le titre manque."),
        ("titre", "x" * 201, "plus de 200 caractères"),
        ("début", "31/02/2026", "n’est pas lisible"),
        ("fin", "01/03/2026", "La fin vient avant le début."),
        ("état", "perdu", "est inconnu\u00a0: écrivez Programmé"),
        ("mode", "télépathie", "est inconnu\u00a0: écrivez Présentiel"),
        ("places", "beaucoup", "n’est pas un nombre"),
        ("visio", "javascript:alert(1)", "n’est pas l’adresse d’un site"),
        ("places", "999999", "Vide suffit"),
    ],
)
def test_wrong_cell_refuses_its_line_only(column, value, reason):
    headers = ["titre", "début", "fin", "état", "mode", "places", "visio"]
    good = {"titre": "Réunion", "début": "12/03/2026"}
    lines = [";".join((good | {column: value}).get(name, "") for name in headers), "Autre;12/03/2026;;;;;"]
    run = bring("\n".join([";".join(headers), *lines]))
    assert run.counts == {"refuse": 1, "nouveau": 1}
    assert reason in tables.told(run)


@pytest.mark.parametrize(
    ("column", "value", "note"),
    [
        ("nature", "Grand-messe", "Nature «\u00a0Grand-messe\u00a0» inconnue"),
        ("thèmes", "Astrologie", "Thème «\u00a0Astrologie\u00a0»\u00a0: inconnu ou ambigu"),
        ("commune", "Absente", "Commune «\u00a0Absente\u00a0» inconnue"),
        ("lieu", "", "Les heures manquent"),
    ],
)
def test_what_is_not_known_is_told_and_the_event_kept(column, value, note):
    run = bring(f"titre;date;{column}\nCopil du contrat;12/03/2026;{value}\n")
    assert run.counts == {"nouveau": 1}
    assert note in tables.told(run)
    assert Event.objects.get().private  # a steering committee


def test_event_already_there_is_completed_or_kept():
    made = events.event("Réunion", days=(), venue="MJC")
    events.add_date(made, 10)
    day = made.dates.get().starts_at.strftime("%d/%m/%Y")
    text = f"titre;date;description;lieu;thèmes\nRÉUNION;{day};Le texte.;Ailleurs;{Theme.objects.first()}\n"
    run = bring(text)
    made.refresh_from_db()
    assert (run.counts, made.summary, made.venue) == ({"complete": 1}, "Le texte.", "MJC")
    assert made.themes.count() == 1
    assert bring(text).counts == {"inchange": 1}
    tables.do(run, "annulation")
    made.refresh_from_db()
    assert (made.summary, made.themes.count()) == ("", 0)


def test_same_event_on_two_lines_is_made_once():
    text = "titre;date\nRéunion;12/03/2026\nréunion;12/03/2026\n"
    assert bring(text, "essai").counts == {"nouveau": 1, "inchange": 1}
    assert bring(text).counts == {"nouveau": 1, "inchange": 1}


@time_machine.travel("2026-03-02 09:00:00+01:00")
@pytest.mark.parametrize("extension", ["csv", "ods", "xlsx"])
def test_our_own_exports_read_again_change_nothing(extension):
    made = events.event("=Rencontre ; à Besançon", days=(10, 11), summary="En deux jours.", venue="MJC", mode="mixte")
    made.themes.set(Theme.objects.all())
    made.territories.set(Territory.objects.filter(code__in=["25", "25056"]))
    events.event("Webinaire", mode="en-ligne", status="annule", days=(5,))
    events.event("Atelier", address="1 rue Haute", place=Territory.objects.get(code="25056"))
    columns = listings.AGENDA.faces.columns
    rows = [[column.value(event) for column in columns] for event in Event.objects.order_by("pk").for_cards()]
    header = [column.label for column in columns]
    write = {
        "csv": lambda: spreadsheets.write_csv(header, rows),
        "ods": lambda: spreadsheets.write_ods(header, rows, "Agenda"),
        "xlsx": lambda: spreadsheets.write_xlsx(header, rows, "Agenda"),
    }
    run = bring(b"".join(write[extension]()), name=f"agenda.{extension}")
    assert (run.counts, tables.told(run).strip()) == ({"inchange": 3}, "")


def test_old_address_leads_to_the_new_page():
    run = bring(f"titre;date;url\nA;12/03/2026;https://ancien.example.org/a\nB;12/03/2026;{settings.SITE_URL}/agenda/absente/\n")
    assert run.counts == {"nouveau": 2}


class TestCommands:
    def run(self, name: str, path, *words: str) -> str:
        out = StringIO()
        call_command(name, str(path), *words, stdout=out)
        return out.getvalue()

    def test_kind_of_table_must_be_said(self, tmp_path):
        path = tmp_path / "agenda.csv"
        path.write_text("titre;date\nRéunion;12/03/2026\n")
        with pytest.raises(CommandError, match="--format"):
            self.run("import_table", path)
        assert "nouveau\u00a0: 1" in self.run("import_table", path, "--format", "evenements", "--essai")
        assert not Event.objects.exists()
        assert "nouveau\u00a0: 1" in self.run("import_events", path)
        assert Event.objects.get().title == "Réunion"
