"""« Exports du site »: who may, the password again, the journal, one day."""

import datetime
import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from tests.factories import accounts
from tests.factories.admin import messages
from trajectoire.core.auditing import ActionLog
from trajectoire.core.moving import records
from trajectoire.core.moving.records import SiteExport
from trajectoire.core.roles import ADMINISTRATION

LIST = "admin:core_siteexport_changelist"
PREPARE = "admin:core_siteexport_prepare"


@pytest.fixture
def manager(world, browser):
    """Somebody of the role « administration », without every right."""
    return browser(accounts.in_role(ADMINISTRATION))


@pytest.fixture
def prepared(manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(reverse(PREPARE))
    return SiteExport.objects.get()


def give(made: SiteExport) -> str:
    return reverse("admin:core_siteexport_give", args=[made.pk])


def test_archive_is_prepared_then_given_and_the_journal_says_so(manager, prepared):
    assert "Préparer une archive" in manager.get(reverse(LIST)).content.decode()
    page = manager.get(reverse("admin:core_siteexport_change", args=[prepared.pk])).content.decode()
    assert "Télécharger l’archive" in page
    assert prepared.digest in page
    response = manager.post(give(prepared))
    assert zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).testzip() is None
    assert "no-store" in response.headers["Cache-Control"]
    actions = set(ActionLog.objects.values_list("action", "user"))
    assert actions == {(f"export de tout le site {done}", manager.user.pk) for done in ("demandé", "téléchargé")}


def test_there_is_nothing_to_fill_in(manager):
    assert manager.get(reverse("admin:core_siteexport_add")).status_code == 403


def test_archive_is_for_the_administration_only(prepared, documentalist):
    assert documentalist.post(reverse(PREPARE)).status_code == 403
    assert documentalist.post(give(prepared)).status_code == 403
    assert documentalist.get(reverse(LIST)).status_code == 403
    assert SiteExport.objects.count() == 1


def test_password_is_asked_again(prepared, browser):
    late = browser()
    accounts.open_session(late, accounts.in_role(ADMINISTRATION), age=3600)
    for page in (reverse(PREPARE), give(prepared)):
        assert "/compte/reauthenticate/" in late.post(page).headers["Location"]
    assert SiteExport.objects.count() == 1


def test_archive_is_gone_a_day_later(manager, prepared):
    SiteExport.objects.update(asked_at=timezone.now() - datetime.timedelta(days=1, minutes=1))
    response = manager.post(give(prepared), follow=True)
    assert "n’est plus disponible" in messages(response)[-1]
    failed = SiteExport.objects.create(asked_at=timezone.now() - datetime.timedelta(days=2), state="echec")
    assert records.erase(timezone.now()) == 2
    assert not default_storage.exists(prepared.file.name)
    assert not SiteExport.objects.filter(pk=failed.pk).exists()


def test_archive_that_cannot_be_made_is_told(manager, settings, django_capture_on_commit_callbacks):
    settings.FILE_UPLOAD_TEMP_DIR = settings.MEDIA_ROOT / "nulle-part"
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(reverse(PREPARE))
    made = SiteExport.objects.get()
    assert (made.state, made.words) == ("echec", records.FAILED)
    page = manager.get(reverse("admin:core_siteexport_change", args=[made.pk])).content.decode()
    assert "Télécharger" not in page


def test_archive_asked_for_once_is_made_once(prepared):
    name = prepared.file.name
    records.work.func(prepared.pk)
    prepared.refresh_from_db()
    assert prepared.file.name == name
