"""Two entries of one structure become one: what pointed to either points to the one that is kept."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from network import merging
from network.models import Contract, DuplicatePair, HelpRequest, Initiative, Organisation, Person, Territory, Theme
from tests.factories.documents import document

pytestmark = pytest.mark.usefixtures("library")
REAL = Path(__file__).parents[2] / "data" / "structures.csv"


def structure(name: str, **fields) -> Organisation:
    return Organisation.objects.create(**{"name": name, "kind": "association", **fields})


def test_nothing_that_pointed_to_either_is_lost(visitor):
    kept, removed = structure("MJC de Chenôve"), structure("M.J.C. DE CHENOVE", siret="81520791500019", sources="Liste 2025")
    shared, only = document(title="Aux deux"), document(title="À l’une")
    for row in (kept, removed):
        shared.organisations.add(row)
    only.organisations.add(removed)
    initiative = Initiative.objects.create(name="Jardin")
    initiative.carriers.add(removed)
    person = Person.objects.create(name="Ada", kind="expert", organisation=removed)
    asked = HelpRequest.objects.create(subject="Aide", organisation=removed)
    part, before = structure("Antenne", parent=removed), structure("Ancienne", successor=removed)
    contract = Contract.objects.order_by("code").first()
    contract.signatories.add(kept, removed)
    removed.territories.add(Territory.objects.get(code="21"))
    removed.themes.add(Theme.objects.get(slug="sante"))
    old_address = removed.get_absolute_url()

    merged = merging.merge(kept, removed)

    assert not Organisation.objects.filter(pk=removed.pk).exists()
    assert {d.title for d in merged.documents.all()} == {"Aux deux", "À l’une"}
    for row in (person, asked, part, before):
        row.refresh_from_db()
    assert (person.organisation, asked.organisation, part.parent, before.successor) == (merged, merged, merged, merged)
    assert list(initiative.carriers.all()) == [merged]
    assert list(contract.signatories.all()) == [merged]
    assert (merged.siret, merged.former_names, merged.sources) == ("81520791500019", "M.J.C. DE CHENOVE", "Liste 2025")
    assert [t.code for t in merged.territories.all()] == ["21"]
    assert [t.slug for t in merged.themes.all()] == ["sante"]
    assert visitor.get(old_address).headers["Location"] == merged.get_absolute_url()


def test_every_relation_of_a_structure_is_moved():
    """A new model that points to structures is moved too: by the relation itself, not by a list."""
    kept, removed = structure("A"), structure("B")
    for relation in Organisation._meta.related_objects:
        assert relation.field.remote_field.model is Organisation
    merging.merge(kept, removed)
    assert Organisation.objects.count() == 1


def test_what_is_known_stays_and_the_empty_is_filled():
    kept = structure("A", website="https://a.fr", confirmed_on="2024-01-01")
    removed = structure("B", website="https://b.fr", phone="03", confirmed_on="2025-01-01", former_names="C\nA")
    merged = merging.merge(kept, removed)
    assert (merged.website, merged.phone, str(merged.confirmed_on)) == ("https://a.fr", "03", "2025-01-01")
    assert merged.former_names == "B\nC"


def test_relatives_never_become_their_own():
    kept = structure("A")
    removed = structure("B", parent=kept)
    kept.successor = removed
    kept.save()
    merged = merging.merge(kept, removed)
    assert (merged.parent, merged.successor) == (None, None)


def test_pairs_are_found_once_and_not_again_when_they_are_two():
    structure("Radio Sud Besançon")
    structure("Radios Sud Besançon")
    structure("Tout autre chose")
    assert merging.find_pairs() == 1
    DuplicatePair.objects.update(different=True)
    assert merging.find_pairs() == 0
    assert DuplicatePair.objects.get().different


def test_real_names_find_their_duplicates():
    """Names of 231 real structures: pairs that a person judged the same, among those the screen proposes or the import joins."""
    call_command("import_table", str(REAL), "--format", "structures", stdout=StringIO())
    merging.find_pairs()
    names = {row.pk: {row.name, *row.former_name_list} for row in Organisation.objects.all()}
    together = [frozenset(found) for found in names.values()]
    proposed = [names[pair.first_id] | names[pair.second_id] for pair in DuplicatePair.objects.all()]
    with (REAL.parent / "structures_doublons.csv").open(encoding="utf-8", newline="") as lines:
        judged = [(row["premiere"], row["seconde"]) for row in csv.DictReader(lines)]
    joined = {name for found in together for name in found}
    missed = [pair for pair in judged if not _met(pair, [*together, *proposed], joined)]
    assert len(judged) >= 20
    assert len(missed) <= 3, missed


def _met(pair: tuple[str, str], groups: list, names: set[str]) -> bool:
    """Both in one group; a name that the import took for another's spelling is in none, so it was joined."""
    first, second = pair
    return any({first, second} <= set(group) for group in groups) or not {first, second} <= names


class TestScreen:
    URL = "/admin/network/duplicatepair/"

    @pytest.fixture
    def pair(self) -> DuplicatePair:
        first, second = structure("Radio Sud", summary="Une radio"), structure("Radios Sud")
        return DuplicatePair.objects.create(first=first, second=second, score=95, reason="nom très proche")

    def decide(self, client, pair, keep: str):
        return client.post(f"{self.URL}{pair.pk}/decider/", {"keep": keep})

    def test_shows_both_side_by_side(self, pair, administrator):
        html = administrator.get(f"{self.URL}{pair.pk}/change/").content.decode()
        assert "Nom très proche, ressemblance 95 sur 100." in html
        assert "Une radio" in html

    @pytest.mark.parametrize(("keep", "left"), [("premiere", "Radio Sud"), ("seconde", "Radios Sud")])
    def test_one_button_joins(self, pair, administrator, keep, left):
        assert self.decide(administrator, pair, keep).status_code == 302
        assert Organisation.objects.get().name == left
        assert not DuplicatePair.objects.exists()

    def test_two_structures_stay_two(self, pair, administrator):
        self.decide(administrator, pair, "deux")
        assert Organisation.objects.count() == 2
        assert DuplicatePair.objects.get().different

    def test_unknown_answer_changes_nothing(self, pair, administrator):
        self.decide(administrator, pair, "autre")
        assert (Organisation.objects.count(), DuplicatePair.objects.get().different) == (2, False)

    def test_search_over_the_whole_directory(self, administrator):
        structure("Radio Sud Besançon")
        structure("Radios Sud Besançon")
        assert "Chercher les doublons" in administrator.get(self.URL).content.decode()
        assert administrator.post(f"{self.URL}chercher/").status_code == 302
        assert "Radio Sud Besançon / Radios Sud Besançon" in administrator.get(self.URL).content.decode()

    def test_only_who_may_change_decides(self, pair, documentalist, administrator):
        assert self.decide(documentalist, pair, "premiere").status_code == 403
        assert documentalist.post(f"{self.URL}chercher/").status_code == 403
        assert administrator.get(f"{self.URL}{pair.pk}/decider/").status_code == 405
        assert administrator.get(f"{self.URL}add/").status_code == 403
        assert administrator.get(f"{self.URL}999/change/").status_code == 302
        assert Organisation.objects.count() == 2
