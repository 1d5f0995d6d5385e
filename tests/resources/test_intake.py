"""A file whose reading fails says why to staff, and is never given to readers."""

import pytest

from resources.intake import read_file
from resources.models import DocumentFile
from tests.factories.documents import document, file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_pdf_that_cannot_be_read_is_marked_and_not_given(visitor):
    spoilt = file(document("Un document"), b"%PDF-1.7 coupe", content_type="application/pdf", label="PDF")
    read_file.func(spoilt.pk)
    spoilt.refresh_from_db()
    assert spoilt.state == DocumentFile.State.UNREADABLE
    assert spoilt.reason.endswith(".")
    assert visitor.get(spoilt.get_absolute_url()).status_code == 404


def test_file_gone_before_its_reading_is_ignored():
    gone = file(document("Un document"))
    DocumentFile.objects.filter(pk=gone.pk).delete()
    read_file.func(gone.pk)
    assert not DocumentFile.objects.exists()
