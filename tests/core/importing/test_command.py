"""What the commands that import share: the file, the format, the choices, the counts, taking up what was killed."""

import io

import pytest
from django.core.management import CommandError, call_command

from network.models import Organisation
from tests.core.importing.toy import TABLE, TOY
from trajectoire.core.importing import contract
from trajectoire.core.importing.command import ImportCommand
from trajectoire.core.importing.records import ImportRun

pytestmark = pytest.mark.django_db


class Toys(ImportCommand):
    formats = (TOY.name, TABLE.name)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a|MJC||\nb|||\nc|||\n")
    return str(path)


def said(*words: str, out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    call_command(Toys(), *words, stdout=out)
    return out.getvalue()


def test_counts_and_reasons_are_said(file):
    told = said(file)
    assert "nouveau\u00a0: 1, complété\u00a0: 0, inchangé\u00a0: 0, à vérifier\u00a0: 0, refusé\u00a0: 2" in told
    assert "2 × Le nom manque." in told
    assert Organisation.objects.get().name == "MJC"


def test_try_writes_nothing(file):
    assert "nouveau\u00a0: 1" in said(file, "--essai")
    assert not Organisation.objects.exists()


def test_progress_is_shown_to_people_only(file):
    assert "\r3 enregistrements" in said(file, out=Terminal())
    assert "\r" not in said(file)
    assert "\r" not in said(file, "--verbosity", "0", out=Terminal())


def test_format_is_told_by_the_name_or_given(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Nom;Présentation\nMJC;Danse\n")
    said(str(path))
    said(str(path), "--format", "jouet-tableau", "--pieces", str(tmp_path))
    assert list(ImportRun.objects.values_list("importer", flat=True)) == ["jouet-tableau"] * 2
    assert ImportRun.objects.first().attachments_place == str(tmp_path)
    assert Organisation.objects.count() == 1


def test_table_that_is_none_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("")
    with pytest.raises(CommandError, match="vide"):
        said(str(path))


@pytest.mark.parametrize(("value", "kept"), [("oui", True), ("non", False)])
def test_choices_are_those_of_the_form(file, value, kept):
    said(file, "--option", f"replace={value}")
    assert ImportRun.objects.get().options == {"replace": kept}


def test_choices_not_said_are_those_of_the_form(file, monkeypatch):
    field = type("Field", (contract.Options.base_fields["replace"].__class__,), {})(required=False, initial=True)
    monkeypatch.setitem(contract.Options.base_fields, "replace", field)
    said(file)
    assert ImportRun.objects.get().options == {"replace": True}
    said(file, "--option", "replace=non")
    assert ImportRun.objects.first().options == {"replace": False}


@pytest.mark.parametrize("option", ["autre=oui", "replace"])
def test_unknown_choice_is_refused(file, option):
    with pytest.raises(CommandError, match=r"Options\s: replace"):
        said(file, "--option", option)


def test_wrong_choice_is_refused(file, monkeypatch):
    from django import forms

    monkeypatch.setitem(contract.Options.base_fields, "replace", forms.IntegerField())
    with pytest.raises(CommandError, match="replace"):
        said(file, "--option", "replace=x")


def test_absent_file_is_said():
    with pytest.raises(CommandError, match="Rien ne se trouve"):
        said("/absent.txt")


def test_interrupted_run_is_an_error(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("!\n")
    with pytest.raises(CommandError, match="Ce fichier est coupé"):
        said(str(path))


def test_killed_run_is_taken_up(file):
    said(file)
    run = ImportRun.objects.get()
    run.lines.filter(number=3).delete()
    ImportRun.objects.update(state="en-cours", alive_at=None, done=2, counts={"nouveau": 1, "refuse": 1})
    told = said(file)
    assert "Reprise après 2\u00a0enregistrements." in told
    run.refresh_from_db()
    assert (run.state, run.done, run.counts) == ("fait", 3, {"nouveau": 1, "refuse": 2})


def test_another_of_the_same_format_waits(file):
    ImportRun.objects.create(importer=TOY.name, name="x", state="en-cours")
    with pytest.raises(CommandError, match="est en cours"):
        said(file)
