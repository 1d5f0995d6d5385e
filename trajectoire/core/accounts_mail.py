"""What the mails about accounts say. Allauth decides when they leave; the words and the look are ours."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from . import mail
from .outbox import ACCOUNTS


class Words(NamedTuple):
    """`link` names the value of the context that holds the address, or the page of the site."""

    title: str
    says: tuple[str, ...]
    label: str = ""
    link: str = ""


IGNORE = "Si vous n’avez rien demandé, ne faites rien : ce message est sans effet."
NOT_YOU = "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe, puis prévenez-nous : {contact}."
CHECK = ("Vérifier mes réglages", "mfa_index")
LOST = ("Choisir un autre mot de passe", "account_reset_password")

MAILS = {
    "password_reset_key": Words(
        "Choisir un nouveau mot de passe",
        ("Vous avez demandé à choisir un nouveau mot de passe. Ce lien sert une fois, pendant deux heures.", IGNORE),
        "Choisir mon mot de passe",
        "password_reset_url",
    ),
    "unknown_account": Words(
        "Aucun compte à cette adresse",
        (
            "Quelqu’un, vous peut-être, a demandé un nouveau mot de passe pour cette adresse e-mail : aucun compte ne l’utilise.",
            "Les comptes sont ouverts sur invitation : si vous pensez en avoir un, il est sans doute à une autre de vos adresses. "
            "Pour lire les ressources du site, aucun compte n’est nécessaire.",
        ),
        "Nous écrire",
        "contact",
    ),
    "email_confirmation": Words(
        "Confirmer votre adresse e-mail",
        ("Cette adresse a été donnée pour un compte du site. Elle remplacera l’ancienne dès que vous l’aurez confirmée.", IGNORE),
        "Confirmer mon adresse",
        "activate_url",
    ),
    "account_already_exists": Words(
        "Cette adresse a déjà un compte",
        ("Quelqu’un a voulu donner cette adresse à un autre compte du site. Rien n’a changé.", IGNORE),
        *LOST,
    ),
    "email_changed": Words(
        "Votre adresse e-mail a changé",
        ("Vous vous connectez désormais avec l’adresse {to_email}. L’ancienne, {from_email}, n’ouvre plus rien.", NOT_YOU),
    ),
    "email_deleted": Words("Une adresse a été retirée", ("L’adresse {deleted_email} n’ouvre plus votre compte.", NOT_YOU)),
    "password_changed": Words("Votre mot de passe a changé", ("Vos autres appareils ont été déconnectés.", NOT_YOU), *LOST),
    "password_set": Words("Votre compte a un mot de passe", ("Vous pouvez vous connecter avec lui.", NOT_YOU), *LOST),
    "password_reset": Words(
        "Votre mot de passe a changé",
        ("Il a été choisi par le lien d’un e-mail. Vos appareils ont été déconnectés.", NOT_YOU),
        *LOST,
    ),
    "totp_activated": Words(
        "Une application protège votre compte",
        ("Ses codes vous seront demandés à chaque connexion. Gardez vos codes de secours en lieu sûr.", NOT_YOU),
        *CHECK,
    ),
    "totp_deactivated": Words(
        "L’application ne protège plus votre compte", ("Ses codes ne sont plus demandés.", NOT_YOU), *CHECK
    ),
    "webauthn_added": Words(
        "Une clé d’accès protège votre compte",
        ("Elle peut servir à chaque connexion. Gardez vos codes de secours.", NOT_YOU),
        *CHECK,
    ),
    "webauthn_removed": Words("Une clé d’accès a été retirée", ("Elle n’ouvre plus votre compte.", NOT_YOU), *CHECK),
    "recovery_codes_generated": Words(
        "Vous avez de nouveaux codes de secours", ("Les anciens ne servent plus. Gardez-les en lieu sûr.", NOT_YOU), *CHECK
    ),
}


def post(name: str, to: str, context: Mapping[str, Any]) -> None:
    """Store the mail `name` of allauth, with the names it gives to its values."""
    words = MAILS[name]
    known = {**context, "contact": settings.CONTACT_EMAIL}
    given = {
        "title": words.title,
        "paragraphs": [said.format_map(known) for said in words.says],
        "label": words.label,
        "url": _address(words.link, known),
    }
    mail.post(f"{ACCOUNTS}message", to, given)


def _address(name: str, context: Mapping[str, Any]) -> str:
    """Always on the site's own address, whatever the request said."""
    if not name:
        return ""
    return mail.link(urlsplit(context[name]).path if name.endswith("_url") else reverse(name))
