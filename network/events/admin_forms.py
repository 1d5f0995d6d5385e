"""The forms of the agenda in the admin: dates typed as a day and two hours, sentences for what cannot be."""

import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTimeWidget
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.forms.utils import from_current_timezone
from django.utils import timezone

from trajectoire.core.admin import VersionedForm

from .event import Event, EventDate, Question
from .guarding import objections
from .vocabulary import Accessibility, HalfDay

NO_SUCH_HOUR = "Cette heure n’existe pas, ou existe deux fois, la nuit du changement d’heure : choisissez-en une autre."
# Before and after these hours, a session counts for the morning and for the afternoon.
MORNING_UNTIL, AFTERNOON_FROM = datetime.time(12, 30), datetime.time(13, 30)


def local_moment(day: datetime.date, hour: datetime.time) -> datetime.datetime:
    """This hour in Paris; ValidationError on the nights when clocks change and it is missing or double."""
    try:
        return from_current_timezone(datetime.datetime.combine(day, hour))
    except ValidationError as error:
        raise ValidationError(NO_SUCH_HOUR) from error


class MomentField(forms.SplitDateTimeField):
    """A day and an hour, with a plain sentence for the hours that do not exist."""

    def compress(self, data_list: Any) -> datetime.datetime | None:
        if data_list and all(data_list):
            return local_moment(*data_list)
        return super().compress(data_list)


class EventForm(VersionedForm):
    accessibility = forms.MultipleChoiceField(
        label="Lieu accessible pour un handicap",
        choices=Accessibility.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Ne cochez que ce qui a été vérifié sur place.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        elsewhere = data.get("registering") == Event.Registering.ELSEWHERE
        if elsewhere and not data.get("elsewhere_url") and "elsewhere_url" not in self.errors:
            self.add_error("elsewhere_url", "Donnez l’adresse où l’on s’inscrit.")
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "Les inscriptions ne peuvent pas se clore avant de s’ouvrir.")
        return data


class HalfDays(forms.ChoiceField):
    """« D’après les heures » unless staff knows better."""

    CHOICES = [("", "D’après les heures"), ("m", "Matin"), ("a", "Après-midi"), ("ma", "Matin et après-midi")]

    def __init__(self) -> None:
        super().__init__(label="Demi-journées", choices=self.CHOICES, required=False)


class DateForm(forms.ModelForm):
    """One day: when, from what hour to what hour, and what it counts for."""

    day = forms.DateField(label="Jour", widget=AdminDateWidget)
    starts = forms.TimeField(label="De", widget=AdminTimeWidget(format="%H:%M"))
    ends = forms.TimeField(label="À", widget=AdminTimeWidget(format="%H:%M"))
    half_days = HalfDays()

    class Meta:
        model = EventDate
        fields = ["label"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            start, end = timezone.localtime(self.instance.starts_at), timezone.localtime(self.instance.ends_at)
            letters = {HalfDay.MORNING: "m", HalfDay.AFTERNOON: "a"}
            kept = "".join(letters[half] for half in self.instance.half_days)
            self.initial.update(day=start.date(), starts=start.time(), ends=end.time(), half_days=kept)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day, starts, ends = data.get("day"), data.get("starts"), data.get("ends")
        if not (day and starts and ends):
            return data
        if ends <= starts:
            raise ValidationError({"ends": "La fin vient après le début, le même jour. Une seconde journée est une autre date."})
        self.instance.starts_at = self._moment("starts", day, starts)
        self.instance.ends_at = self._moment("ends", day, ends)
        self.instance.morning, self.instance.afternoon = half_days(data.get("half_days") or "", starts, ends)
        return data

    def _moment(self, field: str, day: datetime.date, hour: datetime.time) -> datetime.datetime:
        try:
            return local_moment(day, hour)
        except ValidationError as error:
            raise ValidationError({field: error}) from error


class DateFormSet(BaseInlineFormSet):
    """All the dates together: an app above may refuse days that some of its people cannot hold."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        days = sorted({data["day"] for data in kept if data.get("day")})
        if self.instance.pk and (found := objections(self.instance, days)):
            raise ValidationError(found)


def half_days(chosen: str, starts: datetime.time, ends: datetime.time) -> tuple[bool, bool]:
    """(morning, afternoon): as chosen, or after the hours; a short meeting at noon counts for the morning."""
    if chosen:
        return "m" in chosen, "a" in chosen
    morning, afternoon = starts < MORNING_UNTIL, ends > AFTERNOON_FROM
    return morning or not afternoon, afternoon


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = ["order", "text", "kind", "choices", "required"]
        widgets = {"choices": forms.Textarea(attrs={"rows": 2, "cols": 40})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        lines = [line for line in data.get("choices", "").splitlines() if line.strip()]
        if data.get("kind") == Question.Kind.CHOICE and len(lines) < 2:
            raise ValidationError({"choices": "Écrivez au moins deux choix, un par ligne."})
        return data
