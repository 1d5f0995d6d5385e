"""What the rows of the agenda refuse, and how the administration names them."""

import pytest
from django.core.exceptions import ValidationError

from network.events.models import Presence, ProgrammeItem
from network.events.registrations import SentNotice
from tests.factories import events

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("value", [["moteur", "autre"], "moteur", {"moteur": True}])
def test_unknown_accessibility_is_refused(value):
    made = events.event("Rencontre")
    made.accessibility = value
    with pytest.raises(ValidationError, match="Choisissez parmi les handicaps proposés"):
        made.full_clean()


def test_rows_have_a_name():
    made = events.event("Rencontre")
    person, date = events.registration(made, name="Ada Martin"), made.dates.get()
    assert str(ProgrammeItem(event=made, title="Accueil")) == "Accueil"
    assert str(Presence(registration=person, date=date, half_day="matin")) == f"Ada Martin — {date} matin"
    assert str(SentNotice(registration=person, kind="rappel-j7", about="2026-05-12")) == "rappel-j7 2026-05-12"
