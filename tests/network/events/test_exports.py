"""What the team takes away of an event: typed text, never kept on the way, for who may see names."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from network.events.exporting import table
from network.events.models import Question, RegistrationState
from tests.factories.events import event, in_days, registration

HOSTILE = ["=HYPERLINK(1)", "+33 6 00", "@x", "-1", "\tx", "\rx"]


def address(made, extension: str) -> str:
    return f"/admin/events/event/{made.pk}/participants.{extension}"


def test_each_person_is_a_line_with_answers_and_presence(db):
    made = event(days=(-2,))
    asked = Question.objects.create(event=made, text="Atelier ?")
    agreed = Question.objects.create(event=made, text="Photo ?", kind="oui-non")
    person = registration(
        made, name="Ada", department="25", answers={str(asked.pk): "A", str(agreed.pk): True}, list_wording="Oui"
    )
    registration(made, RegistrationState.WAITING, name="Zoé", answers={str(agreed.pk): False})
    registration(made, name="", email="", anonymous_since=in_days(0))
    person.presences.create(date=made.dates.get(), half_day="matin", present=True)
    person.presences.create(date=made.dates.get(), half_day="apres-midi", present=False)
    header, rows = table(made)
    first, second = (dict(zip(header, row, strict=True)) for row in rows)
    assert (first["Prénom et nom"], first["État"], first["Atelier ?"], first["Photo ?"]) == ("Ada", "Confirmée", "A", "oui")
    assert [first[label] for label in header[-2:]] == ["oui", "non"]
    assert (first["Liste partagée"], first["Département"]) == ("oui", "25")
    assert (second["État"], second["Photo ?"], second["Atelier ?"]) == ("En liste d’attente", "non", "")


@pytest.mark.parametrize("extension", ["csv", "ods", "xlsx"])
def test_what_looks_like_a_formula_stays_text(administrator, extension):
    made = event()
    for text in HOSTILE:
        registration(made, name=text)
    response = administrator.get(address(made, extension))
    assert "no-store" in response.headers["Cache-Control"]
    assert f'filename="participants-{made.slug}.{extension}"' in response.headers["Content-Disposition"]
    if extension == "csv":
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
        names = [row[0] for row in rows[1:]]
        assert all(name.startswith("'") for name in names)
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
        names = [str(row[0]) for row in rows[1:]]
        assert names[:4] == HOSTILE[:4]
    assert len(names) == len(HOSTILE)


def test_department_is_said_by_its_name(world):
    made = event()
    registration(made, department="25")
    header, [row] = table(made)
    assert row[header.index("Département")] == "Doubs"


def test_other_extension_does_not_exist(administrator):
    assert administrator.get(address(event(), "exe")).status_code == 404


def test_who_may_not_see_names_takes_nothing(documentalist, trainer, visitor):
    made = event()
    assert documentalist.get(address(made, "csv")).status_code == 403
    assert trainer.get(address(made, "csv")).status_code == 302
    assert visitor.get(address(made, "csv")).status_code == 302


def test_many_people_cost_no_more_queries(db, django_assert_num_queries):
    made = event()
    registration(made)
    with django_assert_num_queries(5):
        table(made)
    for _ in range(3):
        registration(made)
    with django_assert_num_queries(5):
        table(made)
