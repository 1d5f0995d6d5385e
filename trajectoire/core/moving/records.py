"""An export asked for in the administration: prepared in the background, given to who may, deleted a day later."""

import datetime
import logging
import tempfile
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django_tasks import task

from .. import auditing
from . import leaving, told

logger = logging.getLogger(__name__)
KEPT = datetime.timedelta(days=1)
FAILED = "L’archive n’a pas pu être faite : la raison est au journal du serveur. Vérifiez la place du disque, puis recommencez."


def stored_as(instance: models.Model, name: str) -> str:
    return f"exports/{uuid.uuid4().hex}.zip"


class SiteExport(models.Model):
    """An archive without secrets (docs/moving.md); whoever may export the site may take it for a day."""

    class State(models.TextChoices):
        WAITING = "attente", "en préparation"
        READY = "pret", "prêt"
        FAILED = "echec", "interrompu"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="demandé par", null=True, related_name="+")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    state = models.CharField("état", max_length=8, choices=State, default=State.WAITING)
    file = models.FileField("archive", upload_to=stored_as, blank=True)
    size = models.PositiveBigIntegerField("taille", default=0)  # bytes
    digest = models.CharField("empreinte du contenu", max_length=64, blank=True)
    words = models.TextField("contenu", blank=True)

    class Meta:
        verbose_name = "export du site"
        verbose_name_plural = "exports du site"
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"Export du {timezone.localtime(self.asked_at):%d/%m/%Y à %H:%M}"

    @property
    def is_given(self) -> bool:
        return self.state == self.State.READY and self.asked_at > timezone.now() - KEPT


@transaction.atomic
def ask(user: Any) -> SiteExport:
    """Note the request, and have the archive made in the background once it is committed."""
    asked = SiteExport.objects.create(by=user)
    auditing.record(user, "export de tout le site demandé", asked)
    transaction.on_commit(lambda: work.enqueue(asked.pk))
    return asked


@task()
def work(pk: int) -> None:
    """Make the archive; done twice, it is made once."""
    if not SiteExport.objects.filter(pk=pk, state=SiteExport.State.WAITING, file="").exists():
        return
    try:
        made = prepare(pk)
    except (OSError, DatabaseError):
        logger.exception("export %s", pk)
        made = {"state": SiteExport.State.FAILED, "words": FAILED}
    SiteExport.objects.filter(pk=pk).update(**made)


def prepare(pk: int) -> dict[str, Any]:
    """The archive in the storage, and the columns that tell it."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder) / "site.zip"
        manifest = leaving.export(path, complete=False)
        with path.open("rb") as stream:
            name = default_storage.save(stored_as(SiteExport(pk=pk), path.name), File(stream))
        size = path.stat().st_size
    words = "\n".join([f"{told.summary(manifest)}.", *told.missing(manifest.missing)])
    return {"state": SiteExport.State.READY, "file": name, "size": size, "digest": manifest.digest, "words": words}


def old(now: datetime.datetime) -> models.QuerySet[SiteExport]:
    """Asked for more than a day ago."""
    return SiteExport.objects.filter(asked_at__lt=now - KEPT)


def erase(now: datetime.datetime) -> int:
    """Delete the files, then the rows: interrupted, it is done again."""
    gone = list(old(now))
    for asked in gone:
        if asked.file:
            default_storage.delete(str(asked.file.name))
    return SiteExport.objects.filter(pk__in=[asked.pk for asked in gone]).delete()[0]
