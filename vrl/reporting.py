"""The report of a session: the only writer of Report and SituationMet, up to its acceptance (life.py)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.events.attendance import Attendance, attendance
from network.events.registering import Refused

from .models import Report, Session, SituationMet, Trainer

SAID = ("worked", "hard", "wishes", "people", "young_people")
ACCEPTED = "La coordination a accepté ce compte rendu : il ne change plus. Écrivez-lui si quelque chose est faux."
MEANWHILE = "Ce compte rendu a été enregistré par quelqu’un d’autre pendant que vous écriviez. Votre texte est là : relisez, puis enregistrez à nouveau."


def numbers(session: Session) -> Attendance:
    """What presence says, never typed."""
    return attendance([session.event.holder])


def write(
    session: Session, said: Mapping[str, Any], met: Mapping[str, tuple[int, str]], *, author: Trainer | None, send: bool
) -> Report:
    """Keep what was written, {kind: (how many times, a few words)} of situations included; `send` hands it in.

    Raises Refused once it is accepted, or when somebody saved it since `said["version"]` was shown.
    """
    with transaction.atomic():
        Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
        report = Report.objects.filter(session=session).first() or Report(session=session, author=author)
        if report.accepted_at:
            raise Refused(ACCEPTED)
        if report.version != said["version"]:
            raise Refused(MEANWHILE)
        for name in SAID:
            setattr(report, name, said[name])
        report.version += 1
        if send and report.sent_at is None:
            report.sent_at, report.author = timezone.now(), author or report.author
        report.save()
        SituationMet.objects.filter(report=report).delete()
        SituationMet.objects.bulk_create(
            SituationMet(report=report, kind=kind, count=count, text=text) for kind, (count, text) in sorted(met.items())
        )
    return report
