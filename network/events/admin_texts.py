"""The texts of the mails to participants: each one with where it comes from, a form, and the mail as it will be sent."""

from typing import Any

from csp.decorators import csp_update
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, TextField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from trajectoire.core.admin import VersionedForm
from trajectoire.core.mail_admin import SANDBOX, framed
from trajectoire.core.mail_text import Rendered
from trajectoire.core.mail_text import render as render_mail
from trajectoire.core.text import NBSP

from .event import Event
from .notice_texts import NoticeKind, NoticeText, wording_for
from .notices import TEMPLATE, compose
from .registrations import Registration

SOME_NOTE = "Ici, le message que l’équipe écrit pour cette personne."


@admin.register(NoticeText)
class NoticeTextAdmin(admin.ModelAdmin):
    form = VersionedForm
    fields = ["kind", "event", "subject", "text", "edited_version"]
    autocomplete_fields = ["event"]
    formfield_overrides = {TextField: {"widget": forms.Textarea(attrs={"rows": 12, "cols": 80, "class": "vLargeTextField"})}}

    def get_urls(self) -> list:
        ways = [("<str:kind>/apercu/", "preview", self.preview), ("<str:kind>/message/", "mail", self.mail)]
        looked = [path(way, self.admin_site.admin_view(view), name=f"events_noticetext_{name}") for way, name, view in ways]
        return [*looked, *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The words in use today are the first draft of the new ones."""
        given = dict(super().get_changeform_initial_data(request))
        if given.get("kind") in NoticeKind.values:
            known = wording_for(str(given["kind"]), chosen_event(given.get("event")) or example())
            given |= {"subject": known.subject, "text": known.text}
        return given

    def save_model(self, request: HttpRequest, obj: NoticeText, form: Any, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: NoticeText) -> HttpResponseRedirect:
        return HttpResponseRedirect(preview_url(obj.kind, obj.event))

    def response_post_save_change(self, request: HttpRequest, obj: NoticeText) -> HttpResponseRedirect:
        return HttpResponseRedirect(preview_url(obj.kind, obj.event))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Every mail, written by staff or not, instead of a list of the few that are; `?event=` for those of one event."""
        self._check(request)
        event = chosen_event(request.GET.get("event"))
        context = {"title": "Textes des messages automatiques", "event": event, "rows": self.rows(request, event)}
        return self._page(request, "list", context)

    def rows(self, request: HttpRequest, event: Event | None) -> list[dict[str, str]]:
        """[{label, origin, preview, edit}] for each kind of mail."""
        written = NoticeText.objects.filter(Q(event=None) | Q(event=event)).order_by(F("event").asc(nulls_first=True))
        by_kind = {row.kind: row for row in written}  # that of the event comes last, and stays
        return [self._row(request, kind, by_kind.get(kind.value), event) for kind in NoticeKind]

    def _row(self, request: HttpRequest, kind: NoticeKind, row: NoticeText | None, event: Event | None) -> dict[str, str]:
        origin = "texte du site" if row is None else "texte de cet événement" if row.event_id else "texte de l’équipe"
        new = f"{reverse('admin:events_noticetext_add')}?{urlencode(_query(kind, event))}"
        own = row is not None and row.event_id == (event.pk if event else None)
        edit = reverse("admin:events_noticetext_change", args=[row.pk]) if row and own else new
        return {
            "label": kind.label,
            "origin": origin,
            "preview": preview_url(kind, event),
            "edit": edit if self.has_change_permission(request) else "",
        }

    @method_decorator([csp_update({"frame-src": ["'self'"]}), require_safe])
    def preview(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The mail as it would be sent now."""
        self._check(request)
        event = chosen_event(request.GET.get("event"))
        known = _kind(kind)
        query = f"?{urlencode({'event': event.pk})}" if event else ""
        context = {
            "title": f"Aperçu{NBSP}: {known.label}",
            "event": event,
            "mail": sample_mail(known, event),
            "row": self._row(request, known, NoticeText.objects.of(known, event or example()).first(), event),
            "frame_url": f"{reverse('admin:events_noticetext_mail', args=[kind])}{query}",
            "sandbox": SANDBOX,
            "back_url": f"{reverse('admin:events_noticetext_changelist')}{query}",
        }
        return self._page(request, "preview", context)

    @method_decorator([xframe_options_sameorigin, require_safe])
    def mail(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The HTML part alone, for the frame of the page above."""
        self._check(request)
        return framed(sample_mail(_kind(kind), chosen_event(request.GET.get("event"))).html)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return render(request, f"admin/events/noticetext/{name}.html", frame | context)


def _kind(kind: str) -> NoticeKind:
    if kind not in NoticeKind.values:
        raise Http404
    return NoticeKind(kind)


def _query(kind: str, event: Event | None) -> dict[str, Any]:
    return {"kind": kind, "event": event.pk} if event else {"kind": kind}


def preview_url(kind: str, event: Event | None) -> str:
    url = reverse("admin:events_noticetext_preview", args=[kind])
    return f"{url}?{urlencode({'event': event.pk})}" if event else url


def chosen_event(pk: Any) -> Event | None:
    """The event that an address names; None when it names none, 404 when there is no such event."""
    if not pk:
        return None
    if not str(pk).isdigit():
        raise Http404
    return get_object_or_404(Event.objects.select_related("place", "series"), pk=pk)


def example() -> Event:
    """What the general texts are shown with; its key is nobody's."""
    return Event(pk=0, title="Journée d’étude sur la participation", slug="exemple", venue="Maison des associations")


def sample_mail(kind: NoticeKind, event: Event | None) -> Rendered:
    """The mail of this kind to somebody who does not exist."""
    person = Registration(event=event or example(), name="Camille Martin")
    note = SOME_NOTE if kind in (NoticeKind.ACCEPTED, NoticeKind.REFUSED) else ""
    return render_mail(TEMPLATE, compose(kind, person, note=note))
