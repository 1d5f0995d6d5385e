"""WordPress, for those who bring contents in: the format, its choices."""

from django import forms

from trajectoire.core.importing import Importer, Options, register

from .records import read
from .target import Target


class WordPressOptions(Options):
    drafts = forms.BooleanField(
        label="Tout garder en brouillon",
        required=False,
        help_text="Sans cette case, ce qui était en ligne sur l’ancien site l’est ici dès l’import.",
    )


IMPORTER = Importer(
    name="wordpress",
    label="Site WordPress (WXR)",
    help="Le fichier XML que donne WordPress par « Outils », « Exporter », « Tout le contenu » ; en pièces jointes, un ZIP du dossier "
    "« uploads ». Après un essai, ce que deviennent les catégories, les étiquettes et les pages se corrige dans « Choix pour WordPress ».",
    extensions=(".xml",),
    permission="resources.add_document",
    read=read,
    target=Target,
    options=WordPressOptions,
    pieces=True,
)


def declare() -> None:
    """Called once, when the site starts."""
    register(IMPORTER)
