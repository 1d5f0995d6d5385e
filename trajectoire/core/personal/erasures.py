"""Who was erased, known by a keyed fingerprint only, so that a restored backup does not bring anybody back.

The same list lives in the database and in a file outside it (`ERASURES_FILE`). A restored database lacks the rows written after
the backup: `manage.py replay_erasures` finds them in the file and erases these people again.
"""

import datetime
import os
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .. import tokens

LINK_FOR = 48 * 3600  # seconds
SCOPE = "personal.mine"
KEPT = datetime.timedelta(days=2 * 365)  # longer than any backup


def digest_of(email: str) -> str:
    """The same for all cases of an address; another SECRET_KEY gives another fingerprint."""
    return salted_hmac("personal.erasure", email.strip().lower(), algorithm="sha256").hexdigest()


class Erasure(models.Model):
    """Someone was erased at this moment."""

    digest = models.CharField("empreinte", max_length=64)
    erased_at = models.DateTimeField("le", default=timezone.now)
    by_person = models.BooleanField("par la personne elle-même", default=False)

    class Meta:
        verbose_name = "effacement"
        verbose_name_plural = "données d’une personne"
        ordering = ["-erased_at"]
        constraints = [models.UniqueConstraint(fields=["digest", "erased_at"], name="erasure_once")]

    def __str__(self) -> str:
        return self.digest[:8]


class DataRequest(models.Model):
    """Someone asked for the link to her data: the link holds the key of this row, never the address."""

    email = models.EmailField("adresse e-mail")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)

    class Meta:
        verbose_name = "demande d’accès aux données"
        verbose_name_plural = "demandes d’accès aux données"

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def token(self) -> str:
        return tokens.sign(SCOPE, self.pk)


def asked_long_ago(now: datetime.datetime) -> models.QuerySet:
    return DataRequest.objects.filter(asked_at__lt=now - datetime.timedelta(seconds=LINK_FOR))


def old(now: datetime.datetime) -> models.QuerySet:
    return Erasure.objects.filter(erased_at__lt=now - KEPT)


def forget(now: datetime.datetime) -> int:
    """Drop the fingerprints that no backup can need any more, from both lists."""
    count, _ = old(now).delete()
    if count:
        kept = [(digest, moment) for digest, moment in remembered() if moment >= now - KEPT]
        fresh = ledger().with_suffix(".new")
        fresh.write_text("".join(line(digest, moment) for digest, moment in kept), encoding="ascii")
        fresh.replace(ledger())
    return count


def ledger() -> Path:
    return Path(settings.ERASURES_FILE)


def line(digest: str, moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC).isoformat()} {digest}\n"


def remember(email: str, *, by_person: bool) -> Erasure:
    """Write the fingerprint in both lists, the file first: nobody is erased whom a backup could bring back."""
    stored = Erasure(digest=digest_of(email), by_person=by_person)
    path = ledger()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as stream:
        stream.write(line(stored.digest, stored.erased_at))
        stream.flush()
        os.fsync(stream.fileno())
    stored.save()
    return stored


def remembered() -> list[tuple[str, datetime.datetime]]:
    """(fingerprint, moment) for each whole line of the file; a line cut by an accident is passed over."""
    try:
        lines = ledger().read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for text in lines:
        moment, _, digest = text.partition(" ")
        try:
            found.append((digest, datetime.datetime.fromisoformat(moment)))
        except ValueError:
            continue
    return [(digest, moment) for digest, moment in found if len(digest) == 64 and moment.tzinfo]


def to_replay() -> list[tuple[str, datetime.datetime]]:
    """What the file knows and the database does not: erased after the backup that was restored."""
    known = set(Erasure.objects.values_list("digest", "erased_at"))
    limit = timezone.now() - KEPT
    return [pair for pair in remembered() if pair not in known and pair[1] >= limit]
