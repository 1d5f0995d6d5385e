"""French numbers, sizes and dates in templates; built in everywhere (settings.TEMPLATES)."""

import datetime
from typing import Any

from django import template
from django.utils import formats, timezone

from .. import worklist
from ..text import day, file_size, spaced_number

register = template.Library()


@register.filter
def number(value: int) -> str:
    """12345 → « 12 345 » with narrow no-break spaces."""
    return spaced_number(value)


@register.filter
def filesize_fr(value: int) -> str:
    """Bytes → « 1,2 Mo »."""
    return file_size(value)


@register.filter
def date_fr(value: datetime.date | datetime.datetime | None) -> str:
    """« jeudi 22 mai 2025 », in Paris time."""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return f"{formats.date_format(value, 'l')} {day(value)}" if value else ""


@register.filter
def month_fr(value: datetime.date | None) -> str:
    """« mars 2024 »."""
    return formats.date_format(value, "F Y") if value else ""


@register.simple_tag
def work_list(user: Any) -> list[dict[str, Any]]:
    """What this member of staff has to do, under headings."""
    return worklist.by_subject(user)
