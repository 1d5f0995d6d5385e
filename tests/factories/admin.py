"""The forms of the administration, filled as a browser would: what the page shows, then what someone changes."""

import io
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BoundField, MultiWidget
from PIL import Image

from resources.models import Document


def shown(response) -> dict[str, Any]:
    """Every value that the form of a change page would send back untouched."""
    form = response.context["adminform"].form
    fields = list(form)
    for formset in response.context.get("inline_admin_formsets", []):
        fields += [field for part in (formset.formset.management_form, *formset.formset.forms) for field in part]
    return {name: value for field in fields for name, value in _sent(field)}


def _sent(field: BoundField) -> Iterator[tuple[str, Any]]:
    """What a browser sends for one field; nothing for an unticked box."""
    value, widget = field.value(), field.field.widget
    if isinstance(widget, MultiWidget):
        for number, part in enumerate(value if isinstance(value, list) else widget.decompress(value)):
            yield f"{field.html_name}_{number}", "" if part is None else str(part)
    elif value is True:
        yield field.html_name, "on"
    elif value is not None and value is not False:
        yield field.html_name, value


def save(client, page: str, /, **changes: Any):
    """Open the page, change some fields, save."""
    return client.post(page, shown(client.get(page)) | changes)


def errors(response) -> str:
    """All that the form says is wrong."""
    form = response.context["adminform"].form
    return " ".join(str(message) for messages in form.errors.values() for message in messages)


LIST = "/admin/resources/document/"
ADD = f"{LIST}add/"


def change(made: Document) -> str:
    return f"{LIST}{made.pk}/change/"


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(size: tuple[int, int] = (600, 400)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#a8402c").save(out, "PNG")
    return out.getvalue()


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def stored() -> list[str]:
    return [
        name
        for folder in ("documents", "couvertures")
        if default_storage.exists(folder)
        for name in default_storage.listdir(folder)[1]
    ]


def give_cover(made: Document) -> None:
    """A cover stored as the intake would, without drawing it."""
    name = default_storage.save("couvertures/abc-400.webp", ContentFile(b"image"))
    made.cover_renditions = [{"format": "webp", "width": 400, "height": 300, "name": name, "file": "abc-400.webp"}]
    made.save()
