"""The library: types, collections, documents, their files and the text of each page."""

import datetime
import uuid
from typing import Any

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from network.events.models import Event
from network.models import Audience, Contract, Initiative, Organisation, Territory, Theme
from trajectoire.core import search
from trajectoire.core.models import SiteVersion, Timestamped
from trajectoire.core.prose import ProseField
from trajectoire.core.text import unique_slug

from .answers import GivenDocument  # noqa: F401  (a model of this app)
from .counts import DocumentCount  # noqa: F401  (a model of this app)
from .fiches import ExperienceFields
from .importing.wordpress.choices import WordPressChoice  # noqa: F401  (a model of this app)
from .oai import tombstones
from .pairs import DocumentPair  # noqa: F401  (a model of this app)
from .rendering import render

KIND = "document"
CARD_FIELDS = [
    *("title", "slug", "summary", "hook", "number", "date", "date_precision", "language", "access", "status", "publish_at"),
    *("cover_renditions", "cover_alt", "is_demo"),
]

FICHE_FIELDS = [field.name for field in ExperienceFields._meta.local_fields if field.name != "hook"]


class DocumentType(models.Model):
    slug = models.SlugField("code", max_length=40, unique=True)
    name = models.CharField("nom", max_length=80, help_text="Au singulier, en minuscules : « fiche expérience ».")
    plural = models.CharField("nom au pluriel", max_length=80)
    feminine = models.BooleanField("au féminin", default=False)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "type de document"
        verbose_name_plural = "types de document"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name[:1].upper() + self.name[1:]


class Collection(Timestamped):
    """A series with numbers: the newsletter, CETAVOU, the acts…"""

    slug = models.SlugField("adresse", max_length=80, unique=True)
    name = models.CharField("nom", max_length=150)
    description = ProseField("présentation", blank=True)
    issn = models.CharField("ISSN", max_length=9, blank=True)
    publisher = models.CharField("éditeur", max_length=150, blank=True)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "collection"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resources:collection", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        SiteVersion.bump()


class DocumentQuerySet(models.QuerySet["Document"]):
    def published(self) -> "DocumentQuerySet":
        """Public at this moment: published, and the date of a scheduled one has come."""
        return self.filter(status=Document.Status.PUBLISHED, publish_at__lte=timezone.now())

    def visible_to(self, user) -> "DocumentQuerySet":
        """Published documents that this person may read."""
        from .access import allowed_access

        return self.published().filter(access__in=allowed_access(user))

    def newest_first(self) -> "DocumentQuerySet":
        """By date of publication; those without a date come last, on both databases."""
        return self.order_by(models.F("date").desc(nulls_last=True), "-pk")

    def public(self) -> "DocumentQuerySet":
        """Published, and readable by everyone: what machines may take."""
        return self.published().filter(access=Document.Access.PUBLIC)

    def for_harvest(self) -> "DocumentQuerySet":
        """The same as `for_exports`, and what is above each theme."""
        return self.for_exports().prefetch_related("themes__parent")

    def for_cards(self) -> "DocumentQuerySet":
        """What a row of a list shows, in a constant number of queries, without the long texts."""
        return (
            self.select_related("type", "collection")
            .only(*CARD_FIELDS, "type__slug", "type__name", "collection__slug", "collection__name")
            .prefetch_related(
                models.Prefetch("themes", Theme.objects.only("slug", "name", "short_name")),
                models.Prefetch("territories", Territory.objects.only("code", "name")),
                models.Prefetch("files", DocumentFile.objects.readable()),
            )
        )

    def for_exports(self) -> "DocumentQuerySet":
        """What feeds, spreadsheets and citations say of a document, in five queries, without the long texts."""
        return (
            self.select_related("type", "collection")
            .defer("body", "rendered", "collection__description", *FICHE_FIELDS)
            .prefetch_related(
                "themes",
                models.Prefetch("territories", Territory.objects.only("code", "name", "kind")),
                "audiences",
                models.Prefetch("files", DocumentFile.objects.readable()),
            )
        )


class Document(ExperienceFields, Timestamped):
    """Anything the library holds: a publication, a fiche expérience, a film, a record of a book published elsewhere."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Brouillon"
        PUBLISHED = "published", "Publié"
        WITHDRAWN = "withdrawn", "Retiré"

    class Access(models.TextChoices):
        PUBLIC = "public", "Tout le monde"
        TRAINERS = "formateurs", "Formatrices et formateurs VRL"
        PARTICIPANTS = "inscrits", "Personnes inscrites à son événement, par leur lien"

    class Precision(models.TextChoices):
        DAY = "jour", "Jour, mois et année"
        MONTH = "mois", "Mois et année"
        YEAR = "annee", "Année seulement"

    class Licence(models.TextChoices):
        CC_BY_SA = "cc-by-sa", "Creative Commons BY-SA 4.0"
        ETALAB = "etalab", "Licence Ouverte 2.0"
        RESERVED = "reserved", "Tous droits réservés"

    title = models.CharField("titre", max_length=250)
    slug = models.SlugField("adresse", max_length=110, unique=True, blank=True, help_text="Laissez vide : elle vient du titre.")
    subtitle = models.CharField("sous-titre", max_length=250, blank=True)
    type = models.ForeignKey(DocumentType, models.PROTECT, verbose_name="type", related_name="documents")
    summary = models.TextField(
        "résumé", max_length=1200, blank=True, help_text="Deux ou trois phrases, montrées dans les listes."
    )
    body = ProseField("texte", blank=True)
    themes = models.ManyToManyField(Theme, verbose_name="thèmes", related_name="documents", blank=True)
    territories = models.ManyToManyField(Territory, verbose_name="territoires", related_name="documents", blank=True)
    contracts = models.ManyToManyField(Contract, verbose_name="contrats de ville", related_name="documents", blank=True)
    audiences = models.ManyToManyField(Audience, verbose_name="publics", related_name="documents", blank=True)
    organisations = models.ManyToManyField(
        Organisation,
        verbose_name="structures liées",
        related_name="documents",
        blank=True,
        help_text="Porteur, partenaires, éditeur.",
    )
    initiative = models.ForeignKey(
        Initiative,
        models.SET_NULL,
        verbose_name="initiative racontée",
        related_name="documents",
        null=True,
        blank=True,
        help_text="Sa fiche dans l’annuaire : chacune mène à l’autre.",
    )
    authors = models.TextField("auteurs et autrices", blank=True, help_text="Une personne ou une structure par ligne.")
    publisher = models.CharField("éditeur", max_length=150, blank=True, default="Trajectoire Ressources")
    date = models.DateField("date de parution", null=True, blank=True)
    date_precision = models.CharField("précision de la date", max_length=5, choices=Precision, default=Precision.DAY)
    collection = models.ForeignKey(
        Collection, models.PROTECT, verbose_name="collection", related_name="documents", null=True, blank=True
    )
    number = models.PositiveIntegerField("numéro dans la collection", null=True, blank=True)
    language = models.CharField("langue", max_length=2, default="fr", help_text="Code à deux lettres : fr, en, de…")
    isbn = models.CharField("ISBN", max_length=17, blank=True)
    issn = models.CharField("ISSN", max_length=9, blank=True)
    pages = models.PositiveIntegerField(
        "nombre de pages", null=True, blank=True, help_text="De l’édition papier, s’il y en a une."
    )
    external = models.BooleanField("publié ailleurs", default=False, help_text="Notice d’un ouvrage que le centre n’a pas édité.")
    url = models.URLField("adresse en ligne", max_length=500, blank=True)
    licence = models.CharField("licence", max_length=10, choices=Licence, default=Licence.CC_BY_SA)
    event_note = models.CharField("issu de", max_length=200, blank=True, help_text="« Journée d’étude du 12 mars 2024, Dijon ».")
    event = models.ForeignKey(Event, models.SET_NULL, related_name="documents", null=True, blank=True, verbose_name="événement")
    cover_alt = models.CharField(
        "texte de remplacement", max_length=200, blank=True, help_text="Vide si l’image ne fait que décorer."
    )
    cover_credit = models.CharField("crédit de l’image", max_length=150, blank=True)
    cover_renditions = models.JSONField(default=list, editable=False)
    paper_available = models.BooleanField("exemplaires papier à commander", default=False)
    up_to_date_on = models.DateField("à jour au", null=True, blank=True)
    review_on = models.DateField("à relire le", null=True, blank=True, help_text="Le travail à faire le rappellera.")
    access = models.CharField("qui peut lire", max_length=10, choices=Access, default=Access.PUBLIC)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.DRAFT)
    publish_at = models.DateTimeField(
        "publié le", null=True, blank=True, help_text="Une date à venir : la publication est programmée."
    )
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="remplacé par", related_name="replaces", null=True, blank=True
    )
    is_demo = models.BooleanField("contenu de démonstration", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    rendered = models.JSONField(default=dict, editable=False)

    objects = DocumentQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=[themes, territories, audiences, organisations],
        excluded_fields=["rendered", "cover_renditions", "version"],
        verbose_name="version",
    )

    class Meta:
        verbose_name = "document"
        ordering = [models.F("date").desc(nulls_last=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(publish_at__isnull=False),
                name="document_published_has_date",
                violation_error_message="Un document publié a une date de publication.",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(started_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="document_ends_after_start",
                violation_error_message="L’action ne peut pas finir avant d’avoir commencé.",
            ),
            models.UniqueConstraint(
                fields=["collection", "number"],
                name="document_number_unique_in_collection",
                violation_error_message="Cette collection a déjà ce numéro.",
            ),
        ]
        indexes = [
            models.Index(fields=["-date", "-id"]),
            models.Index(fields=["type", "-date", "-id"]),
            models.Index(fields=["collection", "number"]),
            models.Index(fields=["status", "publish_at"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("resources:document", args=[self.slug])

    def card(self) -> dict:
        """Its row in a list, for pages of the layers below, which reach documents by the reverse name `documents`."""
        from .cards import card

        return card(self)

    def save(self, *args, **kwargs) -> None:
        """Store, with what is computed once from the text, and tell the caches and the search engine."""
        if not self.slug:
            self.slug = unique_slug(self.title, Document.objects.exclude(pk=self.pk))
        if self.status == self.Status.PUBLISHED and not self.publish_at:
            self.publish_at = timezone.now()
        with transaction.atomic():
            tombstones.keep(self)
            super().save(*args, **kwargs)
            # After the fields' own cleaning: what is rendered is what was stored.
            self.rendered = render(self)
            self.announce(rendered=self.rendered)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            tombstones.keep(self, deleted=True)
            for file in self.files.all():
                file.delete()
            self.forget_cover()
            search.record_change(KIND, self.pk)
            SiteVersion.bump()
            return super().delete(*args, **kwargs)

    def announce(self, **computed: Any) -> None:
        """Tell caches, search engine and harvesters that what people read changed (call it within the change's transaction)."""
        Document.objects.filter(pk=self.pk).update(updated_at=timezone.now(), **computed)
        search.record_change(KIND, self.pk)
        SiteVersion.bump()

    def forget_cover(self) -> None:
        """Delete the cover's files once the transaction is committed."""
        names = [rendition["name"] for rendition in self.cover_renditions]
        self.cover_renditions = []
        transaction.on_commit(lambda: delete_stored(names))

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.publish_at is not None and self.publish_at <= timezone.now()

    @property
    def is_public(self) -> bool:
        return self.is_published and self.access == self.Access.PUBLIC

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.PUBLISHED and not self.is_published

    @property
    def is_fiche(self) -> bool:
        return self.type.slug == "fiche-experience"

    @property
    def author_list(self) -> list[str]:
        return [line.strip() for line in self.authors.splitlines() if line.strip()]

    @property
    def needs_review(self) -> bool:
        return self.review_on is not None and self.review_on <= datetime.date.today()


def delete_stored(names: list[str]) -> None:
    """Delete files of the storage: call it after commit only."""
    for name in names:
        default_storage.delete(name)


def file_path(instance: "DocumentFile", filename: str) -> str:
    """A path nobody can guess; the name people see is kept in the row."""
    return f"documents/{uuid.uuid4().hex}"


class DocumentFileQuerySet(models.QuerySet["DocumentFile"]):
    def readable(self) -> "DocumentFileQuerySet":
        """Files that were read and found fit to be given."""
        return self.filter(state__in=[DocumentFile.State.READY, DocumentFile.State.NO_TEXT])


class DocumentFile(Timestamped):
    """A file of a document; given only once it has been read and found harmless."""

    class State(models.TextChoices):
        PENDING = "pending", "Lecture à venir"
        READING = "reading", "Lecture en cours"
        READY = "ready", "Lu"
        NO_TEXT = "no_text", "Sans texte"
        UNREADABLE = "unreadable", "Illisible"

    document = models.ForeignKey(Document, models.CASCADE, verbose_name="document", related_name="files")
    file = models.FileField("fichier", upload_to=file_path, max_length=200)
    name = models.CharField("nom du fichier", max_length=120, editable=False)
    title = models.CharField("intitulé", max_length=150, blank=True, help_text="Par exemple « Version en gros caractères ».")
    order = models.PositiveSmallIntegerField("ordre", default=0)
    label = models.CharField(max_length=40, editable=False)
    content_type = models.CharField(max_length=120, editable=False)
    size = models.PositiveBigIntegerField("taille", default=0, editable=False)
    pages = models.PositiveIntegerField("pages", null=True, editable=False)
    tagged = models.BooleanField("balisé", null=True, editable=False)
    titled = models.BooleanField("titré", null=True, editable=False)
    state = models.CharField("lecture", max_length=10, choices=State, default=State.PENDING, editable=False)
    reason = models.CharField(max_length=300, blank=True, editable=False)

    objects = DocumentFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title or self.name

    def get_absolute_url(self) -> str:
        return reverse("resources:file", args=[self.document.slug, self.pk, self.name])

    def delete(self, *args, **kwargs):
        """The file itself goes once the row's deletion is committed, never after a rollback."""
        name = self.file.name or ""
        with transaction.atomic():
            self.document.announce()
            transaction.on_commit(lambda: delete_stored([name]))
            return super().delete(*args, **kwargs)


class FilePage(models.Model):
    """The text of one page of a PDF, for the search to the page."""

    file = models.ForeignKey(DocumentFile, models.CASCADE, related_name="texts")
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_page_unique")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"page {self.number}"
