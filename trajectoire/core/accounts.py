"""How people get in: by invitation, through allauth, the admin included."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from . import accounts_mail
from .models import PARTNERS, TRAINERS, User

KEY_NAME = "Nom de cette clé, pour vous y retrouver"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "L’adresse e-mail ou le mot de passe ne sont pas les bons. Vérifiez-les, ou choisissez un autre "
        "mot de passe.",
        "too_many_login_attempts": "Trop d’essais de suite : attendez cinq minutes, ou choisissez un autre mot de passe par le lien "
        "« Mot de passe oublié ».",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No public sign-up: its timing tells which addresses are known, and nobody needs it."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Through the outbox: the page answers at once, whatever the mail server does and whether the address is known."""
        accounts_mail.post(template_prefix.rsplit("/", 1)[-1], email, context)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """To who has an account already, what was tried; the page says the same, and no link can take the address."""
        address = emailconfirmation.email_address
        if User.objects.filter(email__iexact=address.email).exclude(pk=address.user_id).exists():
            self.send_mail("account/email/account_already_exists", address.email, {})
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        """The address of an account is its own, proved by the invitation or given by staff: allauth would take it for a new one."""
        own_address(user)
        return super().pre_login(request, user, **options)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = request.user
        if user.is_staff:  # type: ignore[union-attr]
            return reverse("admin:index")
        groups = set(user.groups.values_list("name", flat=True))  # type: ignore[union-attr]
        return reverse("vrl:space" if TRAINERS in groups else "bilan:index" if PARTNERS in groups else "home")

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Not when this very session was opened by password or passkey less than ACCOUNT_REAUTHENTICATION_TIMEOUT seconds ago."""
        records = get_authentication_records(current.request, current.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class LoginForm(AllauthLoginForm):
    """Named with the site's words, without an example repeated in the field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_email(self.fields["login"])
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ResetPasswordForm(AllauthResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_email(self.fields["email"])


class AddKeyForm(AddWebAuthnForm):
    """The simplest key first: one that needs no password beside it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = KEY_NAME
        self.fields["passwordless"].initial = True


class RenameKeyForm(EditWebAuthnForm):
    """Labelled in French."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = KEY_NAME


class AddApplicationForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}


def name_email(field: forms.Field) -> None:
    field.label = "Adresse e-mail"
    field.widget.attrs.pop("placeholder", None)


def own_address(user: User) -> None:
    """Have allauth know the address of this account as the one that logs in."""
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True, primary=True).exists():
        EmailAddress.objects.filter(user=user, primary=True).delete()
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def send_password_link(request: HttpRequest, user: User) -> None:
    """The same message as « mot de passe oublié », asked by staff."""
    request_password_reset(request, user.email, [user], None)
