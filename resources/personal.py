"""What the library knows of people: who receives alerts and the letter, who signed what staff changed, authors."""

from typing import Any

from django.db.models import QuerySet

from trajectoire.core import personal
from trajectoire.core.personal.declared import AGREED, OUR_MISSION

from .alerts.models import Subscriber
from .alerts.subscribing import erase
from .models import FilePage


def declare() -> None:
    """Called once, when the site starts."""
    personal.register(
        personal.Treatment(
            title="Alertes et lettre d’information",
            purpose="Envoyer les nouveautés d’une recherche et la lettre, à qui l’a demandé et confirmé.",
            basis=AGREED,
            people="Les personnes abonnées.",
            kept="Jusqu’au désabonnement, ou trois ans sans action ; une demande sans confirmation, sept jours ; l’empreinte d’un "
            "désabonnement, trois ans.",
            holds={
                "alerts.Subscriber": ("email",),
                "alerts.Alert": ("query", "consent", "confirmed_at"),
                "letters.Subscription": ("consent", "confirmed_at"),
                "letters.Departure": ("digest",),
            },
            rules=(
                "Personnes sans alerte, ou sans réponse depuis trois ans",
                "Demandes d’alerte sans confirmation",
                "Adresses de la lettre qui refusent tout depuis un an",
                "Demandes d’abonnement à la lettre sans confirmation",
                "Empreintes des désabonnements de la lettre",
            ),
            recipients="L’équipe du centre ; le service d’envoi d’e-mails qu’il emploie.",
        )
    )
    personal.register(
        personal.Treatment(
            title="Auteurs et autrices des documents",
            purpose="Citer les œuvres sous le nom des personnes qui les ont faites.",
            basis=f"{OUR_MISSION[:-1]} et obligation légale (code de la propriété intellectuelle, article L. 121-1).",
            people="Les auteurs et autrices.",
            kept="Tant que le document est dans la bibliothèque.",
            holds={"resources.Document": ("authors",), "resources.HistoricalDocument": ("authors",)},
            lasting=True,
            recipients="Le public.",
        )
    )
    personal.signed("resources.HistoricalDocument", "history_user")
    personal.hold(
        personal.Trace(
            "Alertes et lettre d’information",
            _subscribers,
            _copy,
            erase,
            keeps="une empreinte du désabonnement, pour qu’une ancienne liste ne la rétablisse pas",
        )
    )
    personal.leave_to_staff("resources.FilePage", _file)


def _subscribers(email: str) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(email__iexact=email).order_by("pk")


def _copy(row: Subscriber) -> dict[str, Any]:
    shown = personal.fields("email", "created_at", "seen_at")(row)
    alert = personal.fields("query", "frequency", "confirmed_at", "consent")
    shown["alertes"] = [{"recherche": str(one), **alert(one)} for one in row.alerts.all()]
    if letter := getattr(row, "letter", None):
        shown["lettre d’information"] = personal.fields("confirmed_at", "consent")(letter)
    return shown


def _file(page: FilePage) -> str:
    """A published file is not rewritten by a machine: somebody replaces it."""
    return f"Le fichier «\u00a0{page.file}\u00a0» cite cette adresse page {page.number}\u00a0: remplacez-le s’il le faut."
