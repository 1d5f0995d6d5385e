"""What staff fills: the file and its attachments, which column is which, the choices of a format."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ..scanning import ScannedFileField
from ..tables import Table
from ..text import file_size
from .contract import Importer
from .receiving import LARGEST
from .records import ImportRun

NOWHERE = ""


class BringForm(forms.Form):
    """A file, or the address of a catalogue; its attachments when the format has some."""

    def __init__(self, importer: Importer, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.importer = importer
        if importer.from_address:
            self.fields["address"] = forms.URLField(
                label="Adresse du catalogue", max_length=1000, assume_scheme="https", help_text="Elle commence par https://."
            )
        else:
            accepted = ",".join(importer.extensions)
            told = f"{', '.join(importer.extensions)}. {file_size(LARGEST)} au plus."
            widget = forms.ClearableFileInput(attrs={"accept": accepted})
            self.fields["file"] = ScannedFileField(label="Fichier", widget=widget, help_text=told)
        if importer.pieces:
            self.fields["pieces"] = ScannedFileField(
                label="Pièces jointes",
                required=False,
                widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
                help_text=f"Un ZIP des fichiers dont le contenu parle : images, PDF. {file_size(LARGEST)} au plus.",
            )

    def clean_file(self) -> Any:
        file = _not_too_heavy(self.cleaned_data["file"])
        if Path(file.name).suffix.lower() not in self.importer.extensions:
            told = ", ".join(self.importer.extensions)
            raise ValidationError(
                f"Ce format se lit dans un fichier {told} : choisissez-en un, ou revenez choisir un autre format."
            )
        return file

    def clean_pieces(self) -> Any:
        return _not_too_heavy(self.cleaned_data["pieces"])


def _not_too_heavy(file: Any) -> Any:
    if file and file.size > LARGEST:
        raise ValidationError(
            f"Ce fichier dépasse {file_size(LARGEST)} : coupez-le en plusieurs, ou demandez un import par commande."
        )
    return file


class ColumnsForm(forms.Form):
    """Which column of the file is which of ours, with the first cell of each to recognise it."""

    def __init__(self, run: ImportRun, table: Table, sent: Any = None) -> None:
        super().__init__(sent, prefix="colonne")
        first = table.lines[0][1]
        samples = [first[place][:40] if place < len(first) else "" for place in range(len(table.headers))]
        choices = [(NOWHERE, "(aucune)")]
        choices += [
            (str(place), f"{header} (« {sample} »)" if sample else header)
            for place, (header, sample) in enumerate(zip(table.headers, samples, strict=True))
        ]
        for column in run.format.columns:
            self.fields[column.name] = forms.ChoiceField(
                label=column.label,
                choices=choices,
                required=column.required,
                initial=str(run.mapping.get(column.name, NOWHERE)),
                help_text=column.help,
                error_messages={"required": f"Dites quelle colonne est « {column.label} » : elle est obligatoire."},
            )

    @property
    def mapping(self) -> dict[str, int]:
        return {name: int(place) for name, place in self.cleaned_data.items() if place != NOWHERE}
