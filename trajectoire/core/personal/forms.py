"""Asking for one's data; staff looking for a person."""

from django import forms

from ..forms import HumanForm

WRONG = {
    "required": "Indiquez une adresse e-mail.",
    "invalid": "Cette adresse e-mail n’est pas complète : elle doit ressembler à nom@exemple.fr.",
}


class MineForm(HumanForm):
    email = forms.EmailField(
        label="Votre adresse e-mail",
        help_text="Celle que vous avez donnée sur ce site. Le lien n’est envoyé qu’à elle.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=WRONG,
    )


class EraseMineForm(forms.Form):
    understood = forms.BooleanField(
        label="J’ai compris que l’effacement est définitif",
        error_messages={"required": "Cochez cette case pour effacer vos données."},
    )


class PersonForm(forms.Form):
    email = forms.EmailField(label="Adresse e-mail de la personne", error_messages=WRONG)


class ErasePersonForm(PersonForm):
    again = forms.EmailField(label="Pour effacer, écrivez à nouveau l’adresse", error_messages=WRONG)

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if again.lower() != self.cleaned_data.get("email", "").lower():
            raise forms.ValidationError("Ce n’est pas l’adresse affichée : rien n’a été effacé.")
        return again
