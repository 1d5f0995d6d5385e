"""Writing to the people of an event: a draft, then the message as it will be read, then one button that sends it once."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from trajectoire.core.mail_admin import SANDBOX, framed
from trajectoire.core.text import NBSP, plural

from .admin_pages import page
from .event import Event
from .messages import EventMessage, people_of, preview, send


class MessageForm(forms.ModelForm):
    class Meta:
        model = EventMessage
        fields = ["to", "subject", "text"]
        widgets = {
            "to": forms.RadioSelect,
            "subject": forms.TextInput(attrs={"class": "vTextField"}),
            "text": forms.Textarea(attrs={"rows": 12, "cols": 80, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Each choice says how many people it reaches today."""
        super().__init__(*args, **kwargs)
        event = self.instance.event
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (to.value, f"{to.label}{NBSP}: {plural(people_of(event, to).count(), 'personne', 'personnes')}")
            for to in EventMessage.To
        ]


def write_message(model_admin: ModelAdmin, request: HttpRequest, event: Event, message: int | None = None) -> HttpResponse:
    """A new message, or a draft to change."""
    known = get_object_or_404(event.messages, pk=message, sent_at=None) if message else EventMessage(event=event)
    form = MessageForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("admin:events_event_message", event.pk, known.pk)
    context = {"title": "Écrire aux personnes", "event": event, "form": form}
    return page(model_admin, request, "write_message", context, status=400 if form.errors else 200)


def message(model_admin: ModelAdmin, request: HttpRequest, event: Event, message: int) -> HttpResponse:
    """The message as it will be read, and how many people get it; POST sends it, or throws the draft away."""
    known = get_object_or_404(event.messages.select_related("event__series__lead", "event__place", "sent_by"), pk=message)
    if request.method == "POST":
        return _act(request, event, known)
    count = known.recipients if known.sent_at else people_of(event, known.to).count()
    context = {
        "title": f"Message{NBSP}: {known.subject}",
        "event": event,
        "message": known,
        "people": plural(count, "personne", "personnes"),
        "nobody": count == 0,
        "preview": preview(known),
        "frame_url": reverse("admin:events_event_message_mail", args=[event.pk, known.pk]),
        "sandbox": SANDBOX,
        "outbox_url": f"{reverse('admin:core_outgoingmail_changelist')}?q={known.batch}",
    }
    return page(model_admin, request, "message", context)


def _act(request: HttpRequest, event: Event, known: EventMessage) -> HttpResponse:
    follow = redirect("admin:events_event_follow", event.pk)
    if "delete" in request.POST:
        EventMessage.objects.filter(pk=known.pk, sent_at=None).delete()
        notes.success(request, "Le brouillon est supprimé.")
        return follow
    if not people_of(event, known.to).exists():
        notes.error(request, "Ce message n’a personne à qui partir. Choisissez d’autres personnes.")
        return redirect("admin:events_event_message", event.pk, known.pk)
    sent = send(known, request.user)  # type: ignore[arg-type]
    if sent is None:
        notes.warning(request, "Ce message était déjà parti : il n’a pas été envoyé une seconde fois.")
    else:
        notes.success(request, f"Le message part vers {plural(sent, 'personne', 'personnes')}.")
    return follow


@xframe_options_sameorigin
def message_mail(model_admin: ModelAdmin, request: HttpRequest, event: Event, message: int) -> HttpResponse:
    """The HTML part alone, for the frame of the page above."""
    return framed(preview(get_object_or_404(event.messages, pk=message)).html)
