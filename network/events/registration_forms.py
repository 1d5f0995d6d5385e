"""The form of registration, with the event's own questions and the colleagues of the person; what she corrects later."""

import uuid
from typing import Any

from django import forms

from trajectoire.core import newsletter
from trajectoire.core.forms import HumanForm, single_line

from .. import vocabulary
from .event import Event, Question
from .registering import LIST_WORDING, key_of
from .registrations import Registration
from .vocabulary import ParticipantStatus

MOST_COLLEAGUES = 9
ELSEWHERE = ("99", "Hors de la région")
CHOOSE = ("", "Choisir dans la liste")
EMAIL_ERRORS = {
    "required": "Indiquez l’adresse e-mail : la confirmation et le lien de l’inscription y seront envoyés.",
    "invalid": "Cette adresse e-mail n’est pas complète : elle doit ressembler à nom@exemple.fr.",
}


def check_line(value: Any) -> None:
    """Refuse line breaks and control characters: the text goes into mails and spreadsheets."""
    single_line(value)


def line(label: str, length: int, autocomplete: str = "", **given: Any) -> forms.CharField:
    """One line of text."""
    attrs = {"autocomplete": autocomplete} if autocomplete else {}
    widget = given.pop("widget", forms.TextInput)(attrs=attrs)
    return forms.CharField(label=label, max_length=length, widget=widget, validators=[check_line], **given)


def email(label: str, **given: Any) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": given.pop("autocomplete", "email")}),
        error_messages=EMAIL_ERRORS,
        **given,
    )


class PersonForm(forms.Form):
    """What anybody says of herself, and the questions of the event."""

    name = line("Prénom et nom", 120, "name", error_messages={"required": "Indiquez votre prénom et votre nom."})
    phone = line("Téléphone", 30, "tel", widget=forms.TelInput, required=False, help_text="Pour un imprévu le jour même.")
    structure = line("Structure", 150, "organization", required=False)
    position = line("Fonction", 120, "organization-title", required=False)
    status = forms.ChoiceField(
        label="Statut", choices=[CHOOSE, *ParticipantStatus.choices], error_messages={"required": "Choisissez votre statut."}
    )
    department = forms.ChoiceField(label="Département", error_messages={"required": "Choisissez votre département."})
    needs = line(
        "Besoin d’aménagement",
        300,
        required=False,
        help_text="Par exemple : place pour un fauteuil, boucle magnétique. Effacé un mois après l’événement.",
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        departments = [(d.code, d.name) for d in vocabulary.current().departments()]
        self.fields["department"].choices = [CHOOSE, *departments, ELSEWHERE]  # type: ignore[attr-defined]
        if event.asks_meal:
            self.fields["meal"] = line(
                "Repas", 150, required=False, help_text="Écrivez « végétarien », ou ce que la cuisine doit savoir."
            )
        self.questions = list(event.questions.all())
        for question in self.questions:
            self.fields[_name(question)] = _field(question)

    @property
    def own_questions(self) -> list[forms.BoundField]:
        return [self[_name(question)] for question in self.questions]

    def said(self) -> dict[str, Any]:
        """The keys of `registering.SAID` that this form asks for."""
        names = ("name", "phone", "structure", "position", "status", "department", "needs", "meal")
        answers = {str(question.pk): self.cleaned_data[_name(question)] for question in self.questions}
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data} | {"answers": answers}


def _name(question: Question) -> str:
    return f"question_{question.pk}"


def _field(question: Question) -> forms.Field:
    given: dict[str, Any] = {
        "label": question.text,
        "required": question.required,
        "error_messages": {"required": "Répondez à cette question : elle est obligatoire."},
    }
    match question.kind:
        case Question.Kind.TEXT:
            return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), **given)
        case Question.Kind.YES_NO:
            return forms.BooleanField(**given)
        case Question.Kind.CHOICE:
            return forms.ChoiceField(choices=[CHOOSE, *((choice, choice) for choice in question.choice_list)], **given)
    return forms.CharField(max_length=300, validators=[check_line], **given)


class ChangeForm(PersonForm):
    """What the person corrects by her link, as it is now."""

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        now = {name: getattr(registration, name) for name in PersonForm.base_fields} | {"meal": registration.meal}
        answers = {f"question_{pk}": value for pk, value in registration.answers.items()}
        super().__init__(*args, event=registration.event, initial=now | answers, **kwargs)


class RegistrationForm(HumanForm, PersonForm):
    """`collegues` in the address or the form: how many other people are registered with this one."""

    email = email("Adresse e-mail", help_text="La confirmation, le rappel et le lien de l’inscription y seront envoyés.")
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    newsletter = forms.BooleanField(required=False)
    share = forms.BooleanField(label=LIST_WORDING, required=False)
    field_order = ["name", "email"]

    def __init__(self, *args: Any, event: Event, colleagues: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, event=event, **kwargs)
        self.letter = newsletter.current()
        self.fields["form_key"].initial = uuid.uuid4()
        self.fields["newsletter"].label = self.letter.wording if self.letter else ""
        if not self.letter:
            del self.fields["newsletter"]
        if not event.shares_list:
            del self.fields["share"]
        if event.asks_motivation:
            self.fields["motivation"] = forms.CharField(
                label="Votre motivation",
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text="Ce que vous attendez de ce rendez-vous, en quelques lignes.",
                error_messages={"required": "Dites en quelques lignes ce que vous attendez de ce rendez-vous."},
            )
        self.colleagues = range(1, min(colleagues, MOST_COLLEAGUES) + 1) if may_group(event) else range(0)
        for number in self.colleagues:
            self.fields[f"name_{number}"] = line(
                "Prénom et nom", 120, "off", error_messages={"required": "Indiquez le prénom et le nom de cette personne."}
            )
            self.fields[f"email_{number}"] = email("Adresse e-mail", autocomplete="off")

    @property
    def colleague_fields(self) -> list[dict[str, Any]]:
        return [{"number": n, "name": self[f"name_{n}"], "email": self[f"email_{n}"]} for n in self.colleagues]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        seen = {key_of(data.get("email", ""))}
        for number in self.colleagues:
            address = key_of(data.get(f"email_{number}", ""))
            if address and address in seen:
                self.add_error(f"email_{number}", "Cette adresse figure déjà plus haut : chaque personne a la sienne.")
            seen.add(address)
        return data

    def people(self) -> list[dict[str, Any]]:
        """The person, then her colleagues, who complete what concerns them by their own link."""
        data = self.cleaned_data
        first = self.said() | {
            "email": data["email"],
            "motivation": data.get("motivation", ""),
            "share": data.get("share", False),
            "newsletter": self.letter.wording if self.letter and data.get("newsletter") else "",
        }
        common = {name: first[name] for name in ("structure", "status", "department")}
        others = [common | {"name": data[f"name_{n}"], "email": data[f"email_{n}"]} for n in self.colleagues]
        return [first, *others]


def may_group(event: Event) -> bool:
    """An application is written by the person herself."""
    return event.registering == Event.Registering.AT_ONCE


class LostLinkForm(HumanForm):
    email = email("Adresse e-mail de l’inscription")
