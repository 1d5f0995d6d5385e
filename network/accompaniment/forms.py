"""The form in two steps: the need first, so that answers can be proposed before anyone gives a name."""

from typing import Any

from django import forms

from trajectoire.core.forms import HumanForm, single_line

from .. import vocabulary
from ..models import Territory, TerritoryKind, Theme
from .requests import HelpRequest, Wanted

CHOICES_SHOWN = 8


class NeedForm(forms.Form):
    """What, where and when."""

    subject = forms.CharField(
        label="Votre besoin, en une phrase",
        max_length=150,
        help_text="Par exemple : mettre en place un conseil citoyen, trouver une intervention sur la laïcité.",
        error_messages={"required": "Dites en une phrase ce dont vous avez besoin."},
    )
    details = forms.CharField(
        label="Précisions",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Le contexte, ce qui est déjà fait, ce qui bloque. N’indiquez le nom d’aucune autre personne.",
    )
    place = forms.CharField(
        label="Où",
        max_length=120,
        required=False,
        help_text="Une commune, un quartier ou un code postal.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    territory = forms.ChoiceField(label="De quel territoire s’agit-il ?", required=False, widget=forms.RadioSelect)
    wanted = forms.ChoiceField(label="Quand", choices=Wanted, initial=Wanted.OPEN, widget=forms.RadioSelect)
    themes = forms.ModelMultipleChoiceField(
        label="Thèmes", queryset=Theme.objects.none(), to_field_name="slug", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["themes"].queryset = Theme.objects.filter(parent=None).order_by("order", "name")
        self.matches = places_named(self.data.get("place", "")) if self.is_bound else []
        fields["territory"].choices = [(t.code, _described(t)) for t in self.matches] + [("autre", "Un autre lieu")]

    @property
    def asks_which_territory(self) -> bool:
        return len(self.matches) > 1

    def clean_subject(self) -> str:
        return single_line(self.cleaned_data["subject"])

    def clean_place(self) -> str:
        return single_line(self.cleaned_data["place"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = data.get("territory")
        if self.asks_which_territory and not chosen and "territory" not in self.errors:
            self.add_error("territory", "Plusieurs territoires répondent à ce nom : choisissez le vôtre.")
        found = {t.code: t for t in self.matches}
        data["found"] = found.get(str(chosen)) or (self.matches[0] if len(self.matches) == 1 and not chosen else None)
        return data


class WhoForm(HumanForm):
    """Who asks."""

    name = forms.CharField(
        label="Votre nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Indiquez votre nom."},
    )
    email = forms.EmailField(
        label="Votre adresse e-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Vous y recevrez un accusé de réception et le lien qui permet de suivre la demande.",
        error_messages={
            "required": "Indiquez votre adresse e-mail, pour que nous puissions répondre.",
            "invalid": "Cette adresse e-mail n’est pas complète : elle doit ressembler à nom@exemple.fr.",
        },
    )
    phone = forms.CharField(
        label="Votre téléphone", max_length=30, required=False, widget=forms.TelInput(attrs={"autocomplete": "tel"})
    )
    structure = forms.CharField(
        label="Votre structure", max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    position = forms.CharField(
        label="Votre fonction",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )

    def clean_name(self) -> str:
        return single_line(self.cleaned_data["name"])

    def request(self, need: dict[str, Any]) -> HelpRequest:
        """The request that both steps describe, not stored yet."""
        names = ("name", "email", "phone", "structure", "position")
        return HelpRequest(
            **{name: self.cleaned_data[name] for name in names},
            **{name: need[name] for name in ("subject", "details", "place", "wanted")},
            territory=need["found"],
        )


class MessageForm(HumanForm):
    text = forms.CharField(
        label="Votre message",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Écrivez votre message."},
    )


def places_named(text: str) -> list[Territory]:
    """The territories someone may mean: the only one of that very name, else the first ones found."""
    words = " ".join(str(text).split())[:100]
    found = list(Territory.objects.search(words)[:CHOICES_SHOWN]) if words else []
    same = [t for t in found if t.search_name == found[0].search_name and t.kind == TerritoryKind.COMMUNE]
    return same if len(same) == 1 and same[0] is found[0] else found


def _described(territory: Territory) -> str:
    """« Planoise, quartier prioritaire (Besançon) »."""
    words = vocabulary.current().territory_by_code
    above = [words[code].name for code in territory.ancestor_codes[1:-1]]
    return f"{territory.name}, {territory.kind_label}" + (f" ({above[-1]})" if above else "")
