"""Searches that found nothing, with the way to mend them: here, because synonyms belong to themes and to the glossary."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from trajectoire.core.search.models import SearchMiss

from .models import Theme

LONGEST_ABBREVIATION = 8  # letters: longer, a single word is not taken for one


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


class ThemeChoice(forms.Form):
    theme = forms.ModelChoiceField(Theme.objects.order_by("name"), label="Thème")


@admin.register(SearchMiss)
class SearchMissAdmin(admin.ModelAdmin):
    """Read only but for setting aside; each line leads to a theme or to the glossary."""

    list_display = ["words", "recent", "total", "last", "ways"]
    list_display_links = None
    list_filter = [IgnoredFilter]
    list_per_page = 50
    search_fields = ["words"]
    actions = ["ignore_chosen"]
    fields = ("words", "ignored")
    readonly_fields = ("words", "ignored")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return SearchMiss.objects.counted(timezone.localdate())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Recherches sans résultat", **(extra_context or {})})

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return "-recent", "-total", "words"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="30 derniers jours", ordering="recent")
    def recent(self, miss: Any) -> int:
        return miss.recent

    @admin.display(description="12 mois", ordering="total")
    def total(self, miss: Any) -> int:
        return miss.total

    @admin.display(description="dernière fois", ordering="last")
    def last(self, miss: Any) -> Any:
        return miss.last

    @admin.display(description="que faire")
    def ways(self, miss: SearchMiss) -> SafeString:
        """The button is inside the form of the list, which holds the token."""
        return format_html(
            '<a href="{}">Ajouter un synonyme<span class="visually-hidden"> : {}</span></a> · '
            '<a href="{}">Chercher<span class="visually-hidden"> : {}</span></a> · '
            '<button type="submit" class="link" formaction="{}">Ignorer<span class="visually-hidden"> : {}</span></button>',
            reverse("admin:core_searchmiss_synonym", args=[miss.pk]),
            miss.words,
            f"{reverse('search')}?{urlencode({'q': miss.words})}",
            miss.words,
            reverse("admin:core_searchmiss_ignore", args=[miss.pk]),
            miss.words,
        )

    @admin.action(description="Ignorer les recherches choisies", permissions=["change"])
    def ignore_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        SearchMiss.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))).update(ignored=True)
        messages.success(request, "Ces recherches ne seront plus montrées.")

    def get_urls(self) -> list[Any]:
        synonym = self.admin_site.admin_view(require_safe(self.synonym))
        ignore = self.admin_site.admin_view(require_POST(self.ignore))
        return [
            path("<int:pk>/synonyme/", synonym, name="core_searchmiss_synonym"),
            path("<int:pk>/ignorer/", ignore, name="core_searchmiss_ignore"),
            *super().get_urls(),
        ]

    def ignore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set aside one line of the list."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        get_object_or_404(SearchMiss, pk=pk)
        SearchMiss.objects.filter(pk=pk).update(ignored=True)
        messages.success(request, "Cette recherche ne sera plus montrée.")
        return redirect("admin:core_searchmiss_changelist")

    def synonym(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose what the words mean: a theme, whose form opens with them, or a new line of the glossary."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        miss = get_object_or_404(SearchMiss, pk=pk)
        form = ThemeChoice(request.GET if "theme" in request.GET else None)
        if form.is_bound and form.is_valid():
            return redirect(theme_url(form.cleaned_data["theme"], miss.words))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Ajouter un synonyme : {miss.words}",
            "opts": self.opts,
            "form": form if request.user.has_perm("network.change_theme") else None,
            "glossary_url": glossary_url(miss.words) if request.user.has_perm("network.add_glossaryentry") else "",
        }
        return render(request, "admin/core/searchmiss/synonym.html", context)


def theme_url(theme: Theme, words: str) -> str:
    return f"{reverse('admin:network_theme_change', args=[theme.pk])}?{urlencode({'synonyme': words})}"


def glossary_url(words: str) -> str:
    """The form of a new entry: short words are taken for the abbreviation, the others for what it stands for."""
    short = len(words) <= LONGEST_ABBREVIATION and " " not in words
    filled = {"abbreviation": words.upper()} if short else {"expansion": words}
    return f"{reverse('admin:network_glossaryentry_add')}?{urlencode(filled)}"
