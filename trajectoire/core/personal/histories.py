"""Logs and histories: the names of the team leave them after twelve months."""

import datetime
from dataclasses import dataclass

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models
from django_tasks_db.models import DBTaskResult

KEPT = datetime.timedelta(days=365)
TASKS_KEPT = datetime.timedelta(days=90)


def histories() -> list[type[models.Model]]:
    """The tables of versions."""
    return [model for model in apps.get_models() if hasattr(model, "history_user")]


@dataclass(frozen=True)
class Rows:
    """Rows of several tables, counted together."""

    parts: list[models.QuerySet]

    def count(self) -> int:
        return sum(part.count() for part in self.parts)


def _parts(now: datetime.datetime) -> list[models.QuerySet]:
    asked = {"history_date__lt": now - KEPT, "history_user__isnull": False}
    return [model._default_manager.filter(**asked) for model in histories()]


def signed_long_ago(now: datetime.datetime) -> Rows:
    """Versions made more than a year ago that still say by whom."""
    return Rows(_parts(now))


def unsign(now: datetime.datetime) -> int:
    return sum(part.update(history_user=None) for part in _parts(now))


def old_entries(now: datetime.datetime) -> models.QuerySet:
    return LogEntry.objects.filter(action_time__lt=now - KEPT)


def old_tasks(now: datetime.datetime) -> models.QuerySet:
    return DBTaskResult.objects.filter(finished_at__lt=now - TASKS_KEPT)
