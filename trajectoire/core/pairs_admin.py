"""Two contents that may be one: side by side, then one button. What is merged, and how, belongs to each app."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from .text import plural


class PairAdmin(admin.ModelAdmin):
    """For a model with `first`, `second`, `reason` and `different`. `words`: what is said to staff, as in `WORDS` of the apps."""

    merge: Callable[[Any, Any], Any]
    find_pairs: Callable[[], int]
    compared: Callable[[Any, Any], list[dict[str, Any]]]
    words: ClassVar[dict[str, str]]

    list_filter = ["different"]
    list_select_related = ["first", "second"]
    list_per_page = 50
    change_form_template = "admin/pair/change_form.html"
    change_list_template = "admin/pair/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.fields]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("chercher/", view(require_POST(self.find)), name=self._name("find")),
            path("<int:pk>/decider/", view(require_POST(self.decide)), name=self._name("decide")),
            *super().get_urls(),
        ]

    def _name(self, view: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"find_url": reverse(f"admin:{self._name('find')}"), "words": self.words}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        pair: Any = self.get_object(request, object_id)
        hidden = dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
        context = {
            "pair": pair,
            "score": getattr(pair, "score", None),
            "rows": type(self).compared(pair.first, pair.second) if pair else [],
            "decide_url": reverse(f"admin:{self._name('decide')}", args=[pair.pk]) if pair else "",
            "words": self.words,
        }
        return super().change_view(request, object_id, form_url, hidden | context | (extra_context or {}))

    def find(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        found = type(self).find_pairs()
        messages.success(request, f"{plural(found, 'nouveau doublon possible', 'nouveaux doublons possibles')}.")
        return self._back()

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """« premiere » or « seconde »: the one to keep; « deux »: they are two."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        pair: Any = get_object_or_404(self.model._default_manager.select_related("first", "second"), pk=pk)
        keep = request.POST.get("keep")
        if keep == "deux":
            self.model._default_manager.filter(pk=pk).update(different=True)
            messages.success(request, self.words["noted"])
        elif keep in ("premiere", "seconde"):
            kept, removed = (pair.first, pair.second) if keep == "premiere" else (pair.second, pair.first)
            self._merge(request, kept, removed)
        return self._back()

    def _merge(self, request: HttpRequest, kept: Any, removed: Any) -> None:
        try:
            type(self).merge(kept, removed)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, self.words["merged"].format(removed=removed, kept=kept))

    def _back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"admin:{self._name('changelist')}"))
