import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from network.models import Audience, Organisation, OrganisationKind, Theme
from tests.factories.documents import document
from trajectoire.core.models import SiteVersion
from trajectoire.core.search.models import SearchChange


def test_theme_has_two_levels(world):
    child, general = Theme.objects.get(slug="espace-public"), Theme.objects.get(slug="sante")
    with pytest.raises(ValidationError, match="deux niveaux"):
        Theme(slug="x", name="X", parent=child).full_clean()
    with pytest.raises(ValidationError, match="premier niveau"):
        Theme(pk=child.parent.pk, slug="laicite", name="Laïcité", parent=general).full_clean()
    Theme(slug="y", name="Y", parent=general).full_clean()


def test_theme_is_not_its_own_parent(world):
    theme = Theme.objects.get(slug="sante")
    theme.parent = theme
    with pytest.raises(IntegrityError), transaction.atomic():
        theme.save()


def test_theme_label_is_short_when_it_can(world):
    education, health = Theme.objects.get(slug="education"), Theme.objects.get(slug="sante")
    assert (education.label, str(education)) == ("Éducation", "Éducation et réussite éducative")
    assert health.label == "Santé"


def test_theme_synonyms_are_lines(db):
    assert Theme(synonyms="école\n\n  collège \n").synonym_list == ["école", "collège"]


def test_theme_write_makes_the_engine_read_the_synonyms_again(world):
    version = SiteVersion.current()
    SearchChange.objects.all().delete()
    theme = Theme.objects.get(slug="sante")
    theme.synonyms = "soins"
    theme.save()
    assert list(SearchChange.objects.values_list("kind", "object_pk")) == [("theme", theme.pk)]
    assert SiteVersion.current() == version + 1


def test_theme_renamed_tells_the_engine_its_documents(world):
    written = document(themes=["sante"])
    document(themes=["mobilites"])
    SearchChange.objects.all().delete()
    theme = Theme.objects.get(slug="sante")
    theme.name = "Santé et soins"
    theme.save()
    assert list(SearchChange.objects.filter(kind="document").values_list("object_pk", flat=True)) == [written.pk]


def test_audience_write_moves_the_version_only(db):
    Audience.objects.create(slug="elus", name="Élus et élues")
    assert SiteVersion.current() == 1
    assert not SearchChange.objects.exists()


def test_organisation_gets_a_slug_of_its_own(db):
    first = Organisation.objects.create(name="MJC de l’Orangerie", kind=OrganisationKind.SOCIAL_CENTRE)
    second = Organisation.objects.create(name="MJC de l’Orangerie", kind=OrganisationKind.SOCIAL_CENTRE)
    first.save()
    assert (first.slug, second.slug, str(first)) == ("mjc-de-l-orangerie", "mjc-de-l-orangerie-2", "MJC de l’Orangerie")


def test_organisation_description_is_cleaned(db):
    made = Organisation.objects.create(
        name="Régie", kind=OrganisationKind.NEIGHBOURHOOD_BOARD, description="<p onclick='x()'>Une régie<script>1</script></p>"
    )
    made.refresh_from_db()
    assert made.description == "<p>Une régie</p>"


@pytest.mark.parametrize("relation", ["successor", "parent"])
def test_organisation_is_not_its_own_relative(db, relation):
    made = Organisation.objects.create(name="CGET", kind=OrganisationKind.AGENCY)
    setattr(made, relation, made)
    with pytest.raises(ValidationError, match="elle-même"):
        made.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_organisation_keeps_what_follows_it(db):
    after = Organisation.objects.create(name="ANCT", kind=OrganisationKind.AGENCY)
    before = Organisation.objects.create(name="CGET", kind=OrganisationKind.AGENCY, successor=after)
    assert list(after.predecessors.all()) == [before]
