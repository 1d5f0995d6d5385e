"""Invite people, and open their account when they come: the writes of invitations."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from . import auditing, joining, mail, tables, tokens
from .accounts import own_address
from .invitation import GOOD_FOR, Invitation
from .models import User
from .outbox import ACCOUNTS
from .roles import STAFF_ROLES

SCOPE = "core.invitation"
EMAILS, NAMES = (
    {"email", "e-mail", "mail", "courriel", "adresse", "adresse e-mail", "adresse mail"},
    {"nom", "name", "nom complet"},
)
KNOWN = "Cette adresse a déjà un compte : donnez-lui plutôt son rôle dans la fiche de ce compte."
INVITED = "Une invitation attend déjà cette personne : renvoyez-la depuis la liste."


@dataclass(frozen=True)
class Outcome:
    """What was done with a list: how many were invited, and (line number, address, reason) for the others."""

    sent: int
    refused: list[tuple[int, str, str]]


def obstacle(email: str) -> str:
    """Why this address cannot be invited, in a French sentence; empty when it can."""
    if User.objects.filter(email__iexact=email).exists() or EmailAddress.objects.filter(email__iexact=email).exists():
        return KNOWN
    return INVITED if Invitation.objects.waiting().filter(email__iexact=email).exists() else ""


@transaction.atomic
def invite(by: User, email: str, group: Group, name: str = "") -> Invitation:
    """Store the invitation and its message; the caller has asked `obstacle` first."""
    invitation = Invitation.objects.create(email=email.lower(), name=name, group=group, invited_by=by)
    auditing.record(by, f"invitation, rôle « {group.name} »", invitation)
    post(invitation)
    return invitation


@transaction.atomic
def send_again(by: User, invitation: Invitation) -> bool:
    """A new link, good for a fortnight; the former one is dead. False when it was accepted or cancelled meanwhile."""
    if not (current := Invitation.objects.waiting().select_for_update().filter(pk=invitation.pk).first()):
        return False
    current.sent_at, current.times_sent = timezone.now(), current.times_sent + 1
    current.save(update_fields=["sent_at", "times_sent"])
    auditing.record(by, "invitation renvoyée", current)
    post(current)
    return True


@transaction.atomic
def cancel(by: User, invitation: Invitation) -> bool:
    """Its link is dead at once. False when it was accepted or cancelled already."""
    if not Invitation.objects.waiting().filter(pk=invitation.pk).update(cancelled_at=timezone.now()):
        return False
    auditing.record(by, "invitation annulée", invitation)
    return True


def invite_list(by: User, table: tables.Table, group: Group) -> Outcome:
    """Invite the people of a file with a column of addresses, and perhaps one of names. Each line stands alone."""
    sent, refused = 0, []
    with mail.held():
        for number, email, name in lines(table):
            if reason := wrong_address(email) or obstacle(email):
                refused.append((number, email, reason))
            else:
                invite(by, email, group, name[:120])
                sent += 1
    return Outcome(sent, refused)


def lines(table: tables.Table) -> list[tuple[int, str, str]]:
    """(number in the file, address, name). Raises ValidationError when no column holds the addresses."""
    headers = [header.lower() for header in table.headers]
    place = next((n for n, header in enumerate(headers) if header in EMAILS), None)
    if place is None:
        raise ValidationError("Aucune colonne ne s’appelle « e-mail » : ajoutez une ligne de titres au fichier.")
    named = next((n for n, header in enumerate(headers) if header in NAMES), None)
    return [(number, _cell(cells, place), _cell(cells, named)) for number, cells in table.lines]


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def wrong_address(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return "Cette adresse e-mail n’est pas complète."
    return ""


def post(invitation: Invitation) -> None:
    context = {
        "invitation": invitation,
        "role": invitation.group.name,
        "inviter": str(invitation.invited_by) if invitation.invited_by else "L’équipe du centre",
        "is_staff": invitation.group.name in STAFF_ROLES,
        "days": GOOD_FOR.days,
        "accept_url": mail.link(accept_path(invitation)),
        "contact": settings.CONTACT_EMAIL,
    }
    mail.post(f"{ACCOUNTS}invitation", invitation.email, context)


def accept_path(invitation: Invitation) -> str:
    return reverse("invitation", args=[tokens.sign(SCOPE, [invitation.pk, invitation.times_sent])])


def opened_by(token: str) -> Invitation | None:
    """The invitation that this link opens; None for any other link: unknown, too old, used, cancelled, sent again since."""
    try:
        pk, times_sent = tokens.unsign(SCOPE, token, max_age=int(GOOD_FOR.total_seconds()))
    except tokens.Invalid:
        return None
    found = Invitation.objects.waiting().select_related("group").filter(pk=pk, times_sent=times_sent).first()
    return found if found and found.state == "envoyée" and not User.objects.filter(email__iexact=found.email).exists() else None


@transaction.atomic
def accept(invitation: Invitation, name: str, password: str) -> User | None:
    """Open the account with its role; None when somebody was quicker. The link proves the address."""
    if not Invitation.objects.waiting().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
        return None
    is_staff = invitation.group.name in STAFF_ROLES
    user = User.objects.create_user(invitation.email, password, name=name, is_staff=is_staff)
    user.groups.add(invitation.group)
    own_address(user)
    joining.joined(user)
    auditing.record(user, "compte ouvert sur invitation", invitation)
    return user
