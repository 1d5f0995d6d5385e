"""Situations in the administration: the text is put right, sources stand beside it."""

import datetime

import pytest

from tests.factories import accounts, vrl
from trajectoire.core.roles import VRL
from vrl.models import Situation

pytestmark = pytest.mark.usefixtures("world")
HERE = "/admin/vrl/situation/"


def test_situation_is_written_with_its_sources(browser):
    client = browser(accounts.in_role(VRL))
    given = {
        "question": "Peut-on s'habiller comme on veut ?",
        "summary": "Oui, c'est la règle.",
        "happens": "<p>On demande.</p>",
        "law": "<p>On peut.</p>",
        "can_do": "<p>Le dire.</p>",
        "up_to_date_on": "2026-09-01",
        "published": "on",
        "sources-TOTAL_FORMS": "1",
        "sources-INITIAL_FORMS": "0",
        "sources-0-title": "Loi du 9 décembre 1905",
        "sources-0-url": "www.legifrance.gouv.fr/",
        "sources-0-order": "0",
    }
    assert client.post(f"{HERE}add/", given).status_code == 302
    made = Situation.objects.get()
    assert (made.question, made.summary) == ("Peut-on s’habiller comme on veut\u202f?", "Oui, c’est la règle.")
    assert made.sources.get().url == "https://www.legifrance.gouv.fr/"
    page = client.get(f"{HERE}{made.pk}/change/")
    assert made.get_absolute_url() in page.content.decode()
    assert client.get(f"{HERE}?travail=valider").context["cl"].result_count == 1
    assert client.get(f"{HERE}?travail=relire").context["cl"].result_count == 0


def test_situations_deleted_together_leave_the_list(administrator, visitor):
    made = vrl.situation("Que faire ?", up_to_date_on=datetime.date(2026, 1, 1))
    administrator.post(HERE, {"action": "delete_selected", "_selected_action": [made.pk], "post": "yes"})
    assert visitor.get("/vrl/situations/").context["total"] == 0
