"""System checks: production refuses to start with the demonstration's settings; wrong settings are refused everywhere."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register
from django.http.request import validate_host

from . import scanning
from .search.opensearch import address, connection


@register()
def production_is_safe(app_configs, **kwargs) -> list[Error]:
    """Errors, in French, for each setting that production must not keep. Empty outside production."""
    if not settings.PRODUCTION:
        return []
    wrong = [
        (settings.DEBUG, "DEBUG doit rester à false en production.", "trajectoire.E001"),
        (
            settings.SECRET_KEY == settings.DEMO_SECRET_KEY or len(settings.SECRET_KEY) < 50,
            "SECRET_KEY doit être une suite aléatoire d’au moins 50 caractères.",
            "trajectoire.E002",
        ),
        (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "ALLOWED_HOSTS doit nommer le domaine du site, sans « * ».",
            "trajectoire.E003",
        ),
        (
            not settings.SITE_URL.startswith("https://"),
            "SITE_URL doit être l’adresse publique du site et commencer par https://.",
            "trajectoire.E004",
        ),
        (
            "example.org" in settings.DEFAULT_FROM_EMAIL + settings.CONTACT_EMAIL,
            "DEFAULT_FROM_EMAIL et CONTACT_EMAIL doivent être de vraies adresses.",
            "trajectoire.E005",
        ),
        (
            settings.EMAIL_BACKEND.endswith(("filebased.EmailBackend", "console.EmailBackend")),
            "EMAIL_URL doit nommer un serveur d’envoi : sans lui, aucun e-mail ne part.",
            "trajectoire.E008",
        ),
        (
            not validate_host(urlsplit(settings.SITE_URL).hostname or "", settings.ALLOWED_HOSTS),
            "ALLOWED_HOSTS doit contenir le domaine de SITE_URL.",
            "trajectoire.E009",
        ),
        (
            not settings.SECOND_FACTOR_REQUIRED,
            "SECOND_FACTOR_REQUIRED doit rester à true en production : un mot de passe volé ne doit pas ouvrir l’administration.",
            "trajectoire.E011",
        ),
        (
            settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache")),
            "CACHE_URL doit nommer un cache commun à tous les processus : les limites d’essais s’y comptent.",
            "trajectoire.E012",
        ),
    ]
    return [Error(message, id=code) for bad, message, code in wrong if bad]


@register()
def search_server_can_be_asked(app_configs, **kwargs) -> list[Error]:
    """Errors when SEARCH_URL names a server in a way nobody can read, or without the package that speaks to it."""
    if not settings.SEARCH_URL:
        return []
    try:
        address.read(settings.SEARCH_URL)
    except address.WrongAddressError as error:
        return [Error(str(error), id="trajectoire.E006")]
    if find_spec("opensearchpy") is None:
        return [Error(f"{connection.ABSENT} Installez-le, ou videz SEARCH_URL.", id="trajectoire.E007")]
    return []


@register()
def antivirus_can_be_asked(app_configs, **kwargs) -> list[Error]:
    """An error when CLAMAV_URL names a server in a way nobody can read: a file must not be refused, or kept, for that."""
    try:
        scanning.address(settings.CLAMAV_URL or "tcp://none")
    except ValueError:
        return [Error("CLAMAV_URL doit s’écrire tcp://serveur:3310.", id="trajectoire.E010")]
    return []
