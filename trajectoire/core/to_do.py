"""The lines of the work list that belong to no app above."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from . import worklist
from .clock.records import ScheduledJob, minutes_stopped
from .models import ContactMessage, Page
from .moving import backups
from .outbox import OutgoingMail
from .redirects import asked_often
from .rereading import sources
from .worklist import Task, register


def declare() -> None:
    sources.register(
        sources.Source("page", "les pages du site", worklist.SITE, Page.objects.all, "core.change_page", texts=("title", "lead"))
    )
    _declare_machinery()
    register(
        Task(
            "message reçu à traiter",
            "messages reçus à traiter",
            lambda user: ContactMessage.objects.filter(handled=False).count(),
            lambda: f"{reverse('admin:core_contactmessage_changelist')}?handled__exact=0",
            "core.change_contactmessage",
        ),
        Task(
            "adresse introuvable est souvent demandée",
            "adresses introuvables sont souvent demandées",
            lambda user: asked_often().count(),
            lambda: reverse("admin:core_missedpath_changelist"),
            "core.change_missedpath",
        ),
    )


def _declare_machinery() -> None:
    """What the site does by itself, when it does not."""
    register(
        Task(
            "e-mail n’a pas pu partir",
            "e-mails n’ont pas pu partir",
            lambda user: OutgoingMail.objects.failed().count(),
            lambda: f"{reverse('admin:core_outgoingmail_changelist')}?status__exact={OutgoingMail.Status.FAILED}",
            "core.view_outgoingmail",
            urgent=True,
        ),
        Task(
            "jour depuis la dernière sauvegarde",
            "jours depuis la dernière sauvegarde",
            lambda user: backups.days_late(timezone.now()),
            lambda: reverse("admin:core_backup_changelist"),
            "core.view_backup",
            urgent=True,
        ),
        Task(
            "sauvegarde automatique à mettre en place",
            "sauvegardes automatiques à mettre en place",
            lambda user: int(settings.PRODUCTION and backups.last() is None),
            lambda: reverse("admin:core_backup_changelist"),
            "core.view_backup",
            urgent=True,
        ),
        Task(
            "tâche automatique a échoué",
            "tâches automatiques ont échoué",
            lambda user: ScheduledJob.objects.failed().count(),
            lambda: reverse("site_state"),
            "core.view_scheduledjob",
            urgent=True,
        ),
        Task(
            "minute depuis la dernière tâche automatique",
            "minutes depuis la dernière tâche automatique",
            lambda user: minutes_stopped(timezone.now()),
            lambda: reverse("site_state"),
            "core.view_scheduledjob",
            urgent=True,
        ),
    )
