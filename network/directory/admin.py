"""The directory in the admin: entries, and the proposals of visitors to accept or refuse."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ManyToManyField, QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from trajectoire.core.admin import EditorAdmin, VersionedForm
from trajectoire.core.text import french_typography

from ..admin_base import FoldedSearchAdmin
from ..organisations import Organisation
from . import moderating
from .entries import DirectoryEntry
from .initiatives import Initiative
from .people import Person
from .proposals import Proposal

DIRECTORY_PART: Any = ("Annuaire", {"fields": [("published", "confirmed_on"), "slug", "sources"]})
CONTACT_PART: Any = (
    "Contact",
    {
        "description": "Ni l’adresse ni le numéro ne sont jamais montrés : le site transmet les messages.",
        "fields": [("email", "phone"), "contactable", "website"],
    },
)


class EntryForm(VersionedForm):
    class Meta:
        widgets = dict.fromkeys(("address", "former_names", "sources", "basis_wording"), forms.Textarea(attrs={"rows": 3}))

    def clean_summary(self) -> str:
        return french_typography(self.cleaned_data["summary"])


class StaleFilter(admin.SimpleListFilter):
    title = "fraîcheur"
    parameter_name = "fraicheur"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("vieille", "Non confirmée depuis 18 mois")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "vieille":
            return queryset
        return queryset.stale()  # type: ignore[attr-defined]  # ours


class EntryAdmin(EditorAdmin, FoldedSearchAdmin):
    """An entry: saved with its links, then told to caches and engine; two people do not overwrite each other in silence."""

    form = EntryForm
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_filter = ["published", StaleFilter, "is_demo"]
    list_per_page = 50
    search_fields = ["name"]

    def get_view_on_site_url(self, obj: DirectoryEntry | None = None) -> str | None:
        return obj.get_absolute_url() if obj else None

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:  # type: ignore[override]
        """All that is chosen among rows is searched for by its name."""
        chosen = (field for field in self.opts.get_fields() if not field.auto_created)
        return [f.name for f in chosen if isinstance(f, ManyToManyField | models.ForeignKey)]

    def save_model(self, request: HttpRequest, obj: DirectoryEntry, form: Any, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.announce(form.instance.pk)


@admin.register(Organisation)
class OrganisationAdmin(EntryAdmin):
    list_display = ["name", "kind", "published", "confirmed_on", "updated_at"]
    list_filter = ["kind", *EntryAdmin.list_filter]
    search_fields = ["name", "former_names", "siret"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "summary", "description", "edited_version"]}),
        ("Où, pour qui, sur quoi", {"fields": ["territories", "themes", "offers", "audiences", "address"]}),
        CONTACT_PART,
        ("Identité", {"fields": ["siret", "former_names", "successor", "parent"]}),
        DIRECTORY_PART,
    ]


@admin.register(Person)
class PersonAdmin(EntryAdmin):
    list_display = ["name", "kind", "organisation", "published", "confirmed_on"]
    list_filter = ["kind", "basis", *EntryAdmin.list_filter]
    list_select_related = ["organisation"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "role", "organisation", "summary", "description", "edited_version"]}),
        ("Où, pour qui, sur quoi", {"fields": ["territories", "themes", "offers", "audiences"]}),
        CONTACT_PART,
        (
            "Accord",
            {
                "description": "Une personne n’est publiée qu’avec son consentement, ou un intérêt légitime dont elle a été informée.",
                "fields": [("basis", "basis_on"), "basis_wording"],
            },
        ),
        DIRECTORY_PART,
    ]


@admin.register(Initiative)
class InitiativeAdmin(EntryAdmin):
    list_display = ["name", "status", "published", "confirmed_on", "updated_at"]
    list_filter = ["status", *EntryAdmin.list_filter]
    fieldsets = [
        (None, {"fields": ["name", "summary", "description", "edited_version"]}),
        ("Qui, où, pour qui, sur quoi", {"fields": ["carriers", "territories", "themes", "audiences", "website"]}),
        ("Quand", {"fields": ["status", ("started_on", "ended_on")]}),
        DIRECTORY_PART,
    ]


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    """Read what is proposed beside what exists, then one button."""

    list_display = ["__str__", "received_at", "author_name", "by_owner", "status"]
    list_filter = ["status", "kind", "by_owner"]
    list_select_related = ["organisation", "person", "initiative"]
    change_form_template = "admin/network/proposal/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.fields]

    def get_urls(self) -> list[Any]:
        ways = [
            path(f"<int:pk>/{way}/", self.admin_site.admin_view(view), name=f"network_proposal_{name}")
            for way, name, view in (("accepter", "accept", self.accept), ("refuser", "refuse", self.refuse))
        ]
        return [*ways, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        proposal = self.get_object(request, object_id)
        hidden = dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
        context = hidden | (_shown(proposal) if proposal else {})
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        return require_POST(self._accept)(request, pk)

    def refuse(self, request: HttpRequest, pk: int) -> HttpResponse:
        return require_POST(self._refuse)(request, pk)

    def _accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        proposal = self._open(request, pk)
        if proposal is None:
            return self._back(pk)
        onto = request.POST.get("onto", "")
        model = moderating.MODELS[proposal.entry_kind]
        chosen = get_object_or_404(model, pk=onto) if onto.isdigit() else None
        try:
            entry = moderating.accept(proposal, request.user, onto=chosen, tell="tell" in request.POST)
        except ValidationError as error:
            messages.error(request, f"Rien n’est changé. {moderating.reasons(error)}")
            return self._back(pk)
        except moderating.AlreadyDecided:
            return self._too_late(request, pk)
        messages.success(request, f"« {entry} » est à jour dans l’annuaire. Relisez la fiche et complétez-la au besoin.")
        return HttpResponseRedirect(reverse(f"admin:network_{entry._meta.model_name}_change", args=[entry.pk]))

    def _refuse(self, request: HttpRequest, pk: int) -> HttpResponse:
        proposal = self._open(request, pk)
        if proposal is None:
            return self._back(pk)
        try:
            answer = request.POST.get("answer", "")[:1000]
            moderating.refuse(proposal, request.user, answer=answer, tell="tell" in request.POST)
        except moderating.AlreadyDecided:
            return self._too_late(request, pk)
        messages.success(request, "La proposition est refusée : rien n’est changé dans l’annuaire.")
        return HttpResponseRedirect(reverse("admin:network_proposal_changelist"))

    def _open(self, request: HttpRequest, pk: int) -> Proposal | None:
        proposal = get_object_or_404(Proposal, pk=pk)
        if self.has_change_permission(request, proposal):
            return proposal
        messages.error(request, "Votre compte ne permet pas de décider d’une proposition.")
        return None

    def _too_late(self, request: HttpRequest, pk: int) -> HttpResponse:
        messages.warning(request, "Quelqu’un vient d’examiner cette proposition : rien n’a été fait une seconde fois.")
        return self._back(pk)

    @staticmethod
    def _back(pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:network_proposal_change", args=[pk]))


def _shown(proposal: Proposal) -> dict[str, Any]:
    """What the screen of a proposal adds to the fields."""
    new = proposal.is_waiting and proposal.kind != Proposal.Kind.CORRECTION
    candidates = moderating.duplicates(proposal) if new else []
    known = (
        {row.pk: row for row in moderating.MODELS[proposal.kind]._default_manager.filter(pk__in=[c.pk for c in candidates])}
        if new
        else {}
    )
    return {
        "proposal": proposal,
        "target_url": _admin_url(proposal.target) if proposal.target else "",
        "difference": proposal.difference(),
        "candidates": [
            {
                "pk": candidate.pk,
                "name": candidate.name,
                "reason": candidate.reason,
                "url": _admin_url(known[candidate.pk]),
                "difference": proposal.difference(known[candidate.pk]),
            }
            for candidate in candidates
        ],
        "others": [
            {"label": str(other), "url": reverse("admin:network_proposal_change", args=[other.pk])}
            for other in (moderating.same_waiting(proposal) if new else [])
        ],
        "accept_url": reverse("admin:network_proposal_accept", args=[proposal.pk]),
        "refuse_url": reverse("admin:network_proposal_refuse", args=[proposal.pk]),
    }


def _admin_url(entry: DirectoryEntry) -> str:
    return reverse(f"admin:network_{entry._meta.model_name}_change", args=[entry.pk])
