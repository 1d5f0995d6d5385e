"""The pages of the exchanges: the list, a question with its answers, asking."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from trajectoire.core.text import french_typography

from . import exchanging
from .access import area, get_acting_trainer_for, is_coordination, is_paused, trainer_of
from .area_frame import frame
from .exchange import Reply, Topic
from .kit_part import KitPart
from .situation import Situation

TITLE = "Échanges"
SHOWN = 100
WAITS = "Votre message est enregistré. La coordination le relit, puis tout le monde le lira."
TOO_MANY = "Vous avez écrit beaucoup de messages aujourd’hui\u00a0: reprenez demain."
NO_NAME = "Aucun nom, aucune donnée permettant de reconnaître une personne."


class TopicForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = ["title", "text", "document", "situation"]
        help_texts = {"title": "Une phrase, comme vous la diriez à une collègue.", "text": NO_NAME}
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        error_messages = {"title": {"required": "Écrivez votre question."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = KitPart.objects.current().values("document")
        document, situation = self.fields["document"], self.fields["situation"]
        document.queryset = document.queryset.filter(pk__in=parts).order_by("title")  # type: ignore[attr-defined]
        situation.queryset = Situation.objects.published()  # type: ignore[attr-defined]
        document.empty_label = situation.empty_label = "Aucune en particulier"  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return french_typography(self.cleaned_data["title"])


class ReplyForm(forms.ModelForm):
    class Meta:
        model = Reply
        fields = ["text"]
        labels = {"text": "Votre réponse"}
        help_texts = {"text": NO_NAME}
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        error_messages = {"text": {"required": "Écrivez votre réponse."}}


@area
@require_safe
def exchanges(request: HttpRequest) -> HttpResponse:
    trainer = trainer_of(request.user)
    found = exchanging.topics(trainer, is_coordination(request.user))[:SHOWN]
    context = frame(request, "vrl:exchanges", (TITLE, "")) | {
        "title": TITLE,
        "topics": [exchanging.row(topic, trainer) for topic in found],
        "ask_url": reverse("vrl:exchange_ask") if trainer and not is_paused(trainer) else "",
    }
    return render(request, "vrl/exchange/list.html", context)


@area
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A new question, about a part of the kit (`?partie=`), a situation (`?situation=`), or practice."""
    trainer = get_acting_trainer_for(request.user)
    form = TopicForm(request.POST if request.method == "POST" else None, initial=_about(request))
    if request.method == "POST" and form.is_valid():
        if exchanging.writes_too_much(trainer):
            form.add_error(None, TOO_MANY)
        else:
            form.instance.author = trainer
            messages.success(request, WAITS)
            return redirect("vrl:exchange", form.save().pk)
    context = frame(request, "vrl:exchanges", (TITLE, reverse("vrl:exchanges")), ("Poser une question", "")) | {
        "title": "Poser une question",
        "form": form,
    }
    return render(request, "vrl/exchange/ask.html", context, status=400 if form.errors else 200)


def _about(request: HttpRequest) -> dict[str, Any]:
    return {
        "document": KitPart.objects.current()
        .filter(document__slug=request.GET.get("partie", ""))
        .values_list("document", flat=True)
        .first(),
        "situation": Situation.objects.published().filter(slug=request.GET.get("situation", "")).first(),
    }


@area
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """A question and its answers; POST answers."""
    trainer, moderates = trainer_of(request.user), is_coordination(request.user)
    found = get_object_or_404(exchanging.topics(trainer, moderates), pk=pk)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        writer = get_acting_trainer_for(request.user)
        if form.is_valid():
            if exchanging.writes_too_much(writer):
                form.add_error(None, TOO_MANY)
            else:
                form.instance.topic, form.instance.author = found, writer
                form.save()
                messages.success(request, WAITS)
                return redirect("vrl:exchange", pk)
    replies = exchanging.readable(found.replies.select_related("author"), trainer, moderates)
    context = frame(request, "vrl:exchanges", (TITLE, reverse("vrl:exchanges")), (found.title, "")) | {
        "title": found.title,
        "topic": exchanging.row(found, trainer),
        "replies": [exchanging.message(reply, trainer) for reply in replies.order_by("at", "pk")],
        "form": form if trainer and not is_paused(trainer) else None,
        "moderate_url": reverse("admin:vrl_topic_change", args=[pk]) if moderates else "",
    }
    return render(request, "vrl/exchange/topic.html", context, status=400 if form.errors else 200)
