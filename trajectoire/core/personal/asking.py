"""Someone asks for her own data: a link, sent to her address only, whether the site knows it or not."""

from django.db import transaction
from django.urls import reverse

from .. import mail, tokens
from ..limits import too_many_for
from .copies import LINK
from .erasures import LINK_FOR, SCOPE, DataRequest

A_DAY = 24 * 3600
MAILS_A_DAY = 3  # to one address, whoever asks


@transaction.atomic
def send_link(email: str) -> None:
    """The same work and the same message for every address: what exists is read behind the link."""
    if too_many_for(email.lower(), "personal-mails", limit=MAILS_A_DAY, seconds=A_DAY):
        return
    asked = DataRequest.objects.create(email=email)
    mail.post(LINK, email, {"url": mail.link(reverse("personal:mine", args=[asked.token]))})


def asked_by(token: str) -> DataRequest | None:
    """Who asked; None when the link is older than 48 hours or its data are erased. Raises tokens.Invalid when it is made up."""
    try:
        pk = tokens.unsign(SCOPE, token, max_age=LINK_FOR)
    except tokens.Expired:
        return None
    return DataRequest.objects.filter(pk=pk).first()
