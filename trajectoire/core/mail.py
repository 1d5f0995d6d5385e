"""Mail leaves only once the transaction is committed, in the background, and is tried again when the server is away."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from .models import ContactMessage


def forward_contact(message: ContactMessage) -> None:
    """Hand the message to the centre's mailbox after commit; it is already safe in the database."""
    transaction.on_commit(lambda: mail_contact.enqueue(message.pk))


@task()
def mail_contact(pk: int) -> None:
    """Send one stored message; a failure leaves `mailed_at` empty, which the admin shows."""
    message = ContactMessage.objects.get(pk=pk)
    EmailMessage(
        subject=f"[Site] {message.subject}",
        body=render_to_string("emails/contact.txt", {"message": message}),
        to=[settings.CONTACT_EMAIL],
        reply_to=[message.email],
    ).send()
    ContactMessage.objects.filter(pk=pk).update(mailed_at=timezone.now())
