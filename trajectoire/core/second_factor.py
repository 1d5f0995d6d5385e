"""Whoever enters the administration has a second factor: a passkey, or the code of an application."""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# What somebody who has none yet may still open: the pages where it is set up, the password they ask for, the way out.
OPEN = {"account_logout", "account_reauthenticate", "favicon"}
ASKED = (
    "Votre compte ouvre l’administration du site : il lui faut un second moyen de vous reconnaître, en plus du mot de passe. "
    "Choisissez ci-dessous une clé d’accès ou une application, cela prend une minute."
)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Votre compte ouvre l’administration du site : ajoutez un autre second facteur avant de "
        "retirer celui-ci.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor stays while the account must have one; staff takes it away when a device is lost."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return not is_required(authenticator.user) or others.exists()


def is_required(user) -> bool:
    """Whether this account must have a second factor; roles that enter the administration make people members of staff."""
    return settings.SECOND_FACTOR_REQUIRED and (user.is_staff or user.is_superuser)


def is_missing(request: HttpRequest) -> bool:
    """Whether the page must wait. No query for who came in by their factor, or need none."""
    user = request.user
    if not user.is_authenticated or not is_required(user):
        return False
    if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
        return False
    return not Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


class asked_first:  # noqa: N801  (named like the other middlewares)
    """Lead to the page where the factor is set up, whatever was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name.startswith("mfa_") or name in OPEN or not is_missing(request):
            return None
        messages.warning(request, ASKED)
        return redirect("mfa_index")
