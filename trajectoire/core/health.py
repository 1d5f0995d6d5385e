"""Whether all that the site stands on answers: for the page of the administration and `manage.py health`."""

import datetime
import shutil
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from . import search
from .clock.records import ScheduledJob, minutes_stopped
from .moving import backups
from .outbox import OutgoingMail
from .text import NBSP, file_size, local_moment, plural

LATE = datetime.timedelta(minutes=15)  # a task, a mail: beyond, nobody takes it
LEAST_FREE = 1_000_000_000  # bytes
CERTIFICATE_DAYS = 14
PATIENCE = 3  # seconds, for a server of elsewhere


@dataclass(frozen=True)
class State:
    """`name` and `words` are French; `ok` is None where there is nothing to look at."""

    name: str
    ok: bool | None
    words: str


def states() -> list[State]:
    """Each part, looked at now; one that fails says why and hides no other."""
    return [_looked(name, look) for name, look in LOOKS.items()]


def _looked(name: str, look: Callable[[], tuple[bool | None, str]]) -> State:
    try:
        ok, words = look()
    except Exception as error:  # whatever the library of a server that is away raises
        ok, words = False, f"Ne répond pas{NBSP}: {' '.join(str(error).split())[:200]}"
    return State(name, ok, words)


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    return True, f"{names[connection.vendor]} {'.'.join(map(str, connection.get_database_version()))}"


def _migrations() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return False, f"{plural(len(waiting), 'migration attend', 'migrations attendent')}{NBSP}: lancez « manage.py migrate »."
    return True, "La base est au niveau du code."


def _cache() -> tuple[bool, str]:
    cache.set("health", "1", 60)
    if cache.get("health") != "1":
        return False, "Ce qui y est écrit ne se relit pas."
    return True, "Ce qui y est écrit se relit."


def _storage() -> tuple[bool, str]:
    default_storage.exists("health")
    return True, "Les fichiers sont accessibles."


def _disk() -> tuple[bool, str]:
    disk = shutil.disk_usage(settings.VAR_DIR)
    return disk.free >= LEAST_FREE, f"{file_size(disk.free)} libres sur {file_size(disk.total)}."


def _search() -> tuple[bool, str]:
    found = search.health()
    return found.ok, found.message


def _worker() -> tuple[bool, str]:
    waiting = DBTaskResult.objects.ready()
    if waiting.filter(enqueued_at__lt=timezone.now() - LATE).exists():
        return (
            False,
            f"{plural(waiting.count(), 'tâche attend', 'tâches attendent')}{NBSP}: « manage.py db_worker » tourne-t-il ?",
        )
    return True, "Rien n’attend." if not waiting else f"{plural(waiting.count(), 'tâche attend', 'tâches attendent')}."


def _clock() -> tuple[bool, str]:
    last = ScheduledJob.objects.aggregate(last=Max("started_at"))["last"]
    if last is None:
        return not settings.PRODUCTION, "Aucune tâche n’est encore partie : lancez « manage.py clock »."
    if (failed := ScheduledJob.objects.failed().first()) is not None:
        return False, f"« {failed.label} » a échoué{NBSP}: {failed.failure.splitlines()[-1]}"
    ok = not minutes_stopped(timezone.now())
    return ok, f"Dernier départ{NBSP}: {local_moment(last)}."


def _mail() -> tuple[bool, str]:
    waiting, failed = OutgoingMail.objects.waiting(), OutgoingMail.objects.failed().count()
    late = waiting.filter(next_try_at__lt=timezone.now() - LATE).exists()
    said = f"{plural(waiting.count(), 'message attend', 'messages attendent')}, {plural(failed, 'échec', 'échecs')}."
    return not late and not failed, said


def _backup() -> tuple[bool, str]:
    newest = backups.last()
    if newest is None:
        return not settings.PRODUCTION, "Aucune sauvegarde n’a été faite."
    return not backups.days_late(timezone.now()), f"Faite le {local_moment(newest.made_at)}, {file_size(newest.size)}."


def _certificate() -> tuple[bool | None, str]:
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https" or not address.hostname:
        return None, "Ce site n’est pas en HTTPS."
    context = ssl.create_default_context()
    with (
        socket.create_connection((address.hostname, address.port or 443), PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=address.hostname) as secure,
    ):
        until = str((secure.getpeercert() or {})["notAfter"])
    days = (datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(until), datetime.UTC) - timezone.now()).days
    return days >= CERTIFICATE_DAYS, f"Valable encore {plural(days, 'jour', 'jours')}."


LOOKS: dict[str, Callable[[], tuple[bool | None, str]]] = {
    "Base de données": _database,
    "Migrations": _migrations,
    "Cache": _cache,
    "Fichiers": _storage,
    "Disque": _disk,
    "Recherche": _search,
    "Tâches de fond": _worker,
    "Tâches automatiques": _clock,
    "E-mails": _mail,
    "Dernière sauvegarde": _backup,
    "Certificat": _certificate,
}
