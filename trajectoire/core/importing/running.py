"""A run: read, planned, written in batches, each record in its savepoint; killed anywhere, it goes on where it stopped."""

import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from .. import search
from ..tables import Unreadable
from ..turns import in_turn
from . import undoing
from .carrying import Carrier
from .contract import Record
from .records import ImportLine, ImportRun, this_process
from .touching import highest

logger = logging.getLogger(__name__)
BATCH = 200  # records of one transaction, at most
BATCH_CHARACTERS = 5_000_000
BATCH_SECONDS = 1.0  # the longest that other writers wait, but for the record that passes it
BEAT_SECONDS = 30
Job, State = ImportRun.Job, ImportRun.State
UNEXPECTED = "Une erreur inattendue a arrêté l’import : elle est notée dans le journal du serveur. Rien n’est perdu, reprenez-le."


class Busy(Exception):
    """It cannot be started now; the message is a French sentence."""


class Taken(Exception):
    """Another process has this run, or staff stopped it: nothing more is written by this one."""


def start(run: ImportRun, job: str) -> None:
    """Have it done in the background; raises Busy. A run that was interrupted goes on, anything else begins anew."""
    prepare(run, job)
    transaction.on_commit(lambda: work.enqueue(run.pk))


def prepare(run: ImportRun, job: str) -> None:
    """Book the run for whoever takes it first. Raises Busy when it is being done, or another of its format is."""
    try:
        with in_turn(), transaction.atomic():
            held = ImportRun.objects.select_for_update().get(pk=run.pk)
            resumed = job != Job.TRY and held.job == job and held.can_be_resumed
            if reason := _why_not(held, job, resumed=resumed):
                raise Busy(reason)
            fresh: dict[str, Any] = {} if resumed else {"done": 0, "counts": {}, "finished_at": None}
            ImportRun.objects.filter(pk=run.pk).update(job=job, state=State.RUNNING, error="", alive_at=None, **fresh)
            if not resumed and job != Job.UNDO:
                run.lines.all().delete()
    except IntegrityError as error:
        raise Busy("Un autre import de ce format est en cours : attendez sa fin.") from error
    run.refresh_from_db()


def _why_not(held: ImportRun, job: str, *, resumed: bool) -> str:
    """A French sentence; nothing when it may begin."""
    if held.state == State.RUNNING and not held.is_silent:
        return "Cet import est déjà en cours : rien n’est fait une seconde fois."
    if job == Job.UNDO and not resumed and not held.can_be_undone:
        return "Cet import ne peut pas être annulé maintenant : arrêtez-le, ou attendez sa fin."
    if job != Job.UNDO and not resumed and held.job != Job.TRY and not held.is_undone:
        return "Cet import est déjà fait : pour recommencer, annulez-le, ou apportez à nouveau le fichier."
    return ""


def stop(run: ImportRun) -> None:
    """Whoever works on it stops before its next batch; it can be resumed."""
    running = ImportRun.objects.filter(pk=run.pk, state=State.RUNNING)
    running.update(state=State.FAILED, error="Arrêté à votre demande.", marks=highest())


@task()
def work(pk: int) -> None:
    carry_out(pk)


def carry_out(pk: int, show: Callable[[ImportRun], None] | None = None) -> None:
    """Do what was prepared, to its end; `show` is told after each batch. Another process at it: nothing is done."""
    now = timezone.now()
    free = ImportRun.objects.filter(alive_at=None, pk=pk, state=State.RUNNING)
    if not free.update(turn=F("turn") + 1, alive_at=now, worker=this_process()):
        return
    worker = Worker(ImportRun.objects.get(pk=pk), show)
    try:
        with search.paused():
            worker.undo() if worker.run.job == Job.UNDO else worker.bring()
    except Taken:
        logger.info("import %s: taken by another process, or stopped", pk)
    except (Unreadable, OSError) as error:
        worker.end(State.FAILED, str(error))
    except DatabaseError as error:
        logger.exception("import %s", pk)
        worker.end(State.FAILED, f"La base de données n’a pas répondu : reprenez l’import. ({error})")
    except Exception:  # whatever a format does, the screen says so and the run can be resumed
        logger.exception("import %s", pk)
        worker.end(State.FAILED, UNEXPECTED)
    else:
        worker.end(State.DONE, "")


class Worker:
    """One process at one run, for as long as nobody else takes it."""

    def __init__(self, run: ImportRun, show: Callable[[ImportRun], None] | None) -> None:
        self.run, self.show = run, show
        self.beaten = time.monotonic()

    def mine(self) -> models.QuerySet[ImportRun]:
        return ImportRun.objects.filter(pk=self.run.pk, turn=self.run.turn, state=State.RUNNING)

    def hold(self) -> None:
        """Say that this process lives. Raises Taken."""
        self.beaten = time.monotonic()
        if not self.mine().update(alive_at=timezone.now()):
            raise Taken

    def end(self, state: str, error: str) -> None:
        marks = highest() if self.run.job == Job.IMPORT else self.run.marks
        self.mine().update(state=state, error=error[:500], finished_at=timezone.now(), marks=marks)
        self.run.refresh_from_db()

    def bring(self) -> None:
        """Read all of it; what an interrupted import had already done is read again without a look."""
        run, importer = self.run, self.run.format
        with local(run) as path, run.opened_pieces():
            records = importer.read(path, run.choices)
            carrier = Carrier(run, importer.target(run))
            for _ in islice(records, run.done):
                self._beat()
            for batch in self._batches(records):
                self._carry(carrier, batch)
            if run.job == Job.IMPORT:
                carrier.finish(self.hold)
            self.mine().update(total=run.done)

    def _batches(self, records: Iterator[Record]) -> Iterator[list[Record]]:
        batch: list[Record] = []
        size = 0
        for record in records:
            self._beat()
            batch.append(record)
            size += sum(len(value) for value in record.values.values() if isinstance(value, str))
            if len(batch) == BATCH or size > BATCH_CHARACTERS:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _beat(self) -> None:
        if time.monotonic() - self.beaten > BEAT_SECONDS:
            self.hold()

    def _carry(self, carrier: Carrier, batch: list[Record]) -> None:
        """A batch in one transaction, or in several when it is long."""
        while batch:
            with in_turn(), transaction.atomic():
                self.hold()
                until = time.monotonic() + BATCH_SECONDS
                lines = carrier.carry(batch, lambda until=until: time.monotonic() < until)  # type: ignore[misc]
                ImportLine.objects.bulk_create(lines)
                counts = Counter(self.run.counts) + Counter(line.action for line in lines)
                done = self.run.done + len(lines)
                self.mine().update(done=done, counts=dict(counts))
            self.run.done, self.run.counts, batch = done, dict(counts), batch[len(lines) :]
            self._tell()

    def undo(self) -> None:
        more = True
        while more:
            with in_turn(), transaction.atomic():
                self.hold()
                told = undoing.undo_some(self.run)
                counts = dict(Counter(self.run.counts) + told)
                done, more = self.run.done + told.total(), bool(told)
                self.mine().update(done=done, counts=counts)
            self.run.done, self.run.counts = done, counts
            self._tell()

    def _tell(self) -> None:
        if self.show:
            self.show(self.run)


@contextmanager
def local(run: ImportRun) -> Iterator[Path | str]:
    """Where `read` finds the file: on this disk, or at its address."""
    if run.place:
        yield run.place if run.format.from_address else Path(run.place)
        return
    if (path := _on_disk(run)) is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy, run.file.open("rb") as stored:
        copyfileobj(stored, copy)
        copy.flush()
        yield Path(copy.name)


def _on_disk(run: ImportRun) -> Path | None:
    try:
        return Path(run.file.path)
    except NotImplementedError:  # kept elsewhere
        return None
