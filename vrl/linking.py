"""An account that receives the role of trainers becomes the account of a trainer."""

from django.db import transaction

from trajectoire.core.models import User

from .models import Trainer


@transaction.atomic
def link(user: User) -> None:
    """The trainer known by this address takes the account; somebody unknown gets a row. Called again, it changes nothing."""
    if Trainer.objects.filter(user=user).exists():
        return
    known = Trainer.objects.present().filter(user=None, email__iexact=user.email).order_by("pk").first()
    if known:
        Trainer.objects.filter(pk=known.pk).update(user=user)
    else:
        Trainer.objects.create(user=user, name=user.name or user.email.partition("@")[0], email=user.email)
