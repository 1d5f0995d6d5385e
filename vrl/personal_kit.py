"""What the kit and the exchanges know of people: who was given which file, what each keeps, what each wrote."""

from typing import Any

from django.db.models import QuerySet

from trajectoire.core import personal
from trajectoire.core.personal.declared import OUR_MISSION

from .exchange import Reply, Topic
from .kit_part import Favourite, KitReading

GONE = "Message retiré à la demande de la personne."


def declare() -> None:
    """Called once, when the site starts."""
    personal.register(
        personal.Treatment(
            title="Téléchargements du kit VRL",
            purpose="Savoir quelles parties du kit servent et à qui une version a été remise.",
            basis=OUR_MISSION,
            people="Les formatrices et formateurs, la coordination.",
            kept="Douze mois.",
            holds={"vrl.KitReading": ("user", "at")},
            rules=("Téléchargements du kit",),
            recipients="La coordination.",
        )
    )
    personal.register(
        personal.Treatment(
            title="Échanges entre formatrices et formateurs VRL",
            purpose="Poser des questions et y répondre, entre pairs, relues avant d’être lues.",
            basis=OUR_MISSION,
            people="Les formatrices et formateurs.",
            kept="Tant que l’échange sert ; le nom et le texte partent avec la personne qui le demande.",
            holds={"vrl.Topic": ("author", "text"), "vrl.Reply": ("author", "text"), "vrl.Favourite": ("trainer", "at")},
            lasting=True,
            recipients="Les formatrices et formateurs, la coordination.",
        )
    )
    personal.hold(personal.Trace("Téléchargements du kit", _readings, _read, _forget_reading, order=3))
    personal.hold(personal.Trace("Parties du kit gardées", _favourites, _kept, _forget_favourite, order=3))
    personal.hold(personal.Trace("Questions entre pairs", _topics, _asked, _forget_topic, order=3))
    personal.hold(personal.Trace("Réponses entre pairs", _replies, _answered, _forget_reply, order=3))


def _readings(email: str) -> QuerySet[KitReading]:
    return KitReading.objects.filter(user__email__iexact=email).select_related("document", "file").order_by("pk")


def _read(row: KitReading) -> dict[str, Any]:
    return {"document": str(row.document), "fichier": str(row.file or ""), **personal.fields("at", "whole")(row)}


def _forget_reading(row: KitReading) -> None:
    row.delete()


def _favourites(email: str) -> QuerySet[Favourite]:
    return Favourite.objects.filter(trainer__email__iexact=email).select_related("document").order_by("pk")


def _kept(row: Favourite) -> dict[str, Any]:
    return {"document": str(row.document), **personal.fields("at")(row)}


def _forget_favourite(row: Favourite) -> None:
    row.delete()


def _topics(email: str) -> QuerySet[Topic]:
    return Topic.objects.filter(author__email__iexact=email).order_by("pk")


def _asked(row: Topic) -> dict[str, Any]:
    return personal.fields("title", "text", "at", "state")(row)


def _forget_topic(row: Topic) -> None:
    """The question stays, for the answers below it, without who asked nor her words."""
    Topic.objects.filter(pk=row.pk).update(author=None, title=GONE, text="")


def _replies(email: str) -> QuerySet[Reply]:
    return Reply.objects.filter(author__email__iexact=email).order_by("pk")


def _answered(row: Reply) -> dict[str, Any]:
    return personal.fields("text", "at", "state")(row)


def _forget_reply(row: Reply) -> None:
    Reply.objects.filter(pk=row.pk).update(author=None, text=GONE)
