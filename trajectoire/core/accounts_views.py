"""Opening one's account by the link of an invitation."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from . import inviting
from .forms import single_line
from .limits import too_many
from .models import User
from .roles import STAFF_ROLES

TRIES_AN_HOUR = 60


class OpeningForm(forms.Form):
    """Who comes, and the password they choose; typed once, it can be shown."""

    name = forms.CharField(
        label="Votre nom",
        max_length=120,
        help_text="Tel que l’équipe du centre le verra.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Indiquez votre nom."},
    )
    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choisissez un mot de passe."},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_name(self) -> str:
        return single_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if password := data.get("password"):
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the form, POST opens the account and logs in. Every link that opens nothing gets the same page."""
    if too_many(request, "invitation", limit=TRIES_AN_HOUR, seconds=3600):
        return render(request, "errors/429.html", status=429)
    if not (invited := inviting.opened_by(token)):
        return render(request, "core/invitation_over.html", status=404)
    form = OpeningForm(request.POST or None, email=invited.email, initial={"name": invited.name})
    if request.method == "POST" and form.is_valid():
        logout(request)  # a browser shared with somebody
        if user := inviting.accept(invited, form.cleaned_data["name"], form.cleaned_data["password"]):
            return perform_password_login(request, {"email": user.email}, Login(user=user, email=user.email))
        return render(request, "core/invitation_over.html", status=404)
    context = {"form": form, "invited": invited, "is_staff": invited.group.name in STAFF_ROLES}
    return render(request, "core/invitation.html", context, status=400 if form.errors else 200)
