"""A file brought by staff and what became of each of its records; which object came from where."""

import datetime
import hashlib
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from .contract import Action, Importer, named

if TYPE_CHECKING:
    from .pieces import Pieces

KEPT = datetime.timedelta(days=365)
LEASE = datetime.timedelta(minutes=5)  # a process silent for longer is dead: another may take the run


def stored_as(instance: models.Model, name: str) -> str:
    """Never under the name that it came with."""
    return f"imports/{uuid.uuid4().hex}"


def this_process() -> str:
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


def may_live(worker: str) -> bool:
    """False when it is a process of this machine that is no more; of another machine nothing is known."""
    machine, _, number = worker.rpartition(":")
    if machine != this_process().rpartition(":")[0] or os.name != "posix":
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives, as someone else
    return True


class ImportRun(models.Model):
    """One file, tried then imported, perhaps undone; deleted with its report twelve months after it was brought."""

    class Job(models.TextChoices):
        TRY = "essai", "Essai"
        IMPORT = "import", "Import"
        UNDO = "annulation", "Annulation"

    class State(models.TextChoices):
        RECEIVED = "recu", "à vérifier"
        RUNNING = "en-cours", "en cours"
        DONE = "fait", "terminé"
        FAILED = "arrete", "interrompu"

    importer = models.SlugField("format", max_length=40)
    file = models.FileField("fichier", upload_to=stored_as, blank=True)
    name = models.CharField("nom du fichier", max_length=200)
    place = models.CharField("adresse", max_length=1000, blank=True)  # a path of the server, or an address to harvest
    attachments = models.FileField("pièces jointes", upload_to=stored_as, blank=True)
    attachments_place = models.CharField(max_length=1000, blank=True, editable=False)  # a folder or a ZIP of the server
    options = models.JSONField("choix", default=dict)
    mapping = models.JSONField("colonnes", default=dict)  # {name of ours: position in the file}
    job = models.CharField("étape", max_length=10, choices=Job, default=Job.TRY)
    state = models.CharField("état", max_length=8, choices=State, default=State.RECEIVED)
    error = models.CharField("raison de l’arrêt", max_length=500, blank=True)
    counts = models.JSONField("nombres", default=dict)  # {action: number}
    done = models.PositiveIntegerField("enregistrements lus", default=0)
    total = models.PositiveIntegerField("enregistrements", null=True)  # known once the file was read to its end
    marks = models.JSONField(default=dict, editable=False)  # {table: its last number when the import ended}
    turn = models.PositiveIntegerField(default=0, editable=False)  # grows with each process that takes it
    worker = models.CharField(max_length=120, blank=True, editable=False)  # « machine:process », of that process
    alive_at = models.DateTimeField(null=True, editable=False)  # when it last showed that it lives
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="par", null=True, related_name="+")
    created_at = models.DateTimeField("apporté le", auto_now_add=True)
    finished_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["importer"],
                condition=Q(state="en-cours"),
                name="import_one_at_a_time",
                violation_error_message="Un import de ce format est déjà en cours : attendez sa fin.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def format(self) -> Importer:
        """Raises KeyError when no app knows this format any more."""
        return named(self.importer)

    @property
    def choices(self) -> dict[str, Any]:
        """What `read` receives beside the file."""
        return {**self.options, "mapping": self.mapping, "name": self.name}

    @property
    def is_silent(self) -> bool:
        """Booked, or begun, and nobody seems to be at it."""
        lately = self.alive_at is not None and self.alive_at > timezone.now() - LEASE
        return self.state == self.State.RUNNING and not (lately and may_live(self.worker))

    @property
    def can_be_resumed(self) -> bool:
        return self.state == self.State.FAILED or self.is_silent

    @property
    def can_be_undone(self) -> bool:
        """Imported, to its end or not; or undone in part."""
        return self.job != self.Job.TRY and self.state in (self.State.DONE, self.State.FAILED) and not self.is_undone

    @property
    def is_undone(self) -> bool:
        return self.job == self.Job.UNDO and self.state == self.State.DONE

    @cached_property
    def pieces(self) -> "Pieces":
        """The attachments, to be asked by name: see pieces.Pieces."""
        from .pieces import of

        return of(self)

    @contextmanager
    def opened_pieces(self) -> Iterator["Pieces"]:
        """Hold the attachments open. Raises Unreadable."""
        pieces = self.pieces
        try:
            yield pieces
        finally:
            pieces.close()
            del self.pieces


class ImportLine(models.Model):
    """What became of one record: the report, and what undoing needs."""

    class Undone(models.TextChoices):
        REMOVED = "retire", "Retiré"
        GIVEN_BACK = "rendu", "Remis comme avant"
        KEPT = "garde", "Gardé"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines", verbose_name="import")
    number = models.PositiveIntegerField("ligne")
    key = models.CharField("identifiant", max_length=200, blank=True)
    label = models.CharField("intitulé", max_length=200)
    action = models.CharField("résultat", max_length=8, choices=Action)
    words = models.TextField("à savoir", blank=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    target = GenericForeignKey()
    before = models.JSONField(default=dict)  # {field: [what it held, what the import put]}
    undone = models.CharField("annulation", max_length=6, choices=Undone, blank=True)
    mark = models.CharField(max_length=64, blank=True)  # of the object as the import left it

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["run", "action", "id"], name="import_line_of_run"),
            models.Index(fields=["run", "object_id"], name="import_line_of_object"),
        ]

    def __str__(self) -> str:
        return self.label


class Origin(models.Model):
    """Which object came from which key of which format: the same thing brought again is recognised for ever.

    The key is kept as a fingerprint: it may be long, or an address of a site that closed.
    """

    digest = models.CharField("empreinte", max_length=64, unique=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()

    class Meta:
        verbose_name = "provenance"
        indexes = [models.Index(fields=["content_type", "object_id"], name="origin_of_object")]

    def __str__(self) -> str:
        return self.digest


def digest_of(importer: str, key: str) -> str:
    return hashlib.sha256(f"{importer}\0{key}".encode()).hexdigest()


def old_runs(now: datetime.datetime) -> models.QuerySet[ImportRun]:
    """Brought more than a year ago."""
    return ImportRun.objects.filter(created_at__lt=now - KEPT)


def erase(now: datetime.datetime) -> int:
    """Delete old runs with their files."""
    rows = list(old_runs(now))
    for row in rows:
        forget(row)
    return len(rows)


def forget(run: ImportRun) -> None:
    """Delete a run, its report and its files; what it brought stays."""
    names = [str(file.name) for file in (run.file, run.attachments) if file]
    run.delete()
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))
