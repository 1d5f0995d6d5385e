"""The library in the admin: one screen for a document, files included."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from network.accompaniment.admin import HelpRequestAdmin
from network.models import HelpRequest, Theme
from trajectoire.core.admin import EditorAdmin, VersionedAdmin
from trajectoire.core.text import file_size, plural

from . import publishing, readership
from .answers import GivenDocument
from .forms import DocumentForm
from .importing.wordpress.admin import WordPressChoiceAdmin  # noqa: F401  (an administration of this app)
from .intake import attach, request_reading, store_cover
from .models import Collection, Document, DocumentFile, DocumentType
from .pairs_admin import DocumentPairAdmin  # noqa: F401  (an administration of this app)
from .to_do import TO_DO


@admin.register(DocumentType)
class DocumentTypeAdmin(admin.ModelAdmin):
    list_display = ["__str__", "plural", "order"]
    list_editable = ["order"]
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []


@admin.register(Collection)
class CollectionAdmin(EditorAdmin):
    list_display = ["name", "issn", "publisher", "order"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class FileInline(admin.TabularInline):
    model = DocumentFile
    fields = ["opened", "title", "order", "reading", "accessibility"]
    readonly_fields = ["opened", "reading", "accessibility"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # files come in by the field that takes several at once

    @admin.display(description="fichier")
    def opened(self, file: DocumentFile) -> str:
        return format_html('<a href="{}">{}</a> ({})', file.get_absolute_url(), file.name, file_size(file.size))

    @admin.display(description="lecture")
    def reading(self, file: DocumentFile) -> str:
        again = reverse("admin:resources_documentfile_read", args=[file.pk])
        detail = f" : {file.reason}" if file.reason else f", {plural(file.pages, 'page', 'pages')}" if file.pages else ""
        return format_html(
            '{}{} <button type="submit" formaction="{}" formnovalidate name="read" value="1">Lire à nouveau</button>',
            file.get_state_display(),
            detail,
            again,
        )

    @admin.display(description="accessibilité")
    def accessibility(self, file: DocumentFile) -> str:
        if file.tagged is None:
            return "—"
        notes = ["balisé" if file.tagged else "non balisé : lecture vocale difficile", "titré" if file.titled else "sans titre"]
        return ", ".join(notes)


class ThemeActionForm(ActionForm):
    theme = forms.ModelChoiceField(Theme.objects.all(), required=False, label="Thème", empty_label="— thème à ajouter —")


class WorkFilter(admin.SimpleListFilter):
    title = "travail à faire"
    parameter_name = "travail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("relire", "À relire"), ("illisible", "Fichier illisible")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        chosen = TO_DO.get(self.value() or "")
        return queryset.filter(pk__in=chosen().values("pk")) if chosen else queryset


@admin.register(Document)
class DocumentAdmin(VersionedAdmin):
    form = DocumentForm
    action_form = ThemeActionForm
    inlines = [FileInline]
    list_display = ["title", "type", "state", "access", "date", "review_on", "updated_at"]
    list_filter = [WorkFilter, "status", "type", "access", "is_demo", "collection", "themes"]
    list_select_related = ["type"]
    list_per_page = 50
    search_fields = ["title", "summary", "authors"]
    date_hierarchy = "date"
    autocomplete_fields = [
        "type",
        "collection",
        "themes",
        "territories",
        "audiences",
        "organisations",
        "initiative",
        "contracts",
        "event",
        "replaced_by",
    ]
    actions = ["publish", "withdraw", "add_theme"]
    change_form_template = "admin/resources/document/change_form.html"
    fieldsets = [
        (None, {"fields": ["title", "type", "summary", "themes", "territories", "audiences", "edited_version"]}),
        (
            "Publication",
            {"fields": [("status", "publish_at"), ("access", "slug"), ("up_to_date_on", "review_on"), "replaced_by"]},
        ),
        ("Texte", {"fields": ["subtitle", "body"]}),
        ("Fichiers", {"fields": ["new_files"]}),
        (
            "Fiche expérience",
            {
                "classes": ["collapse"],
                "description": "À remplir pour une fiche expérience seulement. Chaque partie vide est simplement omise.",
                "fields": [
                    "hook",
                    "initiative",
                    "carrier",
                    "partners",
                    ("started_on", "ended_on", "ongoing"),
                    "context",
                    "objectives",
                    "process",
                    "means",
                    "results",
                    "levers",
                    "transferability",
                    "quote",
                    "quote_author",
                    "key_figures",
                    ("contact", "writer", "surveyed_on"),
                ],
            },
        ),
        ("Couverture", {"classes": ["collapse"], "fields": ["new_cover", "remove_cover", ("cover_alt", "cover_credit")]}),
        (
            "Notice",
            {
                "classes": ["collapse"],
                "fields": [
                    "authors",
                    "organisations",
                    "contracts",
                    ("publisher", "external"),
                    ("date", "date_precision"),
                    ("collection", "number"),
                    ("isbn", "issn", "pages", "language"),
                    ("url", "licence"),
                    ("event", "event_note"),
                    "paper_available",
                ],
            },
        ),
    ]

    class Media:
        css = {"all": ["css/admin.css"]}

    @admin.display(description="état", ordering="status")
    def state(self, document: Document) -> str:
        return "Programmé" if document.is_scheduled else document.get_status_display()

    def get_urls(self):
        read = path("fichier/<int:pk>/lire/", self.admin_site.admin_view(self.read_again), name="resources_documentfile_read")
        most_read = self.admin_site.admin_view(require_safe(readership.most_read))
        return [read, path("plus-lus/", most_read, name="resources_document_most_read"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """With how much it was read in the last twelve months."""
        document = kwargs.get("obj")
        context["readership"] = readership.of_document(document, timezone.localdate()) if document else None
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> Any:
        """The part of the fiches is open on a fiche, folded on everything else."""
        folded = super().get_fieldsets(request, obj)
        if obj is None or not obj.is_fiche:
            return folded
        return [(name, {**options, "classes": []} if name == "Fiche expérience" else options) for name, options in folded]

    def get_view_on_site_url(self, obj: Document | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_published else None

    def save_model(self, request: HttpRequest, obj: Document, form: forms.ModelForm, change: bool) -> None:
        if form.cleaned_data.get("remove_cover"):
            obj.forget_cover()
        super().save_model(request, obj, form, change)
        if new_cover := form.cleaned_data.get("new_cover"):
            store_cover(obj, new_cover.renditions)

    def save_related(self, request: HttpRequest, form: DocumentForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for order, upload in enumerate(form.cleaned_data.get("new_files", []), form.instance.files.count()):
            attach(form.instance, upload, order=order)
        for sentence in publishing.notices(form.instance):
            messages.warning(request, sentence)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        for document in queryset:  # one by one: each takes its files with it
            document.delete()

    def read_again(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        return require_POST(self._read_again)(request, pk)

    def _read_again(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        file = get_object_or_404(DocumentFile, pk=pk)
        if not self.has_change_permission(request, file.document):
            return HttpResponseRedirect(reverse("admin:index"))
        request_reading(file)
        messages.success(request, f"La lecture de « {file.name} » est demandée. Rechargez la page pour en voir l’état.")
        return HttpResponseRedirect(reverse("admin:resources_document_change", args=[file.document_id]))

    @admin.action(description="Publier les documents choisis", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        done, refused = publishing.publish(queryset)
        if done:
            messages.success(request, f"{plural(done, 'document publié', 'documents publiés')}.")
        for title, reasons in refused:
            messages.error(request, f"« {title} » n’est pas publié. {reasons}")

    @admin.action(description="Retirer du site les documents choisis", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        done = publishing.withdraw(queryset)
        messages.success(
            request, f"{plural(done, 'document retiré', 'documents retirés')} du site. Leur adresse dit ce qui les remplace."
        )

    @admin.action(description="Ajouter le thème choisi", permissions=["change"])
    def add_theme(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        theme = Theme.objects.filter(pk=request.POST.get("theme") or 0).first()
        if theme is None:
            messages.error(request, "Choisissez d’abord un thème dans la liste à côté de l’action.")
            return
        done = publishing.add_theme(queryset, theme)
        messages.success(request, f"Le thème « {theme} » est ajouté à {plural(done, 'document', 'documents')}.")


class GivenDocumentInline(admin.TabularInline):
    model = GivenDocument
    extra = 1
    autocomplete_fields = ["document"]


admin.site.unregister(HelpRequest)


@admin.register(HelpRequest)
class HelpRequestWithDocumentsAdmin(HelpRequestAdmin):
    """The requests of the network, with the resources given as an answer."""

    inlines = [GivenDocumentInline, *HelpRequestAdmin.inlines]
