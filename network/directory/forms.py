"""The public forms of the directory: writing to someone, proposing, correcting."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from trajectoire.core.forms import HumanForm, single_line

from ..models import Audience, Initiative, Offer, OrganisationKind, Territory, Theme
from ..siret import check, compact
from .entries import DirectoryEntry
from .proposals import FIELDS, Proposal, one_kind_of_line

WRONG_EMAIL = "Cette adresse e-mail n’est pas complète : elle doit ressembler à nom@exemple.fr."
PLACE_CODE = re.compile(r"\(([0-9A-Za-z-]+)\)\s*$")
MOST_PLACES = 20


def one_line(value: str) -> None:
    single_line(value)


class RelayForm(HumanForm):
    """A message to an entry of the directory."""

    name = forms.CharField(
        label="Votre nom",
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Indiquez votre nom."},
    )
    email = forms.EmailField(
        label="Votre adresse e-mail",
        help_text="Elle est donnée à qui reçoit le message, pour vous répondre directement.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Indiquez votre adresse e-mail, pour que l’on puisse vous répondre.", "invalid": WRONG_EMAIL},
    )
    subject = forms.CharField(
        label="Objet",
        max_length=150,
        validators=[one_line],
        error_messages={"required": "Indiquez l’objet de votre message."},
    )
    text = forms.CharField(
        label="Votre message",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez votre message."},
    )
    copy = forms.BooleanField(label="Recevoir une copie de mon message", required=False)


class PlacesField(forms.CharField):
    """Names of territories, one after the other; the value is the sorted list of their codes."""

    def prepare_value(self, value: Any) -> Any:
        """Codes, when the form is first shown: « Besançon (25056), Doubs (25) »."""
        if not isinstance(value, list):
            return value
        return ", ".join(str(place) for place in Territory.objects.filter(code__in=value).order_by("path"))

    def clean(self, value: Any) -> Any:
        parts = [part.strip() for part in re.split(r"[,;\n]", super().clean(value)) if part.strip()]
        if len(parts) > MOST_PLACES:
            raise ValidationError("Indiquez vingt territoires au plus : un département comprend toutes ses communes.")
        return sorted({_place(part).code for part in parts})


def _place(text: str) -> Territory:
    code = PLACE_CODE.search(text)
    found = Territory.objects.filter(code__iexact=code[1]).first() if code else Territory.objects.search(text).first()
    if found is None:
        raise ValidationError(
            "« %(text)s » : aucun territoire de la région ne porte ce nom. Écrivez le nom d’une commune, d’un quartier ou "
            "d’un département, ou un code postal.",
            params={"text": text[:80]},
        )
    return found


def _ticked(model: type[Theme] | type[Audience] | type[Offer], label: str) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        model._default_manager.all(),
        label=label,
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Un des choix n’existe plus : rechargez la page."},
    )


class EntryForm(HumanForm):
    """The fields of an entry, empty or as they are now, with who proposes them.

    The trap of every form is called `website`: here the site of the structure is `site`.
    """

    name = forms.CharField(
        label="Nom",
        max_length=200,
        validators=[one_line],
        error_messages={"required": "Indiquez le nom."},
    )
    kind = forms.ChoiceField(label="Nature", choices=[("", "Choisir…"), *OrganisationKind.choices])
    siret = forms.CharField(label="SIRET", max_length=30, required=False, help_text="14 chiffres, si vous le connaissez.")
    role = forms.CharField(label="Fonction", max_length=150, required=False)
    status = forms.ChoiceField(label="État", choices=Initiative.Status.choices)
    started_on = forms.DateField(label="Début", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    ended_on = forms.DateField(label="Fin", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    carrier = forms.CharField(label="Portée par", max_length=200, required=False, help_text="Le nom de la structure.")
    summary = forms.CharField(
        label="En une ou deux phrases",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui sera montré dans l’annuaire. 400 signes au plus.",
    )
    description = forms.CharField(label="Présentation", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    territories = PlacesField(
        label="Territoires",
        required=False,
        help_text="Communes, quartiers ou départements, séparés par des virgules : « Planoise, Besançon ».",
    )
    themes = _ticked(Theme, "Thèmes")
    offers = _ticked(Offer, "Ce qui est proposé")
    audiences = _ticked(Audience, "Publics")
    site = forms.URLField(
        label="Site internet",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Cette adresse n’est pas complète : elle doit ressembler à https://exemple.fr."},
    )
    address = forms.CharField(label="Adresse postale", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    email = forms.EmailField(
        label="Adresse e-mail de contact",
        required=False,
        help_text="Jamais montrée : le site transmet les messages sans la donner.",
        error_messages={"invalid": WRONG_EMAIL},
    )
    message = forms.CharField(
        label="Votre message à l’équipe", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    author_name = forms.CharField(
        label="Votre nom",
        max_length=120,
        required=False,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    author_email = forms.EmailField(
        label="Votre adresse e-mail",
        required=False,
        help_text="Pour vous dire ce que devient votre proposition. Elle ne sert à rien d’autre.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": WRONG_EMAIL},
    )
    sure = forms.BooleanField(label="Ce n’est aucune de celles-là : envoyer ma proposition", required=False)

    ABOUT = ("message", "author_name", "author_email")

    def __init__(self, *args: Any, entry_kind: str, entry: DirectoryEntry | None = None, **kwargs: Any) -> None:
        self.entry, self.entry_kind = entry, entry_kind
        fields = [field for field in FIELDS[entry_kind] if not (entry and field.prose)]  # a text loses its headings here
        self.about = {"site" if field.name == "website" else field.name: field for field in fields}
        super().__init__(*args, initial=self._values_now(), **kwargs)
        shown = {*self.about, *self.ABOUT, "website", "shown_at"}
        shown |= {"sure"} if entry is None else set()
        shown |= {"carrier"} if entry is None and entry_kind == "initiative" else set()
        for name in set(self.fields) - shown:
            del self.fields[name]
        self.fields["themes"].queryset = Theme.objects.filter(parent=None)  # type: ignore[attr-defined]

    def _values_now(self) -> dict[str, Any]:
        """The entry as it is; never its mailbox."""
        if self.entry is None:
            return {}
        return {name: field.current(self.entry) for name, field in self.about.items() if name != "email"}

    def clean_siret(self) -> str:
        value = compact(self.cleaned_data["siret"])
        if value:
            check(value)
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (begun := data.get("started_on")) and (ended := data.get("ended_on")) and ended < begun:
            self.add_error("ended_on", "L’initiative ne peut pas finir avant d’avoir commencé.")
        if self.entry is not None and not self.errors and not (self.changes() or data.get("message")):
            self.add_error(None, "Rien n’est changé : corrigez un champ, ou dites dans le message ce qui est faux.")
        return data

    def values(self) -> dict[str, Any]:
        """What was written, as a proposal holds it."""
        given = {field.name: _as_json(self.cleaned_data.get(name)) for name, field in self.about.items()}
        given["themes"] = sorted({*given["themes"], *self._themes_not_offered()})
        return given

    def _themes_not_offered(self) -> list[str]:
        """The form shows general themes only: the finer ones of the entry stay."""
        return list(self.entry.themes.exclude(parent=None).values_list("slug", flat=True)) if self.entry else []

    def changes(self) -> dict[str, Any]:
        """Only what differs from the entry. A mailbox is never shown, so that an empty one changes nothing."""
        values, entry = self.values(), self.entry
        if not values.get("email"):
            values.pop("email", None)
        if entry is None:
            return {name: value for name, value in values.items() if value}
        return {f.name: values[f.name] for f in self.about.values() if f.name in values and f.current(entry) != values[f.name]}

    def proposal(self) -> Proposal:
        """The proposal, not stored yet."""
        data = self.cleaned_data
        kind = Proposal.Kind.CORRECTION if self.entry else Proposal.Kind(self.entry_kind)
        target = {self.entry_kind: self.entry} if self.entry else {}
        about = {name: data.get(name, "") for name in self.ABOUT}
        return Proposal(kind=kind, values=self.changes(), carrier=data.get("carrier", ""), **about, **target)


def _as_json(value: Any) -> Any:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "values_list"):
        return sorted(value.values_list("slug", flat=True))
    return one_kind_of_line(value) if isinstance(value, str) else value
