"""One screen for one person: look for an address, see what exists, give the copy, erase after typing the address again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from .. import auditing
from ..text import plural
from . import person
from .erasures import Erasure, digest_of
from .forms import ErasePersonForm, PersonForm
from .views import download


@admin.register(Erasure)
class ErasureAdmin(admin.ModelAdmin):
    """The list of fingerprints, under the form that looks for a person. Addresses are sent by POST: no log holds them."""

    list_display = ["__str__", "erased_at", "by_person"]
    list_display_links = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list:
        recently = auditing.recent_login_required
        steps = {"personne": self.look, "copie": self.copy, "effacer": self.erase}
        own = [
            path(f"{step}/", self.admin_site.admin_view(require_POST(recently(view))), name=f"core_erasure_{step}")
            for step, view in steps.items()
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(
            request, {"title": self.opts.verbose_name_plural, "person_form": PersonForm()} | (extra_context or {})
        )

    def look(self, request: HttpRequest) -> HttpResponse:
        """What exists about one address."""
        form = PersonForm(request.POST)
        self._may(request)
        if not form.is_valid():
            return self.changelist_view(request, {"person_form": form})
        return self._shown(request, form.cleaned_data["email"], ErasePersonForm(initial=form.cleaned_data))

    def copy(self, request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST)
        self._may(request)
        if not form.is_valid():
            return redirect("admin:core_erasure_changelist")
        auditing.record(request.user, "copie des données d’une personne", digest_of(form.cleaned_data["email"])[:8])
        return download(form.cleaned_data["email"])

    def erase(self, request: HttpRequest) -> HttpResponse:
        form = ErasePersonForm(request.POST)
        self._may(request)
        if not form.is_valid():
            return self._shown(request, form.cleaned_data.get("email", ""), form)
        email = form.cleaned_data["email"]
        try:
            outcome = person.erase(email)
        except person.Refused as error:
            messages.error(request, str(error))
            return self._shown(request, email, ErasePersonForm(initial={"email": email}))
        auditing.record(request.user, "effacement d’une personne", digest_of(email)[:8])
        done = plural(sum(outcome.counts.values()), "élément effacé ou rendu anonyme", "éléments effacés ou rendus anonymes")
        messages.success(request, f"{done}. L’adresse n’est plus dans la base.")
        for sentence in outcome.left:
            messages.warning(request, sentence)
        return redirect("admin:core_erasure_changelist")

    def _may(self, request: HttpRequest) -> None:
        """Seeing the list of fingerprints is one right, reading and erasing people another."""
        if not request.user.has_perm("core.add_erasure"):
            raise PermissionDenied

    def _shown(self, request: HttpRequest, email: str, form: ErasePersonForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Ce que le site garde",
            "opts": self.opts,
            "email": email,
            "sections": person.found(email) if email else [],
            "form": form,
            "list_url": reverse("admin:core_erasure_changelist"),
        }
        return TemplateResponse(request, "admin/core/erasure/person.html", context, status=400 if form.errors else 200)
