"""Rows with a life: their form in the administration saves what is written, then takes the step of the button pressed."""

from abc import abstractmethod
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from network.events.registering import Refused
from trajectoire.core.admin import EditorAdmin, VersionedForm

NOT_ANY_MORE = "Ce qui est écrit est enregistré, mais cette étape n’est plus possible : regardez où en est la fiche."


class StepAdmin(EditorAdmin):
    """`steps` says what may be done now, `act` does it: both for one row."""

    form = VersionedForm
    change_form_template = "admin/vrl/steps_form.html"

    @abstractmethod
    def steps(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """[(name, what the button says)]."""

    def links(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """[(label, address)] beside the buttons."""
        return []

    @abstractmethod
    def act(self, request: HttpRequest, row: Any, step: str) -> str:
        """Take this step and say, in a French sentence, what was done. Raises Refused."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        row = context["original"]
        decides = row is not None and self.has_change_permission(request, row)
        context["steps"] = self.steps(request, row) if decides else []
        context["step_links"] = self.links(request, row) if decides else []
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_step" not in request.POST:
            return super().response_change(request, obj)
        step = request.POST["_step"]
        try:
            if step not in dict(self.steps(request, obj)):
                raise Refused(NOT_ANY_MORE)
            messages.success(request, self.act(request, obj, step))
        except Refused as reason:
            messages.error(request, str(reason))
        return HttpResponseRedirect(request.path)
