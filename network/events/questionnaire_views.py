"""Answering a questionnaire by one's link; for staff, making it, reading and exporting what it got."""

from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from trajectoire.core import spreadsheets
from trajectoire.core.text import plural
from trajectoire.core.views import breadcrumb

from . import presence, questionnaires
from .models import Event, Survey, SurveyItem
from .survey import Moment, SurveyKind

LONGEST_TEXT = 2_000
ROW, BAR, CHART_WIDTH = 46, 14, 360  # units of the charts: the words above each bar, so that a phone shows them as large


class SurveyForm(forms.Form):
    """The questions of one questionnaire, none of them compulsory: an answer given reluctantly says nothing."""

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(survey.items.all())
        self.fields.update({f"q{item.pk}": _field(item) for item in self.items})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            raise forms.ValidationError("Répondez à une question au moins.")
        return data

    @property
    def replies(self) -> dict[str, str]:
        return {str(item.pk): value for item in self.items if (value := self.cleaned_data[f"q{item.pk}"])}


def _field(item: SurveyItem) -> forms.Field:
    if item.kind == SurveyKind.TEXT:
        help_text = "N’écrivez aucun nom, ni rien qui permette de reconnaître une personne."
        area = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(label=item.text, max_length=LONGEST_TEXT, required=False, widget=area, help_text=help_text)
    widget = forms.RadioSelect(attrs={"class": "choices-row"})
    return forms.ChoiceField(label=item.text, choices=item.options, required=False, widget=widget)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, once; then thanks, to whoever opens the link again."""
    survey, person = questionnaires.get_survey_by(token)
    form = SurveyForm(survey, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with suppress(questionnaires.AlreadyAnswered):  # a double click, the button Back: the first one is kept
            questionnaires.answer(survey, person, form.replies)
        return redirect(request.path)
    done = questionnaires.has_answered(person, survey)
    context = {
        "event": person.event,
        "form": form,
        "done": done,
        "later": survey.moment == Moment.LATER,
        "breadcrumb": breadcrumb(("Agenda", reverse("events:list")), ("Questionnaire", "")),
    }
    return render(request, "network/events/questionnaire.html", context, status=400 if form.errors and not done else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """What each questionnaire of an event got; a button makes the one that is missing."""
    event = presence.get_event_to_tick(request.user, slug).holder
    if request.method == "POST":
        moment = request.POST.get("moment", "")
        if moment in Moment.values:
            questionnaires.prepare(event, moment)
            messages.success(request, "Le questionnaire est prêt, avec les questions de la banque.")
        return redirect("events:results", slug=event.slug)
    made = {survey.moment: survey for survey in event.surveys.all()}
    context = {
        "event": event,
        "moments": [_moment(event, Moment(moment), made.get(moment)) for moment in Moment.values],
        "edits": request.user.has_perm("events.change_survey"),
        "fewest": questionnaires.FEWEST,
        "breadcrumb": breadcrumb(
            ("Agenda", reverse("events:list")),
            (event.title, event.get_absolute_url()),
            ("Présence", reverse("events:presence", args=[event.slug])),
            ("Questionnaires", ""),
        ),
    }
    return render(request, "network/events/results.html", context)


def _moment(event: Event, moment: Moment, survey: Survey | None) -> dict[str, Any]:
    count = survey.answers.count() if survey else 0
    sent = [("CSV", "csv"), ("OpenDocument", "ods")] if survey and count >= questionnaires.FEWEST else []
    return {
        "name": moment.value,
        "label": moment.label,
        "survey": survey,
        "count": count,
        "edit_url": reverse("admin:events_survey_change", args=[survey.pk]) if survey else "",
        "answers": plural(count, "réponse", "réponses"),
        "questions": list(survey.items.all()) if survey else [],
        "results": [result | {"chart": chart(result)} for result in questionnaires.results(survey)] if survey else [],
        "files": [(label, reverse("events:results_file", args=[event.slug, moment.value, name])) for label, name in sent],
    }


def chart(result: dict[str, Any]) -> dict[str, Any]:
    """The bars of a question, in the units of its drawing; nothing for a text."""
    bars = [
        {
            "label": row["label"],
            "value": f"{row['count']} ({row['percent']} %)",
            "text_y": number * ROW + 16,
            "y": number * ROW + 23,
            "width": round(CHART_WIDTH * row["percent"] / 100),
        }
        for number, row in enumerate(result["rows"])
    ]
    return {"bars": bars, "height": ROW * len(bars), "thickness": BAR, "width": CHART_WIDTH}


@never_cache
@require_safe
def results_file(request: HttpRequest, slug: str, moment: str, extension: str) -> HttpResponseBase:
    """The answers as a table, one row an answer; it does not exist below the least number of answers."""
    event = presence.get_event_to_tick(request.user, slug).holder
    survey = get_object_or_404(Survey, event=event, moment=moment)
    if survey.answers.count() < questionnaires.FEWEST or extension not in ("csv", "ods"):
        raise Http404
    header, rows = questionnaires.export_table(survey)
    if extension == "csv":
        content, kind = spreadsheets.write_csv(header, rows), spreadsheets.CSV_TYPE
    else:
        content, kind = spreadsheets.write_ods(header, rows, "Réponses"), spreadsheets.ODS_TYPE
    name = content_disposition_header(True, f"questionnaire-{event.slug}-{moment}.{extension}") or "attachment"
    return StreamingHttpResponse(content, headers={"Content-Type": kind, "Content-Disposition": name})
