"""The administration of territories, vocabularies and organisations."""

import pytest

from network.models import Audience, GlossaryEntry, Organisation, Territory, Theme
from tests.factories.documents import document
from trajectoire.core.models import SiteVersion
from trajectoire.core.search.models import SearchChange

ADMIN = "/admin/network"


def choices(client, model: str, field: str, term: str) -> list[str]:
    """What an autocomplete of the administration proposes."""
    app = "resources" if model == "document" else "network"
    query = {"term": term, "app_label": app, "model_name": model, "field_name": field}
    response = client.get("/admin/autocomplete/", query)
    assert response.status_code == 200
    return [result["text"] for result in response.json()["results"]]


@pytest.mark.parametrize("model", ["territory", "contract", "theme", "audience", "glossaryentry", "organisation"])
def test_lists_open_and_search(reference, administrator, model):
    Organisation.objects.create(name="Régie de quartier", kind="regie-de-quartier")
    for query in ({}, {"q": "santé"}, {"q": " "}, {"q": "zzzz"}):
        assert administrator.get(f"{ADMIN}/{model}/", query).status_code == 200


def test_powerless_staff_sees_nothing(reference, powerless):
    assert powerless.get(f"{ADMIN}/territory/").status_code == 403


def test_documents_choose_their_territories_by_name_or_postal_code(reference, administrator):
    assert choices(administrator, "document", "territories", "besançon")[0] == "Besançon (25056)"
    assert "Petite Hollande (QN02510M)" in choices(administrator, "document", "territories", "25200")
    assert len(choices(administrator, "document", "territories", "")) == 20


def test_documents_choose_their_themes_by_synonym(reference, administrator):
    assert choices(administrator, "document", "themes", "decrochage") == ["Éducation et réussite éducative"]
    assert choices(administrator, "document", "themes", "education")[0] == "Éducation et réussite éducative"


def test_reference_territory_is_read_only(reference, administrator):
    territory = Territory.objects.get(code="QN02503M")
    response = administrator.get(f"{ADMIN}/territory/{territory.pk}/change/")
    assert "la commande load_reference la tient à jour" in response.content.decode()
    assert administrator.post(f"{ADMIN}/territory/{territory.pk}/change/", {"name": "Autre"}).status_code == 403
    assert administrator.post(f"{ADMIN}/territory/{territory.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Territory.objects.get(code="QN02503M").name == "Planoise"


def test_perimeter_is_added_changed_and_deleted(reference, administrator):
    besancon = Territory.objects.get(code="25056")
    fields = {
        "name": "Cité éducative de Planoise",
        "code": "CITE-25",
        "parent": besancon.pk,
        "communes": [besancon.pk],
        "has_page": "on",
    }
    response = administrator.post(f"{ADMIN}/territory/add/", fields)
    assert response.status_code == 302, response.context["errors"]
    made = Territory.objects.get(code="CITE-25")
    assert (made.kind, made.path) == ("perimetre", "27/25/242500361/25056/CITE-25")
    assert administrator.get("/territoires/CITE-25/").status_code == 200
    administrator.post(f"{ADMIN}/territory/{made.pk}/change/", fields | {"name": "Cité éducative"})
    assert Territory.objects.get(code="CITE-25").name == "Cité éducative"
    administrator.post(f"{ADMIN}/territory/{made.pk}/delete/", {"post": "yes"})
    assert not Territory.objects.filter(code="CITE-25").exists()


def test_contracts_are_read_only(reference, administrator):
    assert administrator.get(f"{ADMIN}/contract/add/").status_code == 403
    response = administrator.get(f"{ADMIN}/contract/")
    assert "action" not in response.context["cl"].list_display
    assert "delete_selected" not in dict(
        response.context["action_form"].fields["action"].choices if response.context["action_form"] else []
    )


def test_theme_slug_is_proposed_then_fixed(reference, administrator):
    theme = Theme.objects.get(slug="sante")
    assert (
        'data-prepopulated-fields="[{&quot;id&quot;: &quot;#id_slug&quot;'
        in administrator.get(f"{ADMIN}/theme/add/").content.decode()
    )
    fields = {"name": "Santé", "slug": "autre", "short_name": "", "parent": "", "synonyms": "soins", "order": 70}
    assert administrator.post(f"{ADMIN}/theme/{theme.pk}/change/", fields).status_code == 302
    theme.refresh_from_db()
    assert (theme.slug, theme.synonyms) == ("sante", "soins")


def test_theme_goes_under_a_general_theme_only(reference, administrator):
    form = administrator.get(f"{ADMIN}/theme/add/").context["adminform"].form
    assert form.fields["parent"].queryset.count() == 17


def test_glossary_entry_names_its_successors(reference, administrator):
    assert "DREETS (direction régionale de l’économie, de l’emploi, du travail et des solidarités)" in choices(
        administrator, "glossaryentry", "successors", "dreets"
    )


def test_organisation_is_found_without_accents(reference, administrator):
    Organisation.objects.create(name="Fédération des œuvres", kind="association", former_names="Amicale laïque")
    assert choices(administrator, "organisation", "parent", "federation oeuvres") == ["Fédération des œuvres"]
    assert choices(administrator, "organisation", "parent", "amicale laique") == ["Fédération des œuvres"]


def test_deleting_several_rows_tells_caches_and_engine(reference, administrator):
    entries = list(GlossaryEntry.objects.filter(abbreviation__in=["ESS", "IAE"]).order_by("pk").values_list("pk", flat=True))
    SearchChange.objects.all().delete()
    version = SiteVersion.current()
    post = {"action": "delete_selected", "_selected_action": entries, "post": "yes"}
    assert administrator.post(f"{ADMIN}/glossaryentry/", post).status_code == 302
    assert not GlossaryEntry.objects.filter(pk__in=entries).exists()
    assert SiteVersion.current() == version + 1
    assert list(SearchChange.objects.order_by("object_pk").values_list("kind", "object_pk")) == [
        ("vocabulary", pk) for pk in entries
    ]


def test_audience_in_use_tells_what_would_be_lost(library, administrator):
    document(audiences=["elus"])
    audience = Audience.objects.get(slug="elus")
    assert administrator.get(f"{ADMIN}/audience/{audience.pk}/delete/").status_code == 200
