"""The fields of a *fiche expérience*: columns of Document, so that one history, one lock and one form cover them."""

from django.db import models

from trajectoire.core.prose import ProseField

# Order and headings of the parts of a fiche, as read on its page: (field, heading, anchor).
SECTIONS = [
    ("context", "Le contexte", "contexte"),
    ("objectives", "Les objectifs", "objectifs"),
    ("process", "Le déroulé", "deroule"),
    ("means", "Les moyens humains et financiers", "moyens"),
    ("results", "Les résultats", "resultats"),
    ("levers", "Les freins et les leviers", "freins-et-leviers"),
    ("transferability", "Et ailleurs ?", "transferabilite"),
]


class ExperienceFields(models.Model):
    hook = models.CharField("accroche", max_length=300, blank=True, help_text="Une ou deux phrases qui donnent envie de lire.")
    carrier = models.CharField("porteur", max_length=200, blank=True, help_text="La structure qui mène l’action.")
    partners = models.TextField("partenaires", blank=True, help_text="Un par ligne.")
    started_on = models.DateField("début", null=True, blank=True)
    ended_on = models.DateField("fin", null=True, blank=True)
    ongoing = models.BooleanField("action en cours", default=False)
    context = ProseField("contexte", blank=True)
    objectives = ProseField("objectifs", blank=True)
    process = ProseField("déroulé", blank=True)
    means = ProseField("moyens humains et financiers", blank=True)
    results = ProseField("résultats", blank=True)
    levers = ProseField("freins et leviers", blank=True)
    transferability = ProseField("transférabilité", blank=True)
    contact = models.CharField(
        "contact", max_length=200, blank=True, help_text="Une fonction et une structure, plutôt qu’un nom."
    )
    writer = models.CharField("rédaction", max_length=120, blank=True)
    surveyed_on = models.DateField("date d’enquête", null=True, blank=True)
    quote = models.CharField("citation", max_length=400, blank=True, help_text="Sans les guillemets.")
    quote_author = models.CharField("auteur ou autrice de la citation", max_length=120, blank=True)
    key_figures = models.TextField(
        "chiffres clés", blank=True, help_text="Un par ligne, le nombre puis une barre verticale : « 14 | emplois créés »."
    )

    class Meta:
        abstract = True

    def figures(self) -> list[dict[str, str]]:
        """`key_figures` as a list of {value, label}; lines without a bar are left out."""
        pairs = (line.split("|", 1) for line in self.key_figures.splitlines() if "|" in line)
        return [{"value": value.strip(), "label": label.strip()} for value, label in pairs]
