"""Undoing an import: what nobody touched since goes or comes back; the rest stays, and the report says why."""

import pytest
from django.contrib.contenttypes.models import ContentType

from network.models import Organisation, Theme
from tests.core.importing.conftest import do
from tests.factories.directory import initiative, organisation
from trajectoire.core.importing import running, touching
from trajectoire.core.importing.records import ImportLine, ImportRun, Origin
from trajectoire.core.redirects import OldAddress

pytestmark = pytest.mark.django_db


def undone(run: ImportRun) -> dict[str, str]:
    return dict(run.lines.exclude(undone="").values_list("label", "undone"))


def test_what_was_made_goes_with_its_address_and_its_origin(bring):
    run = bring("a|MJC||\nb|CCAS||\n", "import")
    assert OldAddress.objects.count() == Origin.objects.count() == 2
    do(run, "annulation")
    assert undone(run) == {"MJC": "retire", "CCAS": "retire"}
    assert (run.state, run.counts, run.is_undone) == ("fait", {"retire": 2}, True)
    assert not Organisation.objects.exists()
    assert not OldAddress.objects.exists()
    assert not Origin.objects.exists()


@pytest.mark.parametrize(("target", "left"), [("", 0), ("/contact/", 1)])
def test_redirect_to_what_was_only_completed_goes_too_unless_it_leads_elsewhere_since(bring, target, left):
    organisation("MJC", summary="")
    run = bring("a|MJC|Un lieu ouvert|\n", "import")
    assert OldAddress.objects.count() == 1
    if target:
        OldAddress.objects.update(target=target)
    do(run, "annulation")
    assert undone(run) == {"MJC": "rendu"}
    assert OldAddress.objects.count() == left


def test_redirect_to_what_was_already_whole_stays(bring):
    """Nothing of it was written: there is nothing to undo, and whoever follows the old address still arrives."""
    organisation("MJC", summary="Danse")
    run = bring("a|MJC|Danse|\n", "import")
    do(run, "annulation")
    assert undone(run) == {}
    assert OldAddress.objects.count() == 1


def test_what_was_completed_comes_back(bring, world):
    theme, other = Theme.objects.order_by("pk")[:2]
    held = organisation("MJC", summary="")
    held.themes.set([theme])
    run = bring(f"a|MJC|Danse|{other.slug}\n", "import")
    held.refresh_from_db()
    assert (held.summary, held.themes.count()) == ("Danse", 2)
    assert run.lines.get().before["themes"] == [[theme.pk], sorted([theme.pk, other.pk])]
    do(run, "annulation")
    held.refresh_from_db()
    assert (held.summary, list(held.themes.all())) == ("", [theme])
    assert undone(run) == {"MJC": "rendu"}


def test_what_changed_since_is_kept(bring):
    held = organisation("MJC", summary="")
    run = bring("a|MJC|Danse|\nb|CCAS||\n", "import")
    Organisation.objects.filter(pk=held.pk).update(summary="Théâtre")
    Organisation.objects.filter(name="CCAS").update(version=9)
    do(run, "annulation")
    assert undone(run) == {"MJC": "garde", "CCAS": "garde"}
    words = list(run.lines.order_by("pk").values_list("words", flat=True))
    assert words == [
        "Changé depuis, donc gardé\u00a0: en une ou deux phrases.",
        "Gardé\u00a0: quelqu’un l’a modifié depuis l’import.",
    ]


def test_what_others_lean_on_since_is_kept(bring):
    run = bring("a|MJC||\nb|CCAS||\n", "import")
    initiative(carriers=[Organisation.objects.get(name="MJC")])
    do(run, "annulation")
    assert undone(run) == {"MJC": "garde", "CCAS": "retire"}


def test_what_the_database_protects_is_kept(bring, world):
    child = Theme.objects.filter(parent__isnull=False).first()
    run = bring("", "import")
    ImportLine.objects.create(
        run=run, number=1, label="Thème", action="nouveau", target=child.parent, mark=touching.mark_of(child.parent)
    )
    do(run, "annulation")
    assert undone(run) == {"Thème": "garde"}


def test_what_belonged_to_an_app_that_is_gone(bring):
    run = bring("", "import")
    kind = ContentType.objects.create(app_label="partie", model="chose")
    ImportLine.objects.create(run=run, number=1, label="Chose", action="nouveau", content_type=kind, object_id=1)
    do(run, "annulation")
    assert undone(run) == {"Chose": "retire"}


def test_what_was_completed_then_finished_comes_back(bring):
    held = organisation("MJC", summary="")
    do(bring("a|MJC|La suite|\n", "import"), "annulation")
    held.refresh_from_db()
    assert held.summary == ""


def test_what_somebody_deleted_is_said(bring):
    run = bring("a|MJC||\n", "import")
    Organisation.objects.all().delete()
    do(run, "annulation")
    assert undone(run) == {"MJC": "retire"}
    assert "déjà supprimé" in run.lines.get().words


def test_made_then_completed_by_the_same_import(bring):
    run = bring("a|MJC||\nb|MJC|Danse|\n", "import")
    assert run.counts == {"nouveau": 1, "complete": 1}
    do(run, "annulation")
    assert run.counts == {"retire": 2}
    assert not Organisation.objects.exists()


def test_made_then_finished_by_the_same_import(bring):
    run = bring("a|MJC|La suite|\n", "import")
    assert Organisation.objects.get().address == "1 rue de la Suite"
    do(run, "annulation")
    assert not Organisation.objects.exists()


def test_undone_it_can_be_imported_again(bring):
    run = bring("a|MJC||\n", "import", "annulation", "essai", "import")
    assert run.counts == {"nouveau": 1}
    assert Organisation.objects.count() == 1


def test_nothing_imported_nothing_to_undo(bring):
    run = bring("a|MJC||\n", "essai")
    with pytest.raises(running.Busy, match="ne peut pas être annulé"):
        running.prepare(run, "annulation")


def test_values_of_every_kind_are_told_and_given_back(world):
    row = organisation("MJC", summary="Danse")
    before = touching.values_of(row, ["confirmed_on", "parent", "themes", "published_at", "inconnu"])
    assert set(before) == {"confirmed_on", "parent", "themes", "published_at"}
    changed = {name: [None if name == "confirmed_on" else value, value] for name, value in before.items()}
    assert touching.give_back(row, changed) == []
    row.refresh_from_db()
    assert row.confirmed_on is None


def test_things_without_a_version_are_compared_by_their_columns(world):
    theme = Theme.objects.order_by("pk").first()
    mark = touching.mark_of(theme)
    theme.name = "Autre"
    assert touching.mark_of(theme) != mark
    theme.save()
    assert touching.give_back(theme, {"name": ["Premier", "Autre"]}) == []
    theme.refresh_from_db()
    assert theme.name == "Premier"
