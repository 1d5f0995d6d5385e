"""Telling the people what changed: the message as they will read it, then one button, once."""

from django.contrib import messages as notes
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from trajectoire.core.mail_admin import SANDBOX, framed
from trajectoire.core.text import plural

from .admin_pages import page
from .changes import announce_changes, concerned, differences, keep_quiet, kind_of_notice, preview
from .event import Event


def changes(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> HttpResponse:
    """What people do not know yet, and the mail that tells them; POST sends it, or says that nobody need be told."""
    if request.method == "POST":
        return _act(request, event)
    context = {
        "title": "Prévenir de ce qui a changé",
        "event": event,
        "differences": differences(event),
        "people": plural(concerned(event).count(), "personne", "personnes"),
        "preview": preview(event),
        "frame_url": reverse("admin:events_event_changes_mail", args=[event.pk]),
        "sandbox": SANDBOX,
        "texts_url": f"{reverse('admin:events_noticetext_add')}?event={event.pk}&kind={kind_of_notice(event)}",
    }
    return page(model_admin, request, "changes", context)


def _act(request: HttpRequest, event: Event) -> HttpResponse:
    if "quiet" in request.POST:
        keep_quiet(event)
        notes.success(request, "Aucun message ne partira pour ce changement.")
    elif (told := announce_changes(event)) is None:
        notes.warning(request, "Tout le monde est déjà prévenu : rien n’a été envoyé une seconde fois.")
    else:
        notes.success(request, f"Le message part vers {plural(told, 'personne', 'personnes')}.")
    return redirect("admin:events_event_follow", event.pk)


@xframe_options_sameorigin
def changes_mail(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> HttpResponse:
    """The HTML part alone, for the frame of the page above."""
    return framed(preview(event).html)
