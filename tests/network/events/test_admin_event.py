"""The form and the list of events in the administration."""

import datetime

import pytest
from django.utils import timezone

from network.events.copying import copy
from network.events.models import Event, EventDate, NoticeText, Question, Registration, RegistrationState, Series
from tests.factories import accounts
from tests.factories.admin import errors, messages, save
from tests.factories.events import event, in_days, registration
from trajectoire.core.roles import NETWORK

LIST = "/admin/events/event/"
ADD = f"{LIST}add/"
EMPTY = {
    f"{name}-{part}": number
    for name in ("dates", "programme", "questions")
    for part, number in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 0), ("MAX_NUM_FORMS", 1000))
}
NEW = {"title": "Rencontre", "kind": "atelier", "status": "programme", "mode": "presentiel", "registering": "immediate"}
NEW |= {"mission": "qualifier", "online_hours": 24, "accept_hours": 48} | EMPTY
DATE = {"dates-TOTAL_FORMS": 1, "dates-0-day": "12/03/2026", "dates-0-starts": "09:00", "dates-0-ends": "17:00"}
DATE |= {"dates-0-half_days": "", "dates-0-label": ""}


def change(made: Event) -> str:
    return f"{LIST}{made.pk}/change/"


def wrong(response) -> str:
    """What the form and the lines below it say is wrong."""
    said = [errors(response)]
    for formset in response.context["inline_admin_formsets"]:
        said += [str(part.errors) for part in formset.formset.forms]
    return " ".join(said)


def listed(response) -> list[str]:
    return [row.title for row in response.context["cl"].result_list]


class TestDates:
    def test_day_and_hours_are_stored_in_utc_with_their_half_days(self, administrator):
        administrator.post(ADD, NEW | DATE)
        made = Event.objects.get()
        [date] = made.dates.all()
        assert (date.starts_at, date.ends_at) == (
            datetime.datetime(2026, 3, 12, 8, tzinfo=datetime.UTC),
            datetime.datetime(2026, 3, 12, 16, tzinfo=datetime.UTC),
        )
        assert (date.morning, date.afternoon) == (True, True)
        assert (made.starts_at, made.ends_at, made.slug) == (date.starts_at, date.ends_at, "rencontre")

    @pytest.mark.parametrize(
        ("starts", "ends", "chosen", "half_days"),
        [
            ("09:00", "12:30", "", ["matin"]),
            ("14:00", "17:00", "", ["apres-midi"]),
            ("12:30", "13:30", "", ["matin"]),
            ("18:00", "20:00", "", ["apres-midi"]),
            ("09:00", "17:00", "m", ["matin"]),
            ("09:00", "17:00", "ma", ["matin", "apres-midi"]),
        ],
    )
    def test_half_days_follow_the_hours_or_staff(self, administrator, starts, ends, chosen, half_days):
        administrator.post(ADD, NEW | DATE | {"dates-0-starts": starts, "dates-0-ends": ends, "dates-0-half_days": chosen})
        assert EventDate.objects.get().half_days == half_days

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"dates-0-ends": "08:00"}, "La fin vient après le début"),
            ({"dates-0-ends": "09:00"}, "La fin vient après le début"),
            ({"dates-0-day": "29/03/2026", "dates-0-starts": "02:30"}, "Cette heure n’existe pas"),
            ({"dates-0-day": "25/10/2026", "dates-0-starts": "01:00", "dates-0-ends": "02:30"}, "Cette heure n’existe pas"),
            ({"dates-0-day": ""}, "Ce champ est obligatoire"),
        ],
    )
    def test_dates_that_cannot_be_are_refused_with_a_sentence(self, administrator, changes, sentence):
        response = administrator.post(ADD, NEW | DATE | changes)
        assert sentence in wrong(response)
        assert not Event.objects.exists()

    @pytest.mark.parametrize(("day", "hour"), [("29/03/2026", 7), ("25/10/2026", 8)])
    def test_days_when_clocks_change_are_right(self, administrator, day, hour):
        administrator.post(ADD, NEW | DATE | {"dates-0-day": day})
        date = EventDate.objects.get()
        assert date.starts_at.astimezone(datetime.UTC).hour == hour
        shown = administrator.get(change(date.event)).content.decode()
        assert f'value="{day}"' in shown
        assert 'value="09:00' in shown

    def test_draft_needs_no_date(self, administrator):
        administrator.post(ADD, NEW)
        assert Event.objects.get().starts_at is None

    def test_form_shows_what_is_stored_and_saves_it_again_unchanged(self, administrator):
        made = event(days=(3, 9))
        before = list(made.dates.values())
        save(administrator, change(made))
        assert list(made.dates.values()) == before

    def test_opening_hour_that_does_not_exist_is_refused(self, administrator):
        response = administrator.post(ADD, NEW | {"opens_at_0": "29/03/2026", "opens_at_1": "02:30"})
        assert "Cette heure n’existe pas" in errors(response)
        half = administrator.post(ADD, NEW | {"opens_at_0": "29/03/2026", "opens_at_1": ""})
        assert "Saisissez une heure valide" in errors(half)


class TestForm:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": " "}, "Ce champ est obligatoire"),
            ({"registering": "ailleurs"}, "Donnez l’adresse où l’on s’inscrit."),
            (
                {"opens_at_0": "12/03/2026", "opens_at_1": "9:00", "closes_at_0": "11/03/2026", "closes_at_1": "9:00"},
                "ne peuvent pas se clore avant de s’ouvrir",
            ),
            ({"accessibility": "télépathie"}, "Sélectionnez un choix valide"),
        ],
    )
    def test_what_cannot_be_is_refused(self, administrator, changes, sentence):
        assert sentence in errors(administrator.post(ADD, NEW | changes))
        assert not Event.objects.exists()

    def test_accessibility_is_ticked(self, administrator):
        administrator.post(ADD, NEW | {"accessibility": ["moteur", "auditif"]})
        assert Event.objects.get().accessibility == ["moteur", "auditif"]

    def test_choices_of_a_question_are_at_least_two(self, administrator):
        made = event()
        asked = {"questions-TOTAL_FORMS": 1, "questions-0-text": "Atelier ?", "questions-0-kind": "choix"}
        asked |= {"questions-0-order": 0}
        assert "au moins deux choix" in wrong(save(administrator, change(made), **asked, **{"questions-0-choices": "Un seul"}))
        save(administrator, change(made), **asked, **{"questions-0-choices": "Un\nDeux"})
        assert Question.objects.get().choice_list == ["Un", "Deux"]

    def test_programme_offers_the_dates_of_this_event_only(self, administrator):
        mine, other = event(), event()
        form = administrator.get(change(mine)).context["inline_admin_formsets"][1].formset.empty_form
        assert list(form.fields["date"].queryset) == list(mine.dates.all())
        assert other.dates.get() not in form.fields["date"].queryset

    def test_second_editor_is_told_and_overwrites_nothing(self, administrator):
        made = event("Premier titre")
        opened = save(administrator, change(made), title="Deuxième titre")
        assert opened.status_code == 302
        late = save(administrator, change(made), title="Troisième", edited_version="0")
        assert "a enregistré ce contenu" in errors(late)
        made.refresh_from_db()
        assert made.title == "Deuxième titre"

    def test_history_keeps_each_version(self, administrator):
        made = event("Premier titre")
        save(administrator, change(made), title="Deuxième titre")
        assert [row.title for row in made.history.order_by("history_id")] == ["Premier titre", "Deuxième titre"]
        assert administrator.get(f"{LIST}{made.pk}/history/").status_code == 200


class TestDeleting:
    def test_event_with_people_is_not_deleted_but_cancelled(self, administrator):
        made = event()
        registration(made, state=RegistrationState.CANCELLED)
        for answer in (
            administrator.get(f"{LIST}{made.pk}/delete/", follow=True),
            administrator.post(f"{LIST}{made.pk}/delete/", {"post": "yes"}, follow=True),
        ):
            assert "ne peut pas être supprimé" in messages(answer)[0]
        assert Event.objects.get() == made

    def test_nor_several_at_once(self, administrator):
        made = event()
        registration(made)
        administrator.post(LIST, {"action": "delete_selected", "_selected_action": [made.pk], "post": "yes"})
        assert Registration.objects.get().event == made

    def test_event_without_people_may_be(self, administrator):
        made = event()
        administrator.post(f"{LIST}{made.pk}/delete/", {"post": "yes"})
        assert not Event.objects.exists()


class TestCopying:
    def test_copy_is_a_draft_without_dates_nor_people(self, world):
        made = event("Journée", capacity=12, online_url="https://example.org/salle", status="annule")
        registration(made)
        Question.objects.create(event=made, text="Atelier ?")
        NoticeText.objects.create(event=made, kind="merci", subject="Merci", text="Merci.")
        made.themes.set(made.themes.model.objects.all()[:1])
        speaker = made.programme.model.speakers.rel.model.objects
        item = made.programme.create(title="Accueil", date=made.dates.get())
        assert speaker.count() == 0
        copied = copy(made)
        assert (copied.title, copied.capacity, copied.slug) == ("Journée", 12, "journee-2")
        assert (copied.published, copied.status, copied.online_url, copied.starts_at) == (False, "programme", "", None)
        assert (copied.dates.count(), copied.registrations.count()) == (0, 0)
        assert copied.uid != made.uid
        assert [(line.title, line.date) for line in copied.programme.all()] == [("Accueil", None)]
        assert [row.text for row in copied.questions.all()] == ["Atelier ?"]
        assert copied.notice_texts.get().subject == "Merci"
        assert list(copied.themes.all()) == list(made.themes.all())
        assert (made.programme.get(), made.dates.count(), made.questions.count()) == (item, 1, 1)

    def test_button_opens_the_copy(self, administrator):
        made = event("Journée")
        response = administrator.post(f"{LIST}{made.pk}/copier/", follow=True)
        assert response.context["original"] == Event.objects.exclude(pk=made.pk).get()
        assert "donnez-lui ses dates" in messages(response)[0]
        assert administrator.get(f"{LIST}{made.pk}/copier/").status_code == 405

    def test_several_are_copied_from_the_list(self, administrator):
        chosen = [event().pk, event().pk]
        answer = administrator.post(LIST, {"action": "copy_chosen", "_selected_action": chosen}, follow=True)
        assert "2\u00a0copies en brouillon" in messages(answer)[0]
        assert Event.objects.count() == 4

    def test_who_may_only_read_copies_nothing(self, documentalist):
        made = event()
        assert documentalist.post(f"{LIST}{made.pk}/copier/").status_code == 403
        assert Event.objects.count() == 1


class TestList:
    def test_what_is_to_come_is_shown_first_with_its_places(self, administrator):
        later, soon = event("Plus tard", days=(20,)), event("Bientôt", days=(2,), capacity=15)
        undated, past = event("Sans date", days=()), event("Passé", days=(-5,))
        for state in [RegistrationState.CONFIRMED] * 2 + [RegistrationState.OFFERED] + [RegistrationState.WAITING] * 3:
            registration(soon, state)
        shown = administrator.get(LIST)
        assert listed(shown) == ["Sans date", "Bientôt", "Plus tard"]
        html = shown.content.decode()
        assert "3/15 + 3 en attente" in html
        assert "Date à fixer" in html
        assert listed(administrator.get(LIST, {"quand": "passes"})) == ["Passé"]
        assert listed(administrator.get(LIST, {"quand": "tous"})) == ["Sans date", "Plus tard", "Bientôt", "Passé"]
        assert {later, undated, past} < set(Event.objects.all())

    def test_filters_by_state_and_department(self, administrator, world):
        event("Brouillon", published=False)
        event("Annulé", status="annule")
        event("Comité", private=True)
        placed = event("Sur place", days=(3, 8))
        placed.territories.add(placed.territories.model.objects.get(code="25"))
        assert listed(administrator.get(LIST, {"etat": "brouillon"})) == ["Brouillon"]
        assert listed(administrator.get(LIST, {"etat": "annule"})) == ["Annulé"]
        assert listed(administrator.get(LIST, {"etat": "prive"})) == ["Comité"]
        assert len(listed(administrator.get(LIST, {"etat": "en-ligne"}))) == 3
        assert listed(administrator.get(LIST, {"departement": "25"})) == ["Sur place"]
        assert len(listed(administrator.get(LIST, {"departement": "zz"}))) == 4
        html = administrator.get(LIST).content.decode()
        assert "Annulé, en ligne" in html
        assert "sur invitation" in html
        assert " au " in html

    def test_search_minds_no_accent(self, administrator):
        event("Éducation populaire")
        event("Autre chose")
        assert listed(administrator.get(LIST, {"q": "education"})) == ["Éducation populaire"]
        assert len(listed(administrator.get(LIST, {"q": " "}))) == 2

    def test_list_asks_as_much_for_one_as_for_many(self, administrator, django_assert_num_queries):
        event()
        administrator.get(LIST)
        with django_assert_num_queries(7):
            administrator.get(LIST)
        series = Series.objects.create(title="Cycle")
        for _ in range(3):
            registration(event(capacity=3, series=series))
        with django_assert_num_queries(7):
            administrator.get(LIST)


class TestSeries:
    def test_series_are_listed_with_their_sessions(self, administrator):
        series = Series.objects.create(title="Cycle Santé", published=True)
        event(series=series)
        html = administrator.get("/admin/events/series/").content.decode()
        assert "1\u00a0séance" in html
        page = administrator.get(f"/admin/events/series/{series.pk}/change/")
        assert series.get_absolute_url() in page.content.decode()
        save(administrator, f"/admin/events/series/{series.pk}/change/", published="")
        hidden = administrator.get(f"/admin/events/series/{series.pk}/change/").content.decode()
        assert f'href="{series.get_absolute_url()}"' not in hidden

    def test_new_series_is_saved(self, administrator):
        new = {"title": "Groupe Mobilité", "kind": "groupe-de-travail", "scope": "seance"}
        administrator.post("/admin/events/series/add/", new)
        assert Series.objects.get().slug == "groupe-mobilite"


class TestRoles:
    def test_documentalist_reads(self, documentalist):
        made = event()
        page = documentalist.get(change(made))
        assert page.status_code == 200
        assert "_save" not in page.content.decode()
        assert documentalist.post(ADD, NEW).status_code == 403

    def test_network_does_all(self, browser, db):
        from django.contrib.auth.models import Group

        from trajectoire.core.roles import load_roles

        load_roles()
        person = accounts.user(is_staff=True)
        person.groups.add(Group.objects.get(name=NETWORK))
        client = browser(person)
        client.post(ADD, NEW)
        assert Event.objects.count() == 1

    def test_staff_without_role_and_trainers_see_nothing(self, powerless, trainer):
        made = event()
        assert powerless.get(change(made)).status_code == 403
        assert trainer.get(change(made)).status_code == 302


def test_moment_of_a_test_is_in_the_future():
    assert in_days(1) > timezone.now() - datetime.timedelta(days=1)
