"""What the mails to participants say in the middle: texts that staff changes, for all events or for one."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from trajectoire.core.models import Timestamped

from .dates import spelled
from .event import Event
from .vocabulary import EventMode

MARK = re.compile(r"\[([^\[\]\n]*)\]")
BREAKS = re.compile(r"[\x00-\x20\x7f]+")
NAME, TITLE, DATE, PLACE = "prénom et nom", "titre", "date", "lieu"
MARKS = (NAME, TITLE, DATE, PLACE)
MARKS_HELP = (
    "Ces marques sont remplacées dans chaque message : [prénom et nom], [titre], [date], [lieu]. "
    "Une ligne vide sépare deux paragraphes."
)


class NoticeKind(models.TextChoices):
    CONFIRMATION = "confirmation", "Inscription confirmée"
    WAITING = "attente", "Mise en liste d’attente"
    OFFER = "place-proposee", "Place libérée, proposée"
    OFFER_OVER = "delai-passe", "Place proposée, délai passé"
    APPLIED = "candidature", "Candidature reçue"
    ACCEPTED = "acceptation", "Candidature acceptée"
    REFUSED = "refus", "Candidature refusée"
    CHANGED = "changement", "Changement de date, de lieu ou de manière de participer"
    EVENT_CANCELLED = "annulation-evenement", "Événement annulé"
    LEFT = "desinscription", "Désinscription"
    WEEK_BEFORE = "rappel-j7", "Rappel, sept jours avant"
    DAY_BEFORE = "rappel-j1", "Rappel, la veille"
    ONLINE_LINK = "lien-visio", "Lien de la visioconférence"
    THANKS = "merci", "Remerciement, aux personnes présentes"


@dataclass(frozen=True)
class Wording:
    """What a mail says: its subject on one line, then paragraphs parted by an empty line."""

    subject: str
    text: str


# The site's own words: used as long as staff wrote nothing else.
DEFAULTS: dict[str, Wording] = {
    NoticeKind.CONFIRMATION: Wording(
        "Inscription confirmée : [titre]",
        "Votre place est réservée pour « [titre] ».\n\n"
        "Quand : [date]\nOù : [lieu]\n\nLe fichier joint ajoute ce rendez-vous à votre agenda.",
    ),
    NoticeKind.WAITING: Wording(
        "Liste d’attente : [titre]",
        "Toutes les places de « [titre] » sont prises pour le moment : vous êtes en liste d’attente.\n\n"
        "Vous recevrez un message dès qu’une place se libère. Vous n’avez rien à faire d’ici là.",
    ),
    NoticeKind.OFFER: Wording(
        "Une place s’est libérée : [titre]",
        "Une place s’est libérée pour « [titre] ».\n\nQuand : [date]\nOù : [lieu]\n\n"
        "Elle vous est gardée pendant le délai indiqué ci-dessous. Sans réponse de votre part, elle ira à la personne suivante.",
    ),
    NoticeKind.OFFER_OVER: Wording(
        "Place laissée à une autre personne : [titre]",
        "Une place vous était gardée pour « [titre] ». Le délai pour l’accepter est passé : elle va à la personne suivante.\n\n"
        "Vous voulez toujours venir ? Inscrivez-vous à nouveau sur la page de l’événement.",
    ),
    NoticeKind.APPLIED: Wording(
        "Candidature reçue : [titre]",
        "Votre candidature à « [titre] » est bien arrivée. Ce n’est pas encore une inscription : "
        "l’équipe examine chaque candidature, et vous recevrez sa réponse par e-mail.",
    ),
    NoticeKind.ACCEPTED: Wording(
        "Candidature acceptée : [titre]",
        "Votre candidature pour « [titre] » est acceptée : votre place est réservée.\n\n"
        "Quand : [date]\nOù : [lieu]\n\nLe fichier joint ajoute ce rendez-vous à votre agenda.",
    ),
    NoticeKind.REFUSED: Wording(
        "Votre candidature : [titre]",
        "Merci de votre intérêt pour « [titre] ». Nous ne pouvons pas donner suite à votre candidature cette fois-ci.",
    ),
    NoticeKind.CHANGED: Wording(
        "Changement : [titre]",
        "Du nouveau pour « [titre] », où vous avez une inscription.\n\n"
        "Quand : [date]\nOù : [lieu]\n\nVotre inscription reste valable. "
        "Si vous ne pouvez plus venir, merci d’annuler votre inscription pour laisser la place à quelqu’un d’autre.",
    ),
    NoticeKind.EVENT_CANCELLED: Wording(
        "Annulation : [titre]",
        "« [titre] » est annulé. Nous vous prions de nous en excuser.\n\nDate prévue : [date]\n\nVous n’avez rien à faire.",
    ),
    NoticeKind.LEFT: Wording(
        "Inscription annulée : [titre]",
        "Votre inscription à « [titre] » est annulée, comme demandé. Merci de nous avoir prévenus.",
    ),
    NoticeKind.WEEK_BEFORE: Wording(
        "Dans une semaine : [titre]",
        "« [titre] » a lieu dans une semaine.\n\nQuand : [date]\nOù : [lieu]\n\n"
        "Si vous ne pouvez plus venir, merci d’annuler votre inscription dès maintenant : une autre personne prendra la place.",
    ),
    NoticeKind.DAY_BEFORE: Wording(
        "Demain : [titre]",
        "« [titre] » a lieu demain.\n\nQuand : [date]\nOù : [lieu]\n\nNous nous réjouissons de vous y retrouver.",
    ),
    NoticeKind.ONLINE_LINK: Wording(
        "Votre lien de connexion : [titre]",
        "« [titre] » commence bientôt. Voici de quoi vous connecter.\n\nQuand : [date]\n\n"
        "Ce lien est réservé aux personnes inscrites : merci de ne pas le transmettre.",
    ),
    NoticeKind.THANKS: Wording(
        "Merci de votre participation : [titre]",
        "Merci de votre participation à « [titre] ».\n\n"
        "Votre avis nous aide à préparer les prochains rendez-vous : il est anonyme et prend deux minutes.",
    ),
}


def check_marks(text: str) -> None:
    """Refuse a mark that nothing would replace: a mail must not leave with a hole."""
    unknown = [found for found in MARK.findall(text) if found not in MARKS]
    if unknown:
        raise ValidationError(
            f"« [{unknown[0]}] » n’est pas une marque connue. Écrivez [prénom et nom], [titre], [date] ou [lieu], "
            "ou remplacez les crochets par des parenthèses."
        )


class NoticeTextQuerySet(models.QuerySet["NoticeText"]):
    def of(self, kind: str, event: Event) -> "NoticeTextQuerySet":
        """What staff wrote for this mail: for this event first, then for all."""
        mine = self.filter(Q(event=event.pk) | Q(event=None), kind=kind)
        return mine.order_by(models.F("event").asc(nulls_last=True))


class NoticeText(Timestamped):
    """The subject and the text of one kind of mail, for one event or for all (`event` empty)."""

    kind = models.CharField("message", max_length=25, choices=NoticeKind)
    event = models.ForeignKey(
        Event,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notice_texts",
        verbose_name="pour un seul événement",
        help_text="À laisser vide : le texte vaut pour tous les événements qui n’ont pas le leur.",
    )
    subject = models.CharField("objet", max_length=150, validators=[check_marks])
    text = models.TextField("texte", max_length=4000, validators=[check_marks], help_text=MARKS_HELP)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = NoticeTextQuerySet.as_manager()

    class Meta:
        verbose_name = "texte de message"
        verbose_name_plural = "textes des messages"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "event"],
                name="notice_text_once_an_event",
                violation_error_message="Ce message a déjà son texte pour cet événement : modifiez-le plutôt.",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(event=None),
                name="notice_text_once_for_all",
                violation_error_message="Ce message a déjà un texte pour tous les événements : modifiez-le plutôt.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{f' ({self.event})' if self.event else ''}"

    def save(self, *args, **kwargs) -> None:
        self.text = self.text.replace("\r\n", "\n").strip()
        check_marks(self.subject)
        check_marks(self.text)
        super().save(*args, **kwargs)


def wording_for(kind: str, event: Event) -> Wording:
    """What staff wrote, or the site's own words; marks still in place."""
    written = NoticeText.objects.of(kind, event).first()
    return Wording(written.subject, written.text) if written else DEFAULTS[kind]


def subject_for(kind: str, event: Event, name: str = "") -> str:
    """The subject of a mail, on one line whatever the title holds."""
    return on_one_line(filled(wording_for(kind, event).subject, event, name))


def on_one_line(text: str) -> str:
    """Nothing that would begin another header; the no-break spaces stay."""
    return BREAKS.sub(" ", text).strip()


def text_for(kind: str, event: Event, name: str = "") -> str:
    """The paragraphs of a mail, parted by an empty line: plain text, to be escaped (`linebreaks`) in HTML.

    `name` takes the place of [prénom et nom].
    """
    return filled(wording_for(kind, event).text, event, name)


def filled(text: str, event: Event, name: str = "") -> str:
    """The text with its marks replaced; raises ValidationError for a mark that nothing replaces."""
    check_marks(text)
    values = {NAME: name, TITLE: event.title, DATE: dates_of(event), PLACE: place_of(event)}
    return MARK.sub(lambda found: values[found[1]], text)


def dates_of(event: Event) -> str:
    """« jeudi 22 mai 2025, 13 h – 14 h », each date after the other."""
    dates = event.dates.all() if event.pk else []
    return " ; ".join(spelled(date) for date in dates) or "date à fixer"


def place_of(event: Event) -> str:
    """« Maison des associations, Dijon », « en ligne », or both."""
    if event.mode == EventMode.ONLINE:
        return "en ligne"
    where = ", ".join(filter(None, [event.venue, event.place.name if event.place else ""])) or "lieu à préciser"
    return f"{where}, ou en ligne" if event.mode == EventMode.MIXED else where
