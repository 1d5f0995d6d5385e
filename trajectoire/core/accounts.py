"""How people get in: by invitation, through allauth, the admin included."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from django import forms
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No public sign-up: its timing tells which addresses are known, and nobody needs it."""
        return False

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
