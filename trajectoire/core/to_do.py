"""The lines of the work list that belong to no app above."""

from django.urls import reverse

from .models import ContactMessage
from .outbox import OutgoingMail
from .worklist import Task, register


def declare() -> None:
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
            "message reçu à traiter",
            "messages reçus à traiter",
            lambda user: ContactMessage.objects.filter(handled=False).count(),
            lambda: f"{reverse('admin:core_contactmessage_changelist')}?handled__exact=0",
            "core.change_contactmessage",
        ),
    )
