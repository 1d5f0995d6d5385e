"""How the site's own rows about one person are found, copied and erased."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q

from ..invitation import Invitation
from ..models import ContactMessage, User
from ..outbox import MailBody, OutgoingMail
from ..sending import as_message
from . import mentions
from .erasures import DataRequest
from .traces import fields

LINK = "personal_link"  # the mail whose link opens these data
STAFF_ACCOUNT = "Cette adresse a un compte de l’équipe : seule l’administration du site peut l’effacer. Écrivez-nous."
LAST_ADMINISTRATOR = "C’est le dernier compte qui a tous les droits : donnez-les à quelqu’un d’autre avant de l’effacer."


def contact_messages(email: str) -> models.QuerySet:
    return ContactMessage.objects.filter(email__iexact=email)


def invitations(email: str) -> models.QuerySet:
    return Invitation.objects.filter(email__iexact=email)


def data_requests(email: str) -> models.QuerySet:
    return DataRequest.objects.filter(email__iexact=email)


def mails(email: str) -> Iterator[OutgoingMail]:
    """What was sent to her, in her name, or says her address."""
    said = Q(body__text__icontains=email) | Q(body__html__icontains=email)
    asked = Q(recipient__iexact=email) | Q(reply_to__iexact=email) | said
    wanted = mentions.pattern(email)
    for mail in OutgoingMail.objects.filter(asked).select_related("body").order_by("pk"):
        body = mail.body or MailBody()
        if wanted.search(f"{mail.recipient} {mail.reply_to} {body.text} {body.html}"):
            yield mail


def mail_copy(mail: OutgoingMail) -> dict[str, Any]:
    """The words of a mail that opens an account or these data are left out: its link would be in the copy."""
    shown = fields("subject", "recipient", "created_at", "status")(mail)
    return shown if mail.is_secret or mail.kind == LINK or mail.body is None else shown | {"texte": as_message(mail).body}


def erase_mail(mail: OutgoingMail) -> None:
    """The text goes too, unless it was written once for others as well."""
    body = mail.body
    mail.delete()
    if body and not body.mails.exists():
        body.delete()


def accounts(email: str) -> models.QuerySet:
    return User.objects.filter(Q(email__iexact=email) | Q(emailaddress__email__iexact=email)).distinct()


def account_copy(user: User) -> dict[str, Any]:
    roles = ", ".join(user.groups.order_by("name").values_list("name", flat=True))
    return fields("email", "name", "date_joined", "last_login")(user) | ({"rôles": roles} if roles else {})


def erase_account(user: User) -> None:
    opened = [key for key, data in _session_data() if data.get("_auth_user_id") == str(user.pk)]
    Session.objects.filter(session_key__in=opened).delete()
    user.delete()


def account_refusal(user: User, by_person: bool) -> str:
    if by_person and user.is_staff:
        return STAFF_ACCOUNT
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return LAST_ADMINISTRATOR if user.is_superuser and not others.exists() else ""


def _session_data() -> Iterator[tuple[str, dict[str, Any]]]:
    for session in Session.objects.order_by("pk").iterator():
        yield session.session_key, session.get_decoded()


def sessions(email: str) -> list[Session]:
    """Sessions under way that hold the address: a login or a reset not finished."""
    wanted = mentions.pattern(email)
    keys = [key for key, data in _session_data() if wanted.search(str(data))]
    return list(Session.objects.filter(session_key__in=keys).order_by("pk"))


def session_copy(session: Session) -> dict[str, Any]:
    return {"fin": session.expire_date}


def mail_files(email: str) -> list[Path]:
    """Without a mail server, mails are files: those that name the person."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or settings.VAR_DIR / "mails")
    wanted = mentions.pattern(email)
    files = sorted(folder.glob("*.log")) if folder.is_dir() else []
    return [path for path in files if wanted.search(_unfolded(path))]


def _unfolded(path: Path) -> str:
    """The text of a mail, its long lines joined again (RFC 2045, 6.7)."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return re.sub(r"=\r?\n", "", text)


def file_copy(path: Path) -> dict[str, Any]:
    return {"fichier": path.name}


def erase_file(path: Path) -> None:
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
