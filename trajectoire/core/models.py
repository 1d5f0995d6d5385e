"""Accounts, editable pages, messages from the contact form, and the abstract models the apps stand on."""

import datetime
from contextvars import ContextVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from simple_history.models import HistoricalRecords

from . import search
from .auditing import ActionLog  # noqa: F401  (a model of this app)
from .clock.records import ScheduledJob  # noqa: F401  (a model of this app)
from .importing.records import ImportLine, ImportRun, Origin  # noqa: F401  (models of this app)
from .invitation import Invitation  # noqa: F401  (a model of this app)
from .moving.backups import Backup  # noqa: F401  (a model of this app)
from .moving.records import SiteExport  # noqa: F401  (a model of this app)
from .outbox import MailBody, OutgoingMail  # noqa: F401  (models of this app)
from .pages import PAGES
from .personal.erasures import DataRequest, Erasure  # noqa: F401  (models of this app)
from .prose import ProseField
from .redirects import MissedPath, OldAddress  # noqa: F401  (models of this app)
from .rereading.places import LinkPlace, NamePlace, WebLink  # noqa: F401  (models of this app)
from .search.models import SearchChange, SearchMiss, SearchMissDay  # noqa: F401  (models of this app)

TRAINERS = "formateurs"
PARTNERS = "partenaires"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A new account; the address is kept in lower case, so that one person has one account."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who logs in: a trainer, a member of staff. Readers need no account."""

    email = models.EmailField("adresse e-mail", unique=True)
    name = models.CharField("nom affiché", max_length=120, blank=True)
    is_staff = models.BooleanField("accès à l’administration", default=False)
    is_active = models.BooleanField("compte actif", default=True, help_text="Décochez pour fermer le compte sans l’effacer.")
    date_joined = models.DateTimeField("créé le", default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "compte"
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique_ci", violation_error_message="Cette adresse a déjà un compte."
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Timestamped(models.Model):
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True


class Page(Timestamped):
    """A page of the site that staff edits: aide, accessibilité, mentions légales…"""

    slug = models.SlugField("adresse", max_length=80, unique=True, help_text="Fixe : les liens du site l’utilisent.")
    title = models.CharField("titre", max_length=150)
    lead = models.CharField("chapeau", max_length=400, blank=True, help_text="Une ou deux phrases affichées sous le titre.")
    body = ProseField("texte", blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    history = HistoricalRecords(excluded_fields=["version"], verbose_name="version")

    class Meta:
        verbose_name = "page"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{PAGES.get(self.slug, '')}"

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        search.record_change("page", self.pk)
        SiteVersion.bump()


class ContactMessage(models.Model):
    """What someone wrote through /contact/: kept here so that nothing is lost when the mail server is away."""

    name = models.CharField("nom", max_length=120)
    email = models.EmailField("adresse e-mail")
    subject = models.CharField("objet", max_length=150)
    message = models.TextField("message", max_length=5000)
    sent_at = models.DateTimeField("reçu le", auto_now_add=True)
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, verbose_name="e-mail", null=True, editable=False)
    handled = models.BooleanField("traité", default=False)

    class Meta:
        verbose_name = "message reçu"
        verbose_name_plural = "messages reçus"
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.subject


def old_messages(now: datetime.datetime) -> models.QuerySet[ContactMessage]:
    """Those received more than a year ago."""
    return ContactMessage.objects.filter(sent_at__lt=now - datetime.timedelta(days=365))


# The number read during one request (see middleware.one_version_per_request); None outside requests: always read.
version_seen: ContextVar[dict[str, int] | None] = ContextVar("version_seen", default=None)


class SiteVersion(models.Model):
    """One row: a counter that grows with each change of published content. Caches and ETags are keyed on it."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        seen = version_seen.get()
        if seen is not None and "number" in seen:
            return seen["number"]
        number = cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        if seen is not None:
            seen["number"] = number
        return number

    @classmethod
    def bump(cls) -> None:
        """Say that published content changed (same transaction as the change)."""
        if not cls.objects.filter(pk=1).update(number=models.F("number") + 1, changed_at=timezone.now()):
            cls.objects.get_or_create(pk=1, defaults={"number": 1})
        if (seen := version_seen.get()) is not None:
            seen.clear()
