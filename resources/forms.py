"""The document form of the admin: what publishing needs, several files at once, a cover that is really an image."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from trajectoire.core.admin import VersionedForm
from trajectoire.core.prose import plain
from trajectoire.core.text import french_typography

from . import reading
from .intake import Accepted, accept
from .models import Document

# Plain texts that readers see: apostrophes, quotation marks and spaces are put right, whatever the keyboard gave.
TYPESET = ["title", "subtitle", "summary", "hook", "carrier", "quote"]


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A list of uploads, each checked for what it really is."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Accepted]:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        problems, kept = [], []
        for upload in uploads:
            try:
                kept.append(accept(upload))
            except reading.Refused as refusal:
                problems.append(ValidationError("%(name)s : %(reason)s", params={"name": upload.name, "reason": refusal.reason}))
        if problems:
            raise ValidationError(problems)
        return kept


class DocumentForm(VersionedForm):
    new_files = SeveralFilesField(
        label="Ajouter des fichiers",
        required=False,
        help_text="Déposez ici un ou plusieurs fichiers, ou choisissez-les : PDF, Word, LibreOffice, tableurs, diaporamas, images, sons, vidéos.",
    )
    new_cover = forms.FileField(
        label="Image de couverture",
        required=False,
        help_text="JPEG, PNG ou WebP. Sans image, un motif de tuiles est dessiné ; un PDF donne sa première page.",
    )
    remove_cover = forms.BooleanField(label="Retirer l’image de couverture", required=False)

    class Meta:
        model = Document
        fields = "__all__"
        field_classes = {"url": partial(forms.URLField, assume_scheme="https")}
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "authors": forms.Textarea(attrs={"rows": 3}),
            "partners": forms.Textarea(attrs={"rows": 3}),
            "key_figures": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not any(char.isalnum() for char in title):
            raise ValidationError("Écrivez un titre avec au moins une lettre ou un chiffre.")
        return title

    def clean_key_figures(self) -> str:
        """A line without a bar would be left out of the page in silence."""
        text = self.cleaned_data["key_figures"]
        for line in text.splitlines():
            if line.strip() and "|" not in line:
                raise ValidationError(
                    "Séparez le nombre et ce qu’il compte par une barre verticale, par exemple « 14 | emplois créés ». "
                    "Ligne à corriger : « %(line)s ».",
                    params={"line": line.strip()},
                )
        return text

    def clean_new_cover(self) -> Accepted | None:
        upload = self.cleaned_data["new_cover"]
        if upload is None:
            return None
        try:
            accepted = accept(upload)
        except reading.Refused as refusal:
            raise ValidationError(refusal.reason) from refusal
        if not accepted.renditions:
            raise ValidationError("Choisissez une image (JPEG, PNG ou WebP) pour la couverture.")
        return accepted

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for field in TYPESET:
            data[field] = french_typography(data.get(field) or "")
        if data.get("access") == Document.Access.PARTICIPANTS and not data.get("event"):
            self.add_error("event", "Choisissez l’événement : seules les personnes qui y sont inscrites liront ce document.")
        if data.get("status") == Document.Status.PUBLISHED:
            data["publish_at"] = data.get("publish_at") or timezone.now()
            for field, message in missing_to_publish(data):
                self.add_error(field, message)
        return data


def missing_to_publish(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What a document still needs before it can be published: [(field, sentence)]."""
    needs = [
        ("title", bool(data.get("title")), "Un document publié a un titre."),
        ("type", bool(data.get("type")), "Choisissez un type avant de publier."),
        (
            "summary",
            bool(plain(data.get("summary") or "")),
            "Écrivez un résumé avant de publier : il est montré dans les listes.",
        ),
        ("themes", bool(data.get("themes")), "Choisissez au moins un thème avant de publier."),
    ]
    return [(field, message) for field, there, message in needs if not there]
