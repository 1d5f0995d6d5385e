"""How people get in: by invitation, through allauth, the admin included."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from django import forms
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse

from .mail import keep
from .outbox import ACCOUNTS


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No public sign-up: its timing tells which addresses are known, and nobody needs it."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Through the outbox: the page answers at once, whatever the mail server does and whether the address is known."""
        given = {"request": self.request, "email": email, "current_site": get_current_site(self.request), **context}
        kind = ACCOUNTS + template_prefix.rsplit("/", 1)[-1]
        keep(kind, self.render_mail(template_prefix, email, given))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index") if request.user.is_staff else reverse("vrl:space")  # type: ignore[union-attr]


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


def name_email(field: forms.Field) -> None:
    field.label = "Adresse e-mail"
    field.widget.attrs.pop("placeholder", None)
