"""What the centre gave as an answer to a request for help: documents of the library."""

from django.db import models
from django.urls import reverse

from network.models import HelpRequest


class GivenDocumentQuerySet(models.QuerySet["GivenDocument"]):
    def shown(self) -> "GivenDocumentQuerySet":
        """Those that anyone may read: the person who asked has no account."""
        from .models import Document

        public = Document.objects.published().filter(access=Document.Access.PUBLIC)
        return self.filter(document__in=public.order_by().values("pk")).select_related("document")


class GivenDocument(models.Model):
    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="given", verbose_name="demande")
    document = models.ForeignKey("resources.Document", models.CASCADE, related_name="given", verbose_name="ressource")

    objects = GivenDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "ressource donnée en réponse"
        verbose_name_plural = "ressources données en réponse"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "document"],
                name="given_document_once",
                violation_error_message="Cette ressource est déjà dans la réponse.",
            )
        ]

    def __str__(self) -> str:
        return self.document.title

    @property
    def title(self) -> str:
        return self.document.title

    @property
    def url(self) -> str:
        return reverse("resources:document", args=[self.document.slug])
