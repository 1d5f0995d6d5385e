"""What the agenda knows of people: who registers, who was there, what was attested, who is written to."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from trajectoire.core import personal
from trajectoire.core.personal.declared import OUR_MISSION

from . import forgetting, registering
from .attestation import Attestation
from .registrations import Registration
from .vocabulary import HalfDay

WHO = ("name", "email", "phone", "structure", "position", "status", "department")
SAID = ("needs", "meal", "motivation", "answers")
AGREED = ("newsletter_wording", "list_wording", "consented_at")

RULES = ("Inscriptions aux événements", "Besoins d’aménagement et repas des événements", "Noms des attestations")
KEPT = "le statut, le département et la présence restent, sans nom, pour les chiffres"


def declare() -> None:
    """Called once, when the site starts."""
    personal.register(
        personal.Treatment(
            title="Inscriptions, présence et attestations",
            purpose="Inscrire aux événements, accueillir, prévenir des changements, attester la présence, rendre compte sans nom.",
            basis=f"{OUR_MISSION[:-1]} ; accord de la personne pour la lettre et la liste partagée.",
            people="Les personnes inscrites aux événements.",
            kept="Trois ans après l’événement, deux après un refus, un mois pour les besoins d’aménagement et les repas ; restent ensuite le statut, le département et la présence, sans nom.",
            holds={
                "events.Registration": ("email_key", *WHO, *SAID, *AGREED, "registered_by"),
                "events.Presence": ("half_day", "present"),
                "events.Attestation": ("name", "facts"),
            },
            rules=RULES,
        )
    )
    personal.register(
        personal.Treatment(
            title="Personnes à contacter pour un événement",
            purpose="Dire à qui s’adresser.",
            basis=OUR_MISSION,
            people="L’équipe et les partenaires qui organisent.",
            kept="Tant que la page de l’événement existe.",
            holds={
                "events.Event": ("contact_name", "contact_email"),
                "events.HistoricalEvent": ("contact_name", "contact_email"),
            },
            lasting=True,
            recipients="Le public, sauf l’adresse.",
        )
    )
    _sign()
    personal.hold(personal.Trace("Inscriptions aux événements", _registrations, _copy, anonymise, keeps=KEPT, order=10))
    personal.hold(personal.Trace("Attestations", _attestations, _attested, _erase_attestation, order=5))


def _sign() -> None:
    personal.signed("events.HistoricalEvent", "history_user")
    personal.signed("events.HistoricalSeries", "history_user")
    personal.signed("events.EventMessage", "sent_by")
    personal.signed("events.Presence", "ticked_by")
    personal.signed("events.Attestation", "issued_by")


def _registrations(email: str) -> QuerySet[Registration]:
    return Registration.objects.filter(Q(email__iexact=email) | Q(email_key=email.lower())).select_related("event")


def _copy(row: Registration) -> dict[str, Any]:
    shown = personal.fields("state", *WHO, *SAID, *AGREED, "created_at", "decision_note")(row)
    days = [
        f"{presence.date}, {HalfDay(presence.half_day).label}\u00a0: {'présence' if presence.present else 'absence'}"
        for presence in row.presences.select_related("date").order_by("date__starts_at", "half_day")
    ]
    return {"événement": str(row.event), **shown} | ({"demi-journées": days} if days else {})


def anonymise(row: Registration) -> None:
    """Give her place back if there is still time, then take away all that says who; what the bilan counts stays."""
    now = timezone.now()
    holder = row.event.holder
    if holder.starts_at is None or holder.starts_at > now:
        registering.cancel(row, by_staff=True, now=now)
    forgetting.forget(Registration.objects.filter(pk=row.pk), now)


def _attestations(email: str) -> QuerySet[Attestation]:
    return Attestation.objects.filter(registration__in=_registrations(email).values("pk"))


def _attested(row: Attestation) -> dict[str, Any]:
    return {"numéro": row.number} | personal.fields("name", "facts", "issued_at", "state")(row)


def _erase_attestation(row: Attestation) -> None:
    """Its number stays taken and its code still says when and what, about nobody."""
    Attestation.objects.filter(pk=row.pk).update(name="", reason="")
