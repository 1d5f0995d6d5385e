"""« Liens morts » and « noms de services disparus » in the administration: one click to the text, one to say that it is meant."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from ..text import NBSP
from . import sources
from .places import LinkPlace, NamePlace, Place, WebLink


class StateFilter(admin.SimpleListFilter):
    """What is meant is shown only when asked for."""

    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("voulu", "C’est voulu")]

    def choices(self, changelist: Any) -> Any:
        everything, meant = super().choices(changelist)
        return [{**everything, "display": "À relire"}, meant]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.column(queryset.model): self.value() == "voulu"})

    @staticmethod
    def column(model: type[Model]) -> str:
        return "link__meant" if model is LinkPlace else "meant"


class SourceFilter(admin.SimpleListFilter):
    """Of the texts that this person may correct."""

    title = "textes"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        mine = sources.open_to(request.user)
        return [(source.name, capfirst(source.inside)) for source in sources.registered() if source.name in mine]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(source=self.value()) if self.value() else queryset


class PlaceAdmin(admin.ModelAdmin):
    """Read only but for « c’est voulu »; each person sees the texts that they may correct."""

    list_display_links = None
    list_filter = [StateFilter, SourceFilter]
    list_per_page = 50
    search_fields = ["title"]
    title: ClassVar[str]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.model.objects.standing().filter(source__in=sources.open_to(request.user))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.title, **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(sources.open_to(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(sources.open_to(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        meant = self.admin_site.admin_view(require_POST(self.meant))
        return [path("<int:pk>/voulu/", meant, name=f"core_{self.opts.model_name}_meant"), *super().get_urls()]

    def meant(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that this line is meant, or no longer."""
        place = get_object_or_404(self.get_queryset(request), pk=pk)
        judged = self.judged(place)
        judged.meant = not judged.meant
        judged.save(update_fields=["meant"])
        messages.success(
            request,
            "C’est noté : ce texte n’est plus à relire." if judged.meant else "C’est noté : ce texte est de nouveau à relire.",
        )
        return redirect(f"admin:core_{self.opts.model_name}_changelist")

    def judged(self, place: Any) -> Any:
        """The row that is meant or not."""
        return place

    @admin.display(description="texte à corriger", ordering="title")
    def where(self, place: Place) -> SafeString:
        source = sources.of_name(place.source)
        inside = f"dans {source.inside}" if source else ""
        return format_html('<a href="{}">{}</a> <small>{}</small>', place.form_url, place.title, inside)

    def button(self, place: Place, meant: bool) -> SafeString:
        """Inside the form of the list, which holds the token."""
        return format_html(
            '<button type="submit" class="link" formaction="{}">{}<span class="visually-hidden">{}: {}</span></button>',
            reverse(f"admin:core_{self.opts.model_name}_meant", args=[place.pk]),
            "À relire de nouveau" if meant else "C’est voulu",
            NBSP,
            place,
        )


@admin.register(LinkPlace)
class LinkPlaceAdmin(PlaceAdmin):
    title = "Liens morts dans les textes"
    list_display = ["where", "leads_to", "what_happens", "since", "ways"]
    list_select_related = ["link"]
    search_fields = ["title", "link__url"]
    ordering = ["title", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(link__dead=True)

    def judged(self, place: LinkPlace) -> WebLink:
        """The same link in another text is the same link."""
        return place.link

    @admin.display(description="lien", ordering="link__url")
    def leads_to(self, place: LinkPlace) -> SafeString:
        return format_html('<a href="{0}" rel="noreferrer nofollow">{0}</a>', place.link.url)

    @admin.display(description="ce qui se passe")
    def what_happens(self, place: LinkPlace) -> str:
        return place.link.reason

    @admin.display(description="depuis", ordering="link__failing_since")
    def since(self, place: LinkPlace) -> Any:
        return place.link.failing_since.date() if place.link.failing_since else None

    @admin.display(description="que faire")
    def ways(self, place: LinkPlace) -> SafeString:
        return self.button(place, place.link.meant)


@admin.register(NamePlace)
class NamePlaceAdmin(PlaceAdmin):
    title = "Noms de services disparus dans les textes"
    list_display = ["where", "words", "now", "excerpt", "ways"]
    search_fields = ["title", "words"]
    ordering = ["words", "title", "pk"]

    @admin.display(description="que faire")
    def ways(self, place: NamePlace) -> SafeString:
        return self.button(place, place.meant)
