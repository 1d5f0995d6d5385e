"""Questionnaires: made from the bank, answered once and anonymously, shown from five answers, sent three months after."""

import datetime
import io
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from network.events import presence, questionnaires
from network.events.models import BankQuestion, Event, Registration, Survey, SurveyAnswer, SurveyItem
from network.events.presence import Tick
from tests.factories import events
from trajectoire.core.outbox import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def past():
    questionnaires.load_bank()
    return events.event("Une journée", days=(-2,))


@pytest.fixture
def survey(past) -> Survey:
    return questionnaires.prepare(past, "chaud")


def present(event: Event, **given) -> Registration:
    person = events.registration(event, **given)
    presence.record(event, [Tick(person.pk, presence.slots(event)[0].key, True, timezone.now())], None)
    return person


def path(person: Registration, moment: str = "chaud") -> str:
    return urlsplit(questionnaires.questionnaire_url(person, moment)).path


def item(survey: Survey, code: str) -> SurveyItem:
    return survey.items.get(code=code)


def fill(survey: Survey, count: int, **replies: str) -> None:
    """That many answers, all the same; `replies` by codes, underscores for dashes."""
    keys = {str(item(survey, code.replace("_", "-")).pk): value for code, value in replies.items()}
    SurveyAnswer.objects.bulk_create(SurveyAnswer(survey=survey, day=timezone.localdate(), replies=keys) for _ in range(count))


def results_path(event: Event) -> str:
    return f"/agenda/{event.slug}/questionnaire/resultats/"


def test_bank_is_loaded_once_and_keeps_what_staff_changed(db):
    out = io.StringIO()
    call_command("load_questions", stdout=out)
    assert "11\u00a0ajouts" in out.getvalue()
    BankQuestion.objects.filter(code="satisfaction").update(text="Ma question")
    assert questionnaires.load_bank() == 0
    assert BankQuestion.objects.get(code="satisfaction").text == "Ma question"
    assert BankQuestion.objects.get(code="perception").text == "Ma perception du sujet a évolué"


def test_questionnaire_copies_the_bank(past, survey):
    assert survey.items.count() == 8
    BankQuestion.objects.all().delete()
    assert questionnaires.prepare(past, "chaud") == survey
    assert survey.items.count() == 8
    assert item(survey, "satisfaction").kind == "echelle"


def test_each_moment_has_its_questions(past):
    codes = set(questionnaires.prepare(past, "trois-mois").items.values_list("code", flat=True))
    assert codes == {"perception", "mise-en-pratique", "effet", "suite"}


def test_link_exists_when_there_is_something_to_ask(past):
    person = present(past)
    assert questionnaires.questionnaire_url(person) == ""
    made = questionnaires.prepare(past, "chaud")
    assert "/questionnaire/" in questionnaires.questionnaire_url(person)
    assert questionnaires.questionnaire_url(person, "trois-mois") == ""
    made.items.all().delete()
    assert questionnaires.questionnaire_url(person) == ""


def test_answer_is_kept_without_any_trace_of_who(visitor, past, survey):
    person = present(past)
    before = Registration.objects.values("updated_at").get(pk=person.pk)
    asked = visitor.get(path(person))
    assert "anonymes" in asked.content.decode()
    assert "no-store" in asked.headers["Cache-Control"]
    satisfied, free = item(survey, "satisfaction"), item(survey, "points-forts")
    response = visitor.post(path(person), {f"q{satisfied.pk}": "5", f"q{free.pk}": " Les échanges. "})
    assert response.status_code == 302
    kept = SurveyAnswer.objects.get()
    assert kept.replies == {str(satisfied.pk): "5", str(free.pk): "Les échanges."}
    assert kept.day == timezone.localdate()
    assert {field.name for field in SurveyAnswer._meta.get_fields()} == {"id", "survey", "day", "replies"}
    assert Registration.objects.values("updated_at").get(pk=person.pk) == before
    assert "votre réponse est enregistrée" in visitor.get(path(person)).content.decode()


def test_one_answer_for_each_link(visitor, past, survey):
    person, given = present(past), {f"q{item(survey, 'satisfaction').pk}": "5"}
    for _ in range(3):
        assert visitor.post(path(person), given).status_code in (200, 302)
    assert SurveyAnswer.objects.count() == 1
    with pytest.raises(questionnaires.AlreadyAnswered):
        questionnaires.answer(survey, person, {})
    assert visitor.post(path(present(past)), given).status_code == 302
    assert SurveyAnswer.objects.count() == 2


def test_two_moments_are_two_answers(visitor, past, survey):
    person, later = present(past), questionnaires.prepare(past, "trois-mois")
    visitor.post(path(person), {f"q{item(survey, 'satisfaction').pk}": "4"})
    page = visitor.get(path(person, "trois-mois")).content.decode()
    assert "Trois mois après" in page
    visitor.post(path(person, "trois-mois"), {f"q{item(later, 'perception').pk}": "oui"})
    assert [made.answers.count() for made in (survey, later)] == [1, 1]


def test_nothing_answered_is_asked_again(visitor, past, survey):
    person = present(past)
    free = item(survey, "points-forts")
    for given in ({}, {f"q{free.pk}": "   "}):
        response = visitor.post(path(person), given)
        assert response.status_code == 400
        assert "Répondez à une question au moins." in response.content.decode()
    wrong = visitor.post(path(person), {f"q{item(survey, 'satisfaction').pk}": "9"})
    assert wrong.status_code == 400
    long = visitor.post(path(person), {f"q{free.pk}": "x" * 2_001})
    assert long.status_code == 400
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("why", ["absent", "link", "letter", "scope", "none"])
def test_link_that_is_not_right_opens_nothing(visitor, past, survey, why):
    person = present(past)
    address = path(person)
    if why == "absent":
        person.presences.all().delete()
    elif why == "link":
        Registration.objects.update(link_version=3)
    elif why == "none":
        survey.delete()
    address = {"letter": address[:-2] + "_/", "scope": f"/questionnaire/{person.token}/"}.get(why, address)
    if why == "scope":
        from trajectoire.core import tokens

        address = f"/questionnaire/{tokens.sign('inscription', [person.pk, 0, 'chaud'])}/"
    assert visitor.get(address).status_code == 404


def test_results_are_hidden_below_five(administrator, past, survey):
    fill(survey, 4, satisfaction="5", points_forts="Un secret")
    page = administrator.get(results_path(past)).content.decode()
    assert "4\u00a0réponses" in page
    assert "à partir de 5 réponses" in page
    assert "Un secret" not in page
    assert '<svg class="chart"' not in page
    assert administrator.get(f"/agenda/{past.slug}/questionnaire/chaud.csv").status_code == 404
    assert questionnaires.results(survey) == []
    assert list(questionnaires.export_table(survey)[1]) == []


def test_results_are_counted_and_drawn(administrator, past, survey):
    fill(survey, 4, satisfaction="5", perception="oui", points_forts="Zut")
    fill(survey, 1, satisfaction="2", perception="non", points_forts="<b>Abri</b>", a_ameliorer="Seul")
    found = {result["item"].code: result for result in questionnaires.results(survey)}
    assert found["satisfaction"]["mean"] == "4,4"
    assert [row["count"] for row in found["satisfaction"]["rows"]] == [0, 1, 0, 0, 4]
    assert [row["percent"] for row in found["perception"]["rows"]] == [80, 20]
    assert found["points-forts"]["texts"] == ["<b>Abri</b>", "Zut", "Zut", "Zut", "Zut"]
    assert found["a-ameliorer"]["texts"] == []
    assert (found["contenu"]["total"], found["contenu"]["mean"]) == (0, "")
    page = administrator.get(results_path(past)).content.decode()
    assert page.count('<svg class="chart"') == 6
    assert "moyenne 4,4 sur 5" in page
    assert "&lt;b&gt;Abri&lt;/b&gt;" in page
    assert "Seul" not in page


@pytest.mark.parametrize("count", [5, 7])
def test_results_take_the_same_queries_whatever_the_answers(administrator, past, survey, count, django_assert_num_queries):
    fill(survey, count, satisfaction="5")
    with django_assert_num_queries(8):
        administrator.get(results_path(past))


@pytest.mark.parametrize("extension", ["csv", "ods"])
def test_answers_are_exported(administrator, past, survey, extension):
    fill(survey, 5, satisfaction="5", points_forts="=HYPERLINK(1)")
    response = administrator.get(f"/agenda/{past.slug}/questionnaire/chaud.{extension}")
    assert response.headers["Content-Disposition"].endswith(f'filename="questionnaire-{past.slug}-chaud.{extension}"')
    content = b"".join(response.streaming_content)
    if extension == "csv":
        lines = content.decode("utf-8-sig").splitlines()
        assert len(lines) == 6
        assert lines[1].startswith('"5 – tout à fait";')
        assert '"\'=HYPERLINK(1)"' in lines[1]
    else:
        assert content.startswith(b"PK")


@pytest.mark.parametrize("name", ["chaud.xlsx", "trois-mois.csv", "jamais.csv"])
def test_other_files_do_not_exist(administrator, past, survey, name):
    fill(survey, 5, satisfaction="5")
    assert administrator.get(f"/agenda/{past.slug}/questionnaire/{name}").status_code == 404


def test_staff_makes_the_questionnaires(administrator, past):
    assert "Préparer le questionnaire" in administrator.get(results_path(past)).content.decode()
    administrator.post(results_path(past), {"moment": "chaud"})
    assert administrator.post(results_path(past), {"moment": "jamais"}).status_code == 302
    assert [made.moment for made in past.surveys.all()] == ["chaud"]
    assert "Cette rencontre a répondu à mes attentes" in administrator.get(results_path(past)).content.decode()


@pytest.mark.parametrize("actor", ["stranger", "trainer", "powerless", "documentalist"])
def test_results_do_not_exist_for_others(request, actor, past, survey):
    client = request.getfixturevalue(actor)
    fill(survey, 5, satisfaction="5")
    assert client.get(results_path(past)).status_code == 404
    assert client.post(results_path(past), {"moment": "trois-mois"}).status_code == 404
    assert client.get(f"/agenda/{past.slug}/questionnaire/chaud.csv").status_code == 404
    assert Survey.objects.count() == 1


def test_bilan_adds_a_question_up(past, survey):
    other = questionnaires.prepare(events.event(days=(-1,)), "chaud")
    fill(survey, 2, perception="oui"), fill(other, 1, perception="oui"), fill(other, 3, perception="non", satisfaction="1")
    assert questionnaires.totals(Event.objects.all(), "perception") == {"perception": {"oui": 3, "non": 3}}
    assert questionnaires.totals([past], "perception") == {"perception": {"oui": 2}}


def test_those_present_are_asked_three_months_after_once(past):
    later = questionnaires.prepare(past, "trois-mois")
    present(past, email="ada@example.org", name="Ada")
    events.registration(past)
    present(past, email="")
    present(past, email="dite@example.org", answered_later=True)
    now = timezone.now()
    assert questionnaires.send_later(now + datetime.timedelta(days=80)) == 0
    assert questionnaires.send_later(now + datetime.timedelta(days=92)) == 1
    assert questionnaires.send_later(now + datetime.timedelta(days=93)) == 0
    sent = OutgoingMail.objects.get()
    assert (sent.recipient, sent.kind) == ("ada@example.org", "questionnaire_later")
    assert "/questionnaire/" in sent.body.text
    later.refresh_from_db()
    assert later.sent_at is not None


def test_old_events_are_not_asked_any_more(past):
    questionnaires.prepare(past, "trois-mois")
    present(past)
    assert questionnaires.send_later(timezone.now() + datetime.timedelta(days=200)) == 0
    out = io.StringIO()
    call_command("send_questionnaires", stdout=out)
    assert "0\u00a0e-mail" in out.getvalue()


@pytest.mark.parametrize("choices", ["", "Un seul", "Un\nUn\n"])
def test_question_with_choices_has_two_at_least(choices):
    with pytest.raises(ValidationError):
        BankQuestion(text="Quoi", kind="choix", choices=choices, code="x").clean()
    BankQuestion(text="Quoi", kind="choix", choices="Un\nDeux", code="x").clean()
    BankQuestion(text="Quoi", kind="texte", code="x").clean()


def test_texts_of_rows(survey):
    fill(survey, 1, satisfaction="5")
    assert str(survey) == "Une journée\u00a0— juste après"
    assert str(survey.items.first()) == "Cette rencontre a répondu à mes attentes"
    assert str(survey.answers.get()) == str(timezone.localdate())


def test_bank_is_edited_by_staff_and_keeps_its_marks(administrator, past):
    question = BankQuestion.objects.get(code="satisfaction")
    address = f"/admin/events/bankquestion/{question.pk}/change/"
    assert administrator.get("/admin/events/bankquestion/").status_code == 200
    assert administrator.get("/admin/events/bankquestion/add/").status_code == 200
    given = {"text": "Autre texte", "kind": "echelle", "choices": "", "hot": "on", "order": 1, "code": "autre"}
    assert administrator.post(address, given).status_code == 302
    question.refresh_from_db()
    assert (question.text, question.code) == ("Autre texte", "satisfaction")


def test_questions_of_an_event_change_until_someone_answers(administrator, past, survey):
    address = f"/admin/events/survey/{survey.pk}/change/"
    assert 'name="items-0-text"' in administrator.get(address).content.decode()
    assert f'href="{address}"' in administrator.get(results_path(past)).content.decode()
    assert administrator.get(f"/admin/events/survey/{survey.pk}/delete/").status_code == 200
    fill(survey, 1, satisfaction="5")
    page = administrator.get(address).content.decode()
    assert 'name="items-0-text"' not in page
    assert "Voir les résultats" in page
    assert administrator.get(f"/admin/events/survey/{survey.pk}/delete/").status_code == 403
    assert administrator.get("/admin/events/survey/add/").status_code == 403
    assert "Une journée" in administrator.get("/admin/events/survey/").content.decode()
