"""What becomes of the records of a catalogue."""

import datetime

import pytest
from django.db import DataError

from network.models import Organisation, OrganisationKind
from resources import merging
from resources.counts import DocumentCount
from resources.importing import target
from resources.importing.recognition import Known
from resources.importing.target import DocumentOptions
from resources.importing.vocabulary import Vocabulary
from resources.models import Collection, Document
from resources.pairs import DocumentPair
from tests.factories.documents import document
from tests.resources.importing.conftest import told
from trajectoire.core import redirects
from trajectoire.core.importing import running

RIS = """TY  - RPRT
ID  - 12
TI  - Les conseils citoyens
AU  - Vauthier, Ana
PB  - Observatoire des quartiers
PY  - 2016
SN  - 978-2-906164-28-4
KW  - Mobilités
KW  - ornithologie
AB  - Un bilan.
UR  - https://exemple.fr/conseils.pdf
ER  -\x20
"""


def test_new_record_is_a_draft_with_what_it_says(bring):
    Organisation.objects.create(name="Observatoire des quartiers", kind=OrganisationKind.ASSOCIATION)
    run = bring("ris", RIS)
    made = Document.objects.get()
    assert run.counts == {"nouveau": 1}
    assert told(run) == [("nouveau", "Mots que le site n’a pas : ornithologie.")]
    assert (made.status, made.external, made.licence) == ("draft", True, "reserved")
    assert (made.title, made.authors, made.publisher) == ("Les conseils citoyens", "Vauthier, Ana", "Observatoire des quartiers")
    assert (made.date, made.date_precision, made.isbn) == (datetime.date(2016, 1, 1), "annee", "978-2-906164-28-4")
    assert (made.type.slug, made.url, made.summary) == ("ouvrage", "https://exemple.fr/conseils.pdf", "Un bilan.")
    assert [theme.slug for theme in made.themes.all()] == ["mobilites"]
    assert [row.name for row in made.organisations.all()] == ["Observatoire des quartiers"]


def test_second_run_of_the_same_file_changes_nothing(bring):
    bring("ris", RIS)
    before = Document.objects.values().get()
    again = bring("ris", RIS)
    assert again.counts == {"inchange": 1}
    assert Document.objects.values().get() == before


def test_same_file_under_another_name_changes_nothing(bring):
    bring("ris", RIS, name="export.ris")
    assert bring("ris", RIS, name="export (1).ris").counts == {"inchange": 1}


def test_try_says_what_the_import_does(bring):
    tried = bring("ris", RIS + RIS.replace("Un bilan.", "").replace("12", "13"), "essai")
    assert not Document.objects.exists()
    done = bring("ris", RIS + RIS.replace("Un bilan.", "").replace("12", "13"))
    assert tried.counts == done.counts == {"nouveau": 1, "inchange": 1}


def test_known_document_is_completed_never_replaced(bring):
    known = document("Les conseils citoyens !", date=datetime.date(2016, 3, 1), publisher="Observatoire des quartiers", isbn="")
    run = bring("ris", RIS)
    known.refresh_from_db()
    (line,) = run.lines.all()
    assert line.action == "complete"
    assert "Reconnu sur le site : « Les conseils citoyens ! » (même titre et même année)." in line.words
    assert "Résumé : « Ce que le document apporte, en une phrase. » est gardé, le fichier dit « Un bilan. »." in line.words
    assert (known.isbn, known.authors, known.date) == ("978-2-906164-28-4", "Vauthier, Ana", datetime.date(2016, 3, 1))
    assert {theme.slug for theme in known.themes.all()} == {"education", "mobilites"}


def test_known_document_is_replaced_when_asked(bring):
    known = document("Les conseils citoyens", date=datetime.date(2015, 3, 1), isbn="978-2-906164-28-4", publisher="")
    bring("ris", RIS, replace=True)
    known.refresh_from_db()
    assert (known.summary, known.date) == ("Un bilan.", datetime.date(2016, 1, 1))


def test_other_year_of_a_known_document_is_told(bring):
    document("Les conseils citoyens", date=datetime.date(2015, 3, 1), isbn="978-2-906164-28-4", publisher="")
    run = bring("ris", RIS)
    assert "Date : 2015-03-01 est gardée, le fichier dit 2016-01-01." in run.lines.get().words


def test_date_more_precise_completes(bring):
    known = document("Les conseils citoyens", date=datetime.date(2016, 1, 1), date_precision="annee", isbn="978-2-906164-28-4")
    bring("ris", RIS.replace("PY  - 2016", "DA  - 2016/05/12/"))
    known.refresh_from_db()
    assert (known.date, known.date_precision) == (datetime.date(2016, 5, 12), "jour")


def test_undoing_removes_what_was_made_and_gives_back_what_was_changed(bring):
    known = document("Un autre rapport", date=datetime.date(2016, 1, 1), publisher="", isbn="")
    run = bring("ris", RIS + RIS.replace("Les conseils citoyens", "Un autre rapport").replace("978-2-906164-28-4", ""))
    assert run.counts == {"nouveau": 1, "complete": 1}
    running.prepare(run, "annulation")
    running.carry_out(run.pk)
    known.refresh_from_db()
    assert Document.objects.get() == known
    assert (known.authors, [theme.slug for theme in known.themes.all()]) == ("", ["education"])


def test_key_of_another_catalogue_is_not_the_same_document(bring):
    bring("ris", RIS)
    run = bring("ris", "TY  - BOOK\nID  - 12\nTI  - Histoire du vélo\nER  - \n")
    assert run.counts == {"nouveau": 1}


def test_edited_title_is_still_recognised_by_its_key(bring):
    bring("ris", RIS.replace("SN  - 978-2-906164-28-4\n", ""))
    Document.objects.update(title="Les conseils citoyens : un premier bilan", date=None)
    assert bring("ris", RIS.replace("SN  - 978-2-906164-28-4\n", "")).counts == {"complete": 1}


def test_complete_records_are_published_when_asked(bring):
    run = bring(
        "ris",
        RIS
        + RIS.replace("ID  - 12", "ID  - 13")
        .replace("Les conseils", "Les autres conseils")
        .replace("AB  - Un bilan.\n", "")
        .replace("978-2-906164-28-4", "")
        .replace("conseils.pdf", "autres.pdf"),
        publish=True,
    )
    assert list(Document.objects.order_by("pk").values_list("status", flat=True)) == ["published", "draft"]
    assert "Reste un brouillon. Écrivez un résumé avant de publier" in run.lines.last().words


@pytest.mark.parametrize(
    ("ris", "reason"),
    [
        ("TI  - Les conseils citoyens\nSN  - 2-906164-28-3", "même ISBN"),
        ("TI  - Conseils citoyens\nUR  - http://www.exemple.fr/conseils.pdf/", "même adresse en ligne"),
        ("TI  - Les conseils citoyens : bilan\nPY  - 2016\nPB  - L'observatoire des quartiers", "même titre et même année"),
    ],
)
def test_document_is_recognised(bring, ris, reason):
    bring("ris", RIS)
    run = bring("bibtex", "@book{x, title = {rien}}") and bring("csl-json", "[]" if not ris else _csl(ris))
    assert f"({reason})" in run.lines.get().words
    assert "nouveau" not in run.counts


def _csl(ris: str) -> str:
    import json

    said = dict(line.split("  - ") for line in ris.splitlines())
    names = {"TI": "title", "SN": "ISBN", "UR": "URL", "PB": "publisher"}
    item = {names[tag]: value for tag, value in said.items() if tag in names}
    if "PY" in said:
        item["issued"] = {"date-parts": [[said["PY"]]]}
    return json.dumps([item])


def test_doubtful_likeness_is_proposed_not_joined(bring):
    known = document("Les conseils citoyens", date=None, publisher="", isbn="")
    run = bring("ris", RIS)
    pair = DocumentPair.objects.get()
    assert run.counts == {"nouveau": 1}
    assert "Ressemble à « Les conseils citoyens » (même titre, mais l’année n’est connue que d’un côté)." in run.lines.get().words
    assert (pair.first, pair.different) == (known, False)


def test_number_of_a_known_collection_is_kept_once(bring):
    series = Collection.objects.get(slug="cetavou")
    item = "TY  - BOOK\nTI  - {}\nT3  - cetavou\nM1  - 3\nER  - \n"
    run = bring("ris", item.format("Première journée") + item.format("Autre chose entièrement"))
    first, second = Document.objects.order_by("pk")
    assert (first.collection, first.number, second.collection, second.number) == (series, 3, series, None)
    assert "La collection a déjà un numéro 3 : ce numéro est laissé de côté." in run.lines.last().words


def test_unknown_collection_is_words_unless_asked(bring):
    item = "TY  - JOUR\nTI  - {}\nJO  - Esprit public\nIS  - {}\nER  - \n"
    bring("ris", item.format("Un article", 3))
    assert Document.objects.get().event_note == "Esprit public, n°\u00a03"
    bring("ris", item.format("Deux articles", 4) + item.format("Trois", 5), series=True)
    made = Document.objects.filter(collection__name="Esprit public")
    assert sorted(made.values_list("number", flat=True)) == [4, 5]


def test_known_document_joins_its_collection(bring):
    known = document("Première journée", date=None, publisher="", number=None)
    bring("ris", "TY  - BOOK\nTI  - Première journée\nT3  - cetavou\nM1  - 3\nER  - \n")
    known.refresh_from_db()
    assert (known.collection.slug, known.number) == ("cetavou", 3)


def test_old_address_leads_to_the_document(bring):
    table = "Titre;Ancienne adresse\nLe guide;https://ancien.fr/publications/guide.php\n"
    bring("documents", table, name="t.csv")
    made = Document.objects.get()
    assert redirects.target_of("/publications/guide.php", "") == made.get_absolute_url()
    assert bring("documents", table, name="t.csv").counts == {"inchange": 1}


def test_unknown_collection_is_made_once_and_found_by_its_name(bring):
    item = "TY  - JOUR\nTI  - {}\nJO  - {}\nIS  - {}\nER  - \n"
    bring("ris", item.format("Un", "Esprit public", 1) + item.format("Deux", "Esprit Public", 2), series=True)
    Collection.objects.filter(name="Esprit public").update(slug="revue")
    bring("bibtex", "@article{a, title={Trois}, journal={ESPRIT PUBLIC}, number=3}", series=True)
    assert list(Collection.objects.get(slug="revue").documents.values_list("number", flat=True).order_by("number")) == [1, 2, 3]


def test_collection_made_elsewhere_meanwhile_is_not_made_twice(bring, monkeypatch):
    """Staff makes it while a long import runs: what the run had read does not have it."""
    read = Vocabulary.__init__

    def and_then_staff_makes_it(self, default_type):
        read(self, default_type)
        Collection.objects.get_or_create(name="Esprit public", slug="esprit-public")

    monkeypatch.setattr(Vocabulary, "__init__", and_then_staff_makes_it)
    bring("ris", "TY  - JOUR\nTI  - Un\nJO  - Esprit public\nIS  - 1\nER  - \n", series=True)
    assert Collection.objects.filter(name="Esprit public").count() == 1
    assert Document.objects.get().collection.slug == "esprit-public"


def test_record_that_the_database_refuses_is_forgotten(bring, monkeypatch):
    """The next one of the same title is not taken for it."""
    store = target.store

    def fails_once(document_, fields):
        monkeypatch.setattr(target, "store", store)
        store(document_, fields)
        raise DataError("trop long")

    monkeypatch.setattr(target, "store", fails_once)
    run = bring("ris", RIS + RIS)
    assert run.counts == {"refuse": 1, "nouveau": 1}
    assert Document.objects.count() == 1


def test_document_made_by_an_import_and_gone_from_memory_is_read_again(bring, monkeypatch):
    bring("ris", RIS)
    monkeypatch.setattr(Known, "read", classmethod(lambda cls: cls()))
    assert bring("ris", RIS).counts == {"inchange": 1}


def test_type_of_what_says_none_is_chosen(bring):
    assert ("guide", "Guide") in [(slug, str(name)) for slug, name in DocumentOptions().fields["kind"].choices]
    bring("ris", "TY  - ZZZZ\nTI  - Un\nER  - \n", kind="guide")
    assert Document.objects.get().type.slug == "guide"


def test_readings_and_possible_doubles_do_not_keep_an_import_from_being_undone(bring):
    run = bring("ris", RIS)
    made = Document.objects.get()
    other = document("Les conseils citoyens", date=None, publisher="")
    DocumentCount.objects.create(document=made, day=datetime.date(2024, 3, 5), kind="view", count=3)
    assert merging.find_pairs() == 1
    running.prepare(run, "annulation")
    running.carry_out(run.pk)
    assert list(run.lines.values_list("undone", flat=True)) == ["retire"]
    assert Document.objects.get() == other
