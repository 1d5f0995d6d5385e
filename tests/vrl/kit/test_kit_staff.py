"""Staff and the kit: parts, the message about a new version, the log."""

import pytest

from resources.models import Document
from tests.factories import accounts, vrl
from tests.factories.documents import document, file
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.roles import VRL
from vrl import admin_kit, kit_mail
from vrl.models import KitPart, KitReading

pytestmark = pytest.mark.usefixtures("world")
PARTS = "/admin/vrl/kitpart/"


@pytest.fixture
def staff(browser):
    return browser(accounts.in_role(VRL))


def test_part_is_made_of_a_reserved_document_only(staff):
    given = {"kind": "quiz", "in_two_days": "on"}
    refused = staff.post(f"{PARTS}add/", given | {"document": document("Public").pk})
    assert admin_kit.RESERVE in refused.content.decode()
    assert staff.post(f"{PARTS}add/", given | {"document": document("Quiz", access="formateurs").pk}).status_code == 302
    assert str(KitPart.objects.get()) == "Quiz"


def test_new_version_is_announced_once_to_who_wishes_it(staff):
    part = vrl.kit_part("Poser le cadre", version_label="2026-1", changes="Un exercice de plus.")
    told = vrl.trainer()
    vrl.trainer(kit_mail=False)
    vrl.gone_trainer()
    chosen = {"action": "announce", "_selected_action": [part.pk]}
    page = staff.post(PARTS, chosen)
    assert "1\u00a0personne" in page.content.decode()
    assert not OutgoingMail.objects.filter(kind="kit_news").exists()
    for _ in range(2):
        staff.post(PARTS, chosen | {"send": "1"})
    [message] = OutgoingMail.objects.filter(kind="kit_news")
    assert message.recipient == told.email
    assert "Un exercice de plus." in message.body.text
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    part.refresh_from_db()
    assert part.announced_at
    assert kit_mail.announce([part]) == 0


def test_log_is_read_and_never_written(staff):
    part = vrl.kit_part("Poser le cadre")
    reading = KitReading.objects.create(user=staff.user, document=part.document, file=file(part.document))
    assert "Poser le cadre" in staff.get("/admin/vrl/kitreading/").content.decode()
    for page in ("add/", f"{reading.pk}/delete/"):
        assert staff.get(f"/admin/vrl/kitreading/{page}").status_code == 403
    assert staff.post(f"/admin/vrl/kitreading/{reading.pk}/change/", {"whole": "on"}).status_code == 403


def test_parts_deleted_together_leave_the_engine(staff):
    part = vrl.kit_part("Poser le cadre")
    staff.post(PARTS, {"action": "delete_selected", "_selected_action": [part.pk], "post": "yes"})
    assert not KitPart.objects.exists()
    assert Document.objects.filter(pk=part.document_id).exists()
