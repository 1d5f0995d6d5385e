"""What the area writes about people: who moved a session, who wrote a report, when a trainer is free."""

from typing import Any

from django.db.models import QuerySet

from trajectoire.core import personal

from .models import Availability, Report


def declare() -> None:
    """Called once, when the site starts."""
    personal.signed("vrl.SessionChange", "by")
    personal.signed("vrl.Report", "accepted_by")
    personal.signed("vrl.BilanYear", "closed_by")
    personal.signed("vrl.BilanCorrection", "by")
    personal.signed("vrl.HistoricalSituation", "history_user")
    keeps = "le texte, qui ne nomme personne, reste sans signature"
    personal.hold(personal.Trace("Comptes rendus de session", _reports, _written, _unsign, keeps=keeps, order=3))
    personal.hold(
        personal.Trace("Disponibilités", _periods, personal.fields("first_on", "last_on", "weekdays"), _forget, order=3)
    )


def _reports(email: str) -> QuerySet[Report]:
    return Report.objects.filter(author__email__iexact=email).select_related("session__event").order_by("pk")


def _written(row: Report) -> dict[str, Any]:
    return {"session": str(row.session), **personal.fields("worked", "hard", "wishes", "sent_at")(row)}


def _unsign(row: Report) -> None:
    Report.objects.filter(pk=row.pk).update(author=None)


def _periods(email: str) -> QuerySet[Availability]:
    return Availability.objects.filter(trainer__email__iexact=email).order_by("pk")


def _forget(row: Availability) -> None:
    row.delete()
