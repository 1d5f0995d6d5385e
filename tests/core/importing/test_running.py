"""A run, from its file to its lines: tried, imported, imported again, and what goes wrong on the way."""

import datetime
import os
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from network.models import Organisation
from tests.core.importing.conftest import do
from tests.core.importing.toy import TOY, ToyTarget
from tests.factories.directory import organisation
from trajectoire.core import retention
from trajectoire.core.importing import Record, carrying, contract, records, running
from trajectoire.core.importing.records import ImportRun, Origin
from trajectoire.core.redirects import OldAddress

pytestmark = pytest.mark.django_db
FILE = "a|MJC|Danse|\nb|CCAS||\nc|||\nd|Doute||\ne|Panne||\n"


def outcomes(run: ImportRun) -> list[tuple[int, str]]:
    return list(run.lines.values_list("number", "action"))


def test_try_tells_every_line_and_writes_nothing_else(bring):
    run = bring(FILE, "essai")
    assert outcomes(run) == [(1, "nouveau"), (2, "nouveau"), (3, "refuse"), (4, "doute"), (5, "refuse")]
    assert (run.state, run.done, run.total, run.counts) == ("fait", 5, 5, {"nouveau": 2, "refuse": 2, "doute": 1})
    words = list(run.lines.values_list("words", flat=True))
    assert words[2:4] == ["Le nom manque.", "Deux structures portent ce nom."]
    assert "erreur inattendue" in words[4]
    assert not Organisation.objects.exists()
    assert not Origin.objects.exists()


def test_import_does_what_the_try_told(bring):
    run = bring(FILE, "essai", "import")
    assert run.counts == {"nouveau": 2, "refuse": 2, "doute": 1}
    assert set(Organisation.objects.values_list("name", flat=True)) == {"MJC", "CCAS"}
    first = run.lines.first()
    assert first.target == Organisation.objects.get(name="MJC")


def test_second_run_changes_nothing(bring):
    bring(FILE, "import")
    Organisation.objects.filter(name="MJC").update(name="MJC du centre")
    again = bring(FILE, "import")
    assert again.counts == {"inchange": 2, "refuse": 2, "doute": 1}
    assert Organisation.objects.count() == 2


def test_same_thing_under_another_key_is_recognised_then_remembered(bring):
    held = organisation("MJC")
    run = bring("x|MJC||\n", "import")
    assert run.counts == {"inchange": 1}
    assert Origin.objects.get().object_id == held.pk
    assert OldAddress.objects.get().target == held.get_absolute_url()


def test_object_deleted_by_staff_is_brought_again(bring):
    bring("a|MJC||\n", "import")
    Organisation.objects.all().delete()
    assert bring("a|MJC||\n", "import").counts == {"nouveau": 1}
    assert Origin.objects.count() == 1


def test_people_leave_no_fingerprint(bring, monkeypatch):
    monkeypatch.setattr(contract, "_importers", {"jouet": _without_memory()})
    assert bring("a|MJC||\n", "import").counts == {"nouveau": 1}
    assert not Origin.objects.exists()


def _without_memory():
    from dataclasses import replace

    return replace(TOY, remembered=False)


def test_what_is_filled_is_kept_and_told_unless_asked(bring):
    organisation("MJC", summary="Théâtre")
    run = bring("a|MJC|Danse|\n", "import")
    assert (run.counts, run.lines.get().words) == ({"inchange": 1}, "Présentation\u00a0: «\u00a0Théâtre\u00a0» est gardée.")
    run = bring("a|MJC|Danse|\n", "import", options={"replace": True})
    assert run.counts == {"complete": 1}
    assert Organisation.objects.get().summary == "Danse"


@pytest.mark.parametrize(("seconds", "size"), [(0, 200), (60, 2)])
def test_batches_are_cut_by_time_and_number(bring, monkeypatch, seconds, size):
    monkeypatch.setattr(running, "BATCH_SECONDS", seconds)
    monkeypatch.setattr(running, "BATCH", size)
    assert bring(FILE, "import").counts == {"nouveau": 2, "refuse": 2, "doute": 1}
    assert Organisation.objects.count() == 2


def test_heavy_records_make_small_batches(bring, monkeypatch):
    monkeypatch.setattr(running, "BATCH_CHARACTERS", 2)
    told = []
    run = bring("a|MJC||\nb|CCAS||\n")
    running.prepare(run, "import")
    running.carry_out(run.pk, lambda run: told.append(run.done))
    assert told == [1, 2]


def test_file_cut_in_the_middle_keeps_what_stood_before(bring, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 1)
    run = bring("a|MJC||\n!\n", "import")
    assert (run.state, run.error, run.done) == ("arrete", "Ce fichier est coupé.", 1)
    assert Organisation.objects.count() == 1


def test_record_that_the_database_refuses(bring, monkeypatch):
    def write(self, record, planned):
        raise DatabaseError("trop long")

    monkeypatch.setattr(ToyTarget, "write", write)
    run = bring("a|MJC||\n", "import")
    assert run.lines.get().words == carrying.IMPOSSIBLE


def test_record_refused_by_its_own_checks(bring):
    run = bring(f"a|{'x' * 300}||\nb|CCAS||\n", "import")
    assert run.counts == {"refuse": 1, "nouveau": 1}
    assert "200" in run.lines.first().words


def test_database_that_goes_away_stops_the_run(bring, monkeypatch):
    def plan(self, record):
        raise OperationalError("partie")

    monkeypatch.setattr(ToyTarget, "plan", plan)
    run = bring("a|MJC||\n", "import")
    assert (run.state, run.done) == ("arrete", 0)
    assert "reprenez l’import" in run.error


def test_format_that_breaks_stops_the_run_and_says_so(bring, monkeypatch):
    monkeypatch.setattr(ToyTarget, "finish", lambda self: 1 / 0)
    run = bring("a|MJC||\n", "import")
    assert (run.state, run.error) == ("arrete", running.UNEXPECTED)


def test_run_taken_by_another_stops_without_a_word(bring, monkeypatch):
    plan = ToyTarget.plan

    def taken(self, record):
        ImportRun.objects.update(turn=99)
        return plan(self, record)

    monkeypatch.setattr(running, "BATCH", 1)
    monkeypatch.setattr(ToyTarget, "plan", taken)
    run = bring("a|MJC||\nb|CCAS||\n", "import")
    assert (run.state, run.turn) == ("en-cours", 99)
    assert not Organisation.objects.filter(name="CCAS").exists()


def test_nobody_takes_what_another_holds(bring):
    run = bring("a|MJC||\n")
    running.prepare(run, "import")
    ImportRun.objects.update(alive_at=timezone.now(), worker=records.this_process())
    running.carry_out(run.pk)
    assert not Organisation.objects.exists()
    with pytest.raises(running.Busy, match="déjà en cours"):
        running.prepare(run, "import")


@pytest.mark.parametrize(
    ("worker", "minutes", "silent"),
    [("here", 0, False), ("here", 6, True), ("gone", 0, True), ("ailleurs:1", 0, False), ("root", 0, False)],
)
def test_process_that_died_is_seen(worker, minutes, silent):
    machine = records.this_process().rsplit(":", 1)[0]
    named = {"here": records.this_process(), "gone": f"{machine}:999999999", "root": f"{machine}:1"}
    alive = timezone.now() - datetime.timedelta(minutes=minutes)
    run = ImportRun(state="en-cours", alive_at=alive, worker=named.get(worker, worker))
    assert run.is_silent is silent


def test_process_of_someone_else_lives(monkeypatch):
    def refuse(pid, signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert records.may_live(records.this_process())


def test_long_reading_shows_that_it_lives(bring, monkeypatch):
    monkeypatch.setattr(running, "BEAT_SECONDS", -1)
    assert bring(FILE, "import").state == "fait"


def test_many_objects_finished(bring, monkeypatch):
    monkeypatch.setattr(carrying, "AT_A_TIME", 1)
    bring("a|MJC|La suite|\nb|CCAS|La suite|\n", "import")
    assert Organisation.objects.filter(address="1 rue de la Suite").count() == 2


def test_nothing_that_a_database_refuses_comes_in():
    record = Record(1, "k\0", " a\n b\0 ", {"x": ["\ud800y", ("z\0", 1)], "n": {"m": "\0"}})
    clean = carrying.clean(record)
    assert (clean.key, clean.label, clean.values) == ("k", "a b", {"x": ["y", ["z", 1]], "n": {"m": ""}})
    assert carrying.clean(Record(7, "", "")).label == "n°\u00a07"


def test_started_once_committed(bring, django_capture_on_commit_callbacks):
    run = bring("a|MJC||\n")
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        running.start(run, "import")
        assert not Organisation.objects.exists()
    assert Organisation.objects.exists()


def test_file_kept_elsewhere_than_on_a_disk_is_read(bring, settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "tests.core.importing.toy.Elsewhere"}}
    run = bring("a|MJC||\n", "import")
    assert (run.state, run.error) == ("fait", "")


def test_file_of_the_server_or_address_is_read_in_its_place(tmp_path, db, monkeypatch):
    (tmp_path / "a.txt").write_text("a|MJC||\n")
    run = ImportRun.objects.create(importer="jouet", name="a.txt", place=str(tmp_path / "a.txt"))
    do(run, "import")
    assert (str(run), run.state) == ("a.txt", "fait")
    assert str(run.lines.get()) == "MJC"
    assert str(Origin.objects.get()) == records.digest_of("jouet", "a")
    with running.local(run) as place:
        assert place == Path(run.place)


def test_old_runs_go_with_their_files(bring, django_capture_on_commit_callbacks):
    run = bring("a|MJC||\n", "import")
    ImportRun.objects.update(created_at=timezone.now() - datetime.timedelta(days=366))
    rule = next(rule for rule in retention.rules() if rule.label == "Fichiers et comptes rendus d’import")
    with django_capture_on_commit_callbacks(execute=True):
        assert rule.erase(timezone.now()) == 1
    assert not run.file.storage.exists(run.file.name)
    assert Organisation.objects.exists()
