"""Old addresses, and those that people ask for in vain, each with its page in one click."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from . import redirects, search
from .redirects import MissedPath, OldAddress


class OldAddressForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("path") and data.get("target"):
            try:
                data["path"] = redirects.checked(data["path"], data["target"])
            except redirects.Refused as error:
                raise ValidationError(str(error)) from error
        return data


@admin.register(OldAddress)
class OldAddressAdmin(admin.ModelAdmin):
    form = OldAddressForm
    list_display = ["path", "target"]
    search_fields = ["path", "target"]

    def save_model(self, request: HttpRequest, obj: OldAddress, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        redirects.no_more_missed(obj.path)


class IgnoredFilter(admin.SimpleListFilter):
    """Those set aside are shown only when asked for."""

    title = "état"
    parameter_name = "ignorees"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "Ignorées")]

    def choices(self, changelist: Any) -> Any:
        everything, ignored = super().choices(changelist)
        return [{**everything, "display": "À regarder"}, ignored]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(ignored=self.value() == "oui")


@admin.register(MissedPath)
class MissedPathAdmin(admin.ModelAdmin):
    """Read only; each line is redirected to the page that looks most like it, to another, or set aside."""

    list_display = ["path", "count", "last_day", "ways"]
    list_display_links = None
    list_filter = [IgnoredFilter]
    list_per_page = 30
    search_fields = ["path"]
    actions = ["ignore_chosen"]
    readonly_fields = ["path", "count", "last_day"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Adresses introuvables", **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        ways = [
            path(f"<int:pk>/{way}/", self.admin_site.admin_view(require_POST(view)), name=f"core_missedpath_{name}")
            for way, name, view in (("rediriger", "redirect", self.redirect), ("ignorer", "ignore", self.ignore))
        ]
        return [*ways, *super().get_urls()]

    @admin.display(description="que faire")
    def ways(self, missed: MissedPath) -> SafeString:
        """The buttons are inside the form of the list, which holds the token."""
        found = likely_page(missed.path)
        first = (
            format_html(
                '<button type="submit" class="link" formaction="{}" name="target" value="{}">Rediriger vers « {} »</button> · ',
                reverse("admin:core_missedpath_redirect", args=[missed.pk]),
                found[0],
                found[1],
            )
            if found
            else ""
        )
        return format_html(
            '{}<a href="{}?{}">Choisir une page<span class="visually-hidden"> : {}</span></a> · '
            '<button type="submit" class="link" formaction="{}">Ignorer<span class="visually-hidden"> : {}</span></button>',
            first,
            reverse("admin:core_oldaddress_add"),
            urlencode({"path": missed.path}),
            missed.path,
            reverse("admin:core_missedpath_ignore", args=[missed.pk]),
            missed.path,
        )

    def redirect(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the redirection that the line proposes."""
        if not request.user.has_perm("core.add_oldaddress"):
            raise PermissionDenied
        missed = get_object_or_404(MissedPath, pk=pk)
        target = request.POST.get("target", "")
        try:
            redirects.checked(missed.path, target)
        except redirects.Refused as error:
            messages.error(request, str(error))
        else:
            redirects.keep(missed.path, target)
            messages.success(request, f"{missed.path} mène maintenant à {target}")
        return redirect("admin:core_missedpath_changelist")

    def ignore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set aside one line of the list."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        get_object_or_404(MissedPath, pk=pk)
        MissedPath.objects.filter(pk=pk).update(ignored=True)
        messages.success(request, "Cette adresse ne sera plus montrée.")
        return redirect("admin:core_missedpath_changelist")

    @admin.action(description="Ignorer les adresses choisies", permissions=["change"])
    def ignore_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        queryset.update(ignored=True)
        messages.success(request, "Ces adresses ne seront plus montrées.")


def likely_page(address: str) -> tuple[str, str] | None:
    """(address, title) of the public page that holds every word of the last part of an old address."""
    last = address.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1].split(".")[0]
    words = " ".join(last.replace("-", " ").replace("_", " ").split())
    found = search.query(search.Query(words, strict=True, exact=True, size=1)).hits if words else ()
    return (found[0].url, found[0].title) if found else None
