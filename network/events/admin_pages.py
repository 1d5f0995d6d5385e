"""What the screens of one event share: the event of the address, the permissions, the frame of the administration."""

from collections.abc import Callable, Sequence
from typing import Any

from csp.decorators import csp_update
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .event import Event

View = Callable[..., HttpResponse]


def screen(
    model_admin: ModelAdmin, address: str, view: View, needs: Sequence[str] = (), methods: Sequence[str] = ("GET", "HEAD")
) -> URLPattern:
    """The address of a view(model_admin, request, event, …) below one event, for staff who may see events and holds `needs`.

    Its name is that of the view: admin:events_event_<view>.
    """

    # Mails are shown in a frame.
    @csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
    @never_cache
    @require_http_methods(list(methods))
    def shown(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        allowed = model_admin.has_view_permission(request) and request.user.has_perms(needs)  # type: ignore[union-attr]
        if not allowed:
            raise PermissionDenied
        event = get_object_or_404(Event.objects.select_related("series__lead", "place"), pk=pk)
        return view(model_admin, request, event, **more)

    checked = model_admin.admin_site.admin_view(shown)
    return path(f"<int:pk>/{address}", checked, name=f"events_event_{view.__name__}")


def page(model_admin: ModelAdmin, request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The template admin/events/event/<name>.html with its `title`, and what every page of the administration needs."""
    frame = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "media": model_admin.media}
    return render(request, f"admin/events/event/{name}.html", frame | context, status=status)
