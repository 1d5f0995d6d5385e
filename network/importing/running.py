"""From a file that staff brought to the directory: reading it, planning, writing in the background."""

import datetime

from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django_tasks import task

from trajectoire.core import tables

from ..merging import find_pairs
from .columns import guess
from .planning import Plan, plan
from .records import DirectoryImport
from .writing import carry_out

KEPT = datetime.timedelta(days=31)


def read(brought: DirectoryImport) -> tables.Table:
    with default_storage.open(str(brought.file.name)) as stored:
        return tables.read(brought.name, stored.read())


def planned(brought: DirectoryImport, table: tables.Table) -> Plan:
    return plan(table, brought.mapping, [brought.source])


def receive(brought: DirectoryImport) -> None:
    """Store the file with what its titles seem to say."""
    brought.mapping = guess(tables.read(brought.name, brought.file.read()).headers)
    brought.file.seek(0)
    brought.save()


def start(brought: DirectoryImport) -> bool:
    """Have it written in the background, once: a second press does nothing."""
    waiting = DirectoryImport.objects.filter(pk=brought.pk, status__in=["recu", "echoue"])
    with transaction.atomic():
        started = bool(waiting.update(status=DirectoryImport.Status.RUNNING, error=""))
        if started:
            transaction.on_commit(lambda: run.enqueue(brought.pk))
    return started


@task()
def run(pk: int) -> None:
    """All of it or nothing; run again after an interruption, it finds done what was done."""
    brought = DirectoryImport.objects.get(pk=pk)
    try:
        made = planned(brought, read(brought))
        carry_out(made)
    except (tables.Unreadable, DatabaseError, OSError) as error:
        DirectoryImport.objects.filter(pk=pk).update(status=DirectoryImport.Status.FAILED, error=str(error)[:300])
        return
    DirectoryImport.objects.filter(pk=pk).update(status=DirectoryImport.Status.DONE, counts=made.counts)
    find_pairs()


def old(now: datetime.datetime) -> QuerySet[DirectoryImport]:
    return DirectoryImport.objects.filter(brought_at__lt=now - KEPT)


def erase(now: datetime.datetime) -> int:
    """Delete old files with their rows."""
    rows = list(old(now))
    for row in rows:
        name = str(row.file.name)
        row.delete()
        default_storage.delete(name)
    return len(rows)
