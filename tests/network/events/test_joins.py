"""Events on the pages of what they are attached to: territory, structure, person, theme, home; never a private one."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from network.events.listings import AGENDA
from network.events.models import ProgrammeItem, Series
from network.models import Territory, Theme
from resources.alerts.digests import appeared
from resources.forms import DocumentForm
from tests.factories import directory, events
from tests.factories.documents import document, file
from trajectoire.core import search
from trajectoire.core.listing import State

pytestmark = pytest.mark.usefixtures("world")


def titles(cards) -> list[str]:
    return [card["title"] for card in cards]


def at(code: str, title: str, **given):
    made = events.event(title, **given)
    made.territories.set(Territory.objects.filter(code=code))
    return made


def test_territory_shows_what_happens_there_or_is_about_it(visitor):
    assert visitor.get("/territoires/25/").context["events"] is None
    at("QN02503M", "À propos de Planoise")
    events.event("À Besançon", place=Territory.objects.get(code="25056"), days=(4,))
    at("21", "Côte-d’Or")
    at("25", "Privé", private=True)
    at("25", "Brouillon", published=False)
    shown = visitor.get("/territoires/25/").context["events"]
    assert titles(shown["coming"]) == ["À Besançon", "À propos de Planoise"]
    assert shown["past"] == []
    assert shown["url"] == "/agenda/?territoire=25"
    at("25", "Passé", days=(-3,))
    assert titles(visitor.get("/territoires/25/").context["events"]["past"]) == ["Passé"]


def test_territory_with_past_events_only_shows_them(visitor):
    at("21", "Passé", days=(-3,))
    page = visitor.get("/territoires/21/").content.decode()
    assert "Ce qui s’y est passé" in page
    assert "Passé" in page


def test_structure_and_person_show_their_events(visitor):
    structure, person = directory.organisation("Les Lilas"), directory.person("Ada Lovelace")
    coming, past, hidden = events.event("À venir"), events.event("Passé", days=(-3,)), events.event("Caché", private=True)
    for one in (coming, past, hidden):
        one.organisers.add(structure)
        ProgrammeItem.objects.create(event=one, title="Ouverture").speakers.add(person)
    coming.partners.add(structure)
    for entry in (structure, person):
        [part] = visitor.get(entry.get_absolute_url()).context["parts"]
        assert (part["id"], titles(part["cards"])) == ("rendez-vous", ["À venir", "Passé"])
    made = directory.initiative("Marché", carriers=[structure])
    assert visitor.get(made.get_absolute_url()).context["parts"] == []


def test_home_shows_the_next_events(visitor):
    for days in (9, 3, 5, 7):
        events.event(f"Dans {days} jours", days=(days,))
    events.event("Hier", days=(-1,))
    assert titles(visitor.get("/").context["coming"]) == ["Dans 3 jours", "Dans 5 jours", "Dans 7 jours"]


def test_search_finds_events_and_series_and_suggests_them(visitor):
    Series.objects.create(title="Cycle ornithorynque", published=True)
    Series.objects.create(title="Groupe ornithorynque caché")
    made = events.event("Rencontre ornithorynque")
    groups = visitor.get("/recherche/?q=ornithorynque").context["groups"]
    assert {group["label"]: titles(group["cards"]) for group in groups} == {
        "Agenda": ["Rencontre ornithorynque"],
        "Cycles et groupes de travail": ["Cycle ornithorynque"],
    }
    suggested = visitor.get("/recherche/suggestions/?q=ornitho").json()["suggestions"]
    assert {one["label"] for one in suggested} == {"Rencontre ornithorynque", "Cycle ornithorynque"}
    assert made.title in visitor.get("/recherche/?q=ornithorynque&genre=agenda").content.decode()


def test_search_without_an_index_says_the_same(visitor, settings, tmp_path):
    events.event("Rencontre ornithorynque", summary="Pour tout le monde")
    events.event("Ornithorynque caché", private=True)
    Series.objects.create(title="Cycle ornithorynque", published=True)
    settings.SEARCH_INDEX_DIR = tmp_path / "file"
    settings.SEARCH_INDEX_DIR.write_text("not a folder")
    assert search.query(search.Query("ornithorynque", kinds=("event", "series"))).total == 2
    assert titles(visitor.get("/agenda/?q=ornithorynque").context["cards"]) == ["Rencontre ornithorynque"]


def test_sitemap_and_site_map_name_what_is_public(visitor):
    series = Series.objects.create(title="Un cycle", published=True)
    made = events.event("Rencontre", kind="webinaire", days=(-5,))
    content = visitor.get("/sitemap-agenda.xml").content.decode()
    assert made.get_absolute_url() in content
    assert series.get_absolute_url() in content
    agenda = next(part for part in visitor.get("/plan-du-site/").context["sitemap"] if part["label"] == "Agenda")
    assert [child["label"] for child in agenda["children"]] == ["Mois par mois", "Événements passés", "Webinaires"]
    assert {visitor.get(child["url"]).status_code for child in agenda["children"]} == {200}


def test_event_shows_its_documents_and_they_name_it(visitor, trainer):
    made = events.event("Rencontre", days=(-5,))
    document("Synthèse", event=made)
    document("Réservé", event=made, access="formateurs")
    document("Brouillon", event=made, status="draft")
    assert titles(visitor.get(made.get_absolute_url()).context["documents"]) == ["Synthèse"]
    assert sorted(titles(trainer.get(made.get_absolute_url()).context["documents"])) == ["Réservé", "Synthèse"]
    page = visitor.get("/ressources/synthese/")
    assert page.context["document"]["event"] == {"label": "Rencontre", "url": "/agenda/rencontre/"}
    made.private = True
    made.save()
    assert visitor.get("/ressources/synthese/").context["document"]["event"] is None


def test_document_is_found_by_the_title_of_its_event_unless_it_is_private(visitor):
    document("Synthèse", event=events.event("Ornithorynque"))
    document("Autre", event=events.event("Ornithorynque caché", private=True))
    assert titles(visitor.get("/ressources/?q=ornithorynque").context["cards"]) == ["Synthèse"]


def test_new_events_that_are_to_come_are_announced_by_alerts_and_letters():
    made = events.event("Rencontre")
    made.themes.set(Theme.objects.filter(slug="sante"))
    made.announce(made.pk)
    events.event("Privée", private=True)
    events.event("Passée", days=(-3,))
    now = timezone.now()
    asked = State.from_query(AGENDA, AGENDA.url, QueryDict("theme=sante"))
    for state in (asked, State.from_query(AGENDA, AGENDA.url, QueryDict("tri=ajout"))):
        entries, total = appeared(state, now - timedelta(hours=1), now + timedelta(minutes=1), 10)
        assert ([entry.title for entry in entries], total) == (["Rencontre"], 1)


def kept_for(made, title: str = "Diaporama", **given):
    return file(document(title, event=made, **{"access": "inscrits"} | given))


def own_files(client, mine) -> list[str]:
    return [one["label"] for one in client.get(f"/inscription/{mine.token}/").context["materials"]]


def address(mine, kept) -> str:
    return f"/ressources/inscription/{mine.token}/{kept.pk}/{kept.name}"


def test_documents_for_participants_are_given_by_their_link_alone(visitor, trainer, administrator):
    made = events.event("Rencontre", private=True)
    kept, mine = kept_for(made), events.registration(made)
    assert own_files(visitor, mine) == ["Diaporama"]
    answer = visitor.get(address(mine, kept))
    assert (answer.status_code, answer.getvalue()) == (200, b"0123456789" * 10)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    for client in (visitor, trainer, administrator):
        assert client.get(kept.document.get_absolute_url()).status_code == 404
        assert client.get("/ressources/?q=Diaporama").context["total"] == 0
    for client in (visitor, trainer):
        assert client.get(kept.get_absolute_url()).status_code == 404
    assert "diaporama" not in visitor.get("/sitemap-ressources.xml").content.decode()


def test_documents_for_participants_follow_the_sessions_of_a_cycle(visitor):
    cycle = Series.objects.create(title="Un cycle", published=True)
    lead, second = (events.event(series=cycle, days=(number,)) for number in (3, 9))
    mine = events.registration(lead)
    kept_for(second, "Séance 2")
    kept_for(lead, "Brouillon", status="draft")
    kept_for(events.event(), "Autre événement")
    assert own_files(visitor, mine) == ["Séance 2"]


@pytest.mark.parametrize("state", ["attente", "annulee", "refusee", "candidature", "proposee"])
def test_documents_for_participants_are_kept_from_those_without_a_place(visitor, state):
    made = events.event("Rencontre")
    kept, mine = kept_for(made), events.registration(made, state)
    assert own_files(visitor, mine) == []
    assert visitor.get(address(mine, kept)).status_code == 404


def test_documents_for_participants_of_another_event_or_by_a_false_link_are_not_found(visitor):
    mine, kept = events.registration(events.event()), kept_for(events.event())
    right = events.registration(kept.document.event)
    assert visitor.get(address(mine, kept)).status_code == 404
    assert visitor.get(address(right, kept).replace(right.token, right.token[:-1] + "x")).status_code == 404
    assert visitor.get(address(right, kept) + "x").status_code == 404
    assert visitor.get(f"/ressources/inscription/{right.token}/{file(document('Public')).pk}/essai.pdf").status_code == 404


def test_a_document_for_participants_needs_its_event(world):
    form = DocumentForm({"access": "inscrits"})
    assert form.errors["event"] == ["Choisissez l’événement\u00a0: seules les personnes qui y sont inscrites liront ce document."]
    assert "event" not in DocumentForm({"access": "inscrits", "event": events.event().pk}).errors
