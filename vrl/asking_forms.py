"""The two forms of the public: asking for a session, wishing to become a trainer."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from network.events.registration_forms import email, line
from network.models import Audience, Territory, TerritoryKind
from resources import reading
from resources.intake import Accepted, accept
from trajectoire.core.forms import HumanForm

from .asking import Candidacy, TrainingRequest
from .session import Session
from .vocabulary import Length, Level, SessionState

# What may be asked for: key → (words, level, length).
WANTED = {
    "n3": ("Une formation, durée à définir ensemble", Level.N3, ""),
    "n3-2": ("Une formation de 2 jours", Level.N3, Length.TWO_DAYS),
    "n3-1": ("Une formation de 1 jour", Level.N3, Length.ONE_DAY),
    "sensibilisation": ("Un moment de sensibilisation, quelques heures", Level.AWARENESS, Length.HOURS),
}
MOST_PEOPLE = 2000
PAPERS = {"pdf", "jpg", "jpeg", "png", "odt", "docx"}  # as the person's file is called
KEPT = {"pdf", "webp", "odt", "docx"}  # as it is kept: images are drawn anew
NOT_A_PAPER = "Déposez l’accord en PDF, en photo (JPEG ou PNG) ou en document ODT ou DOCX."
PAPER_BYTES = 10_000_000
COMMITMENT = (
    "Je m’engage, avec l’accord de mon employeur, à suivre les trois jours de la session N2 et à animer au moins deux sessions N3 "
    "par an dans la région."
)


def departments() -> QuerySet[Territory]:
    return Territory.objects.filter(kind=TerritoryKind.DEPARTMENT).order_by("code")


class DepartmentField(forms.ModelChoiceField):
    def __init__(self, **given: Any) -> None:
        super().__init__(Territory.objects.none(), to_field_name="code", empty_label="Choisir dans la liste", **given)

    def label_from_instance(self, place: Any) -> str:
        return place.name


class DepartmentsField(forms.ModelMultipleChoiceField):
    def __init__(self, **given: Any) -> None:
        super().__init__(Territory.objects.none(), to_field_name="code", widget=forms.CheckboxSelectMultiple, **given)

    def label_from_instance(self, place: Any) -> str:
        return place.name


def text(label: str, length: int, rows: int, **given: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **given)


def date(label: str, **given: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    wrong = {"invalid": "Écrivez la date comme 2027-03-15 ou 15/03/2027."}
    return forms.DateField(label=label, required=False, widget=widget, error_messages=wrong, **given)


class AskForm(HumanForm):
    """What a structure needs, then who asks: nothing about the people who will come but their number and their kind."""

    wanted = forms.ChoiceField(
        label="Ce que vous souhaitez",
        choices=[(key, words) for key, (words, *_) in WANTED.items()],
        initial="n3",
        widget=forms.RadioSelect,
    )
    people = forms.IntegerField(
        label="Combien de personnes",
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={
            "required": "Indiquez combien de personnes viendraient, même à peu près.",
            "invalid": "Écrivez un nombre, par exemple 15.",
            "min_value": "Écrivez un nombre à partir de 1.",
            "max_value": f"Au-delà de {MOST_PEOPLE} personnes, écrivez-nous.",
        },
    )
    audiences = forms.ModelMultipleChoiceField(
        label="Qui sont-elles",
        queryset=Audience.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audience_note = line(
        "Précisions sur le public",
        300,
        required=False,
        help_text="Métier, âge, contexte. N’écrivez le nom d’aucune personne, ni rien qui permette d’en reconnaître une.",
    )
    department = DepartmentField(
        label="Département", error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez le département.")
    )
    place = line("Lieu", 200, required=False, help_text="Une commune, un quartier, une salle.")
    has_room = forms.BooleanField(label="Nous pouvons prêter une salle", required=False)
    first_on = date("À partir du")
    last_on = date("Jusqu’au")
    dates_note = line("Jours possibles", 300, required=False, help_text="Par exemple\u00a0: le mardi ou le jeudi, hors vacances.")
    constraints = text(
        "Contraintes et attentes", 2000, 4, required=False, help_text="Horaires, accessibilité, situations rencontrées, sans nom."
    )
    structure = line("Votre structure", 150, "organization", error_messages={"required": "Indiquez votre structure."})
    name = line("Prénom et nom", 120, "name", error_messages={"required": "Indiquez votre prénom et votre nom."})
    position = line("Fonction", 120, "organization-title", required=False)
    email = email("Adresse e-mail", help_text="Vous y recevrez le lien qui permet de suivre la demande.")
    phone = line("Téléphone", 30, "tel", widget=forms.TelInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["department"].queryset = departments()
        fields["audiences"].queryset = Audience.objects.order_by("order", "name")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last, today = data.get("first_on"), data.get("last_on"), timezone.localdate()
        if first and last and last < first:
            self.add_error("last_on", "Cette date vient avant la première\u00a0: corrigez l’une des deux.")
        elif (ends := last or first) and ends < today:
            self.add_error("last_on" if last else "first_on", "Cette date est passée\u00a0: choisissez-en une à venir.")
        return data

    def asked(self) -> TrainingRequest:
        """The request that the form describes, not stored yet."""
        data = self.cleaned_data
        _, level, length = WANTED[data["wanted"]]
        names = (
            *("structure", "name", "position", "email", "phone", "people", "audience_note", "department", "place"),
            *("has_room", "first_on", "last_on", "dates_note", "constraints"),
        )
        return TrainingRequest(level=level, length=length, **{name: data[name] for name in names})


class AgreementField(forms.FileField):
    """A paper signed by the employer, checked for what it really is."""

    widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.odt,.docx"})

    def clean(self, data: Any, initial: Any = None) -> Accepted | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        if Path(upload.name).suffix.lower().lstrip(".") not in PAPERS:
            raise ValidationError(NOT_A_PAPER)
        if upload.size > PAPER_BYTES:
            raise ValidationError("Ce fichier dépasse 10\u00a0Mo\u00a0: déposez-en un plus léger, une photo réduite suffit.")
        try:
            accepted = accept(upload)
        except reading.Refused as refusal:
            raise ValidationError(refusal.reason) from refusal
        if accepted.kind.extension not in KEPT:
            raise ValidationError(NOT_A_PAPER)
        return accepted


def agreement(**given: Any) -> AgreementField:
    words = {"empty": "Ce fichier est vide\u00a0: déposez-le à nouveau.", "required": "Choisissez le fichier à joindre."}
    return AgreementField(label="Accord de l’employeur, signé", error_messages=words, **given)


class CandidacyForm(HumanForm):
    """Who wishes to become a trainer, why, and what her employer says."""

    name = line("Prénom et nom", 120, "name", error_messages={"required": "Indiquez votre prénom et votre nom."})
    email = email("Adresse e-mail", help_text="Vous y recevrez le lien qui permet de suivre la candidature.")
    phone = line("Téléphone", 30, "tel", widget=forms.TelInput, required=False)
    structure = line(
        "Votre structure", 150, "organization", error_messages={"required": "Indiquez la structure où vous travaillez."}
    )
    position = line("Fonction", 120, "organization-title", required=False)
    departments = DepartmentsField(
        label="Où pourriez-vous animer des sessions", error_messages={"required": "Choisissez au moins un département."}
    )
    motivation = text(
        "Votre motivation",
        3000,
        6,
        help_text="Ce qui vous amène à transmettre, et auprès de qui. Rien sur vos convictions\u00a0: elles ne nous regardent pas.",
        error_messages={"required": "Dites en quelques phrases ce qui vous amène à devenir formatrice ou formateur."},
    )
    experience = text("Votre expérience de formation ou d’animation", 2000, 4, required=False)
    agreement = agreement(
        required=False, help_text="PDF, photo ou document, 10\u00a0Mo au plus. Vous pourrez aussi le joindre plus tard."
    )
    commitment = forms.BooleanField(
        label=COMMITMENT,
        error_messages={"required": "Cochez cette case\u00a0: sans cet engagement, la candidature ne peut pas être étudiée."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["departments"].queryset = departments()

    def candidacy(self, session: Session | None) -> Candidacy:
        """The candidacy that the form describes, not stored yet, with the wording agreed to."""
        names = ("name", "email", "phone", "structure", "position", "motivation", "experience")
        return Candidacy(session=session, commitment=COMMITMENT, **{name: self.cleaned_data[name] for name in names})


class PaperForm(HumanForm):
    """The employer's agreement, brought later."""

    agreement = agreement(help_text="PDF, photo ou document, 10\u00a0Mo au plus.")


def open_n2(slug: str = "") -> QuerySet[Session]:
    """The N2 sessions that take candidacies: public, open or full, not begun."""
    found = Session.objects.filter(
        level=Level.N2,
        state__in=[SessionState.OPEN, SessionState.FULL, SessionState.TEAM, SessionState.CONFIRMED],
        event__published=True,
        event__private=False,
        event__starts_at__gt=timezone.now(),
    ).select_related("event")
    return found.filter(event__slug=slug) if slug else found.order_by("event__starts_at", "pk")
