"""When each job began, ended, and is due: one row a job, whatever the number of machines."""

import datetime

from django.db import models
from django.utils import timezone

from .jobs import Job, registered

# Beyond, nobody runs the clock any more.
STOPPED = datetime.timedelta(minutes=15)
REASON = 500  # characters kept of what a command that failed said


class ScheduledJobQuerySet(models.QuerySet["ScheduledJob"]):
    def failed(self) -> "ScheduledJobQuerySet":
        return self.filter(command__in=registered()).exclude(failure="")


class ScheduledJob(models.Model):
    """What the clock knows of a job; `failure` is what its last run said on its error output, empty when all went well."""

    command = models.CharField("commande", max_length=120, primary_key=True)
    next_at = models.DateTimeField("prochain passage", default=timezone.now)
    started_at = models.DateTimeField("dernier départ", null=True)
    ended_at = models.DateTimeField("dernière fin", null=True)
    failure = models.TextField("erreur", blank=True)

    objects = ScheduledJobQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche automatique"
        verbose_name_plural = "tâches automatiques"
        ordering = ["command"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        job = registered().get(self.command)
        return job.label if job else self.command


def claim(job: Job, now: datetime.datetime) -> bool:
    """Whether this process runs it now: one update, that only one of several machines wins."""
    row, _ = ScheduledJob.objects.get_or_create(pk=job.command, defaults={"next_at": job.first_after(now)})
    if row.next_at > now:
        return False
    mine = ScheduledJob.objects.filter(pk=job.command, next_at=row.next_at)
    return bool(mine.update(next_at=job.next_after(now), started_at=now))


def end(job: Job, failure: str) -> None:
    """Note how it ended; `failure` is empty when all went well."""
    ScheduledJob.objects.filter(pk=job.command).update(ended_at=timezone.now(), failure=failure.strip()[-REASON:])


def minutes_stopped(now: datetime.datetime) -> int:
    """Since the clock last began something, if that is too long ago; 0 while it runs, or when it never ran."""
    last = ScheduledJob.objects.aggregate(last=models.Max("started_at"))["last"]
    return int((now - last).total_seconds() // 60) if last and last < now - STOPPED else 0
