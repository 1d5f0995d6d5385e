"""The period and the place that a reader asks for: two dates and a code in the address; the usual periods are links."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from trajectoire.core.text import day

from .parts import Scope, of_year
from .year import FIRST_YEAR

SCHOOL_MONTH = 9  # school years begin in September
FARTHEST = 2  # years ahead: sessions are planned that far
WRONG_DATE = "Écrivez la date comme 15/03/2026."
REGION = "Toute la région"


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"required": "Choisissez une date.", "invalid": WRONG_DATE}


class PlaceForm(forms.Form):
    """What the page of a year asks for, in its address. The name is that of the address."""

    departement = forms.ChoiceField(label="Territoire", required=False)

    def __init__(self, data: Mapping[str, Any], *, places: dict[str, str]) -> None:
        super().__init__(data, auto_id="bilan-%s", use_required_attribute=False)
        self.fields["departement"].choices = [("", REGION), *places.items()]  # type: ignore[attr-defined]

    @property
    def department(self) -> str:
        return self.cleaned_data["departement"]


class PeriodForm(PlaceForm):
    """The same with two dates."""

    du = DayField(label="Du")
    au = DayField(label="Au")
    field_order = ("du", "au", "departement")

    def __init__(self, data: Mapping[str, Any], *, places: dict[str, str], today: datetime.date) -> None:
        super().__init__(data, places=places)
        self.today = today

    def clean_du(self) -> datetime.date:
        return self._within(self.cleaned_data["du"])

    def clean_au(self) -> datetime.date:
        return self._within(self.cleaned_data["au"])

    def _within(self, date: datetime.date) -> datetime.date:
        last = self.today.year + FARTHEST
        if not FIRST_YEAR <= date.year <= last:
            raise ValidationError(f"Choisissez une date entre {FIRST_YEAR} et {last}.")
        return date

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("du"), data.get("au")
        if first and last and last < first:
            self.add_error("au", "Choisissez une date de fin après la date de début.")
        return data

    @property
    def scope(self) -> Scope:
        return Scope(self.cleaned_data["du"], self.cleaned_data["au"], self.department)


class FixedPeriodForm(PeriodForm):
    """For partners, who follow the links: periods that begin and end any day, subtracted, would give a session back."""

    du = DayField(label="Du", widget=forms.HiddenInput)
    au = DayField(label="Au", widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("du"), data.get("au")
        if first and last and not is_fixed(Scope(first, last), self.today):
            raise ValidationError(
                "Choisissez une période parmi celles qui sont proposées : une année, un trimestre, une année scolaire."
            )
        return data


def is_fixed(scope: Scope, today: datetime.date) -> bool:
    """Whether it is over and is a year, a school year, a quarter, or the first quarters of a year."""
    first, last = scope.first, scope.last
    if last >= today:
        return False
    if first == datetime.date(first.year, SCHOOL_MONTH, 1):
        return last == datetime.date(first.year + 1, SCHOOL_MONTH, 1) - datetime.timedelta(days=1)
    begins = first.day == 1 and first.month % 3 == 1
    ends = (last + datetime.timedelta(days=1)).day == 1 and last.month % 3 == 0
    return begins and ends and first.year == last.year and (first.month == 1 or last.month == first.month + 2)


def proposed(today: datetime.date, department: str = "") -> list[tuple[str, Scope]]:
    """[(label, scope)] for partners, each of them over: this year up to its last whole quarter, the year and the school year before."""
    quarter = today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1)
    ended = quarter - datetime.timedelta(days=1)
    *_, year, _, school = (one for _, one in usual(today, department))
    whole = [(f"Année {year.first.year}", year), (f"Année scolaire {school.first.year}–{school.last.year}", school)]
    if ended.year < today.year:
        return whole
    return [
        (f"{today.year}, au {day(ended).removesuffix(f' {today.year}')}", replace(this_year(today, department), last=ended)),
        *whole,
    ]


def usual(today: datetime.date, department: str = "") -> list[tuple[str, Scope]]:
    """[(label, scope)]: this year and this school year up to today, the last ones whole."""
    autumn = today.year if today.month >= SCHOOL_MONTH else today.year - 1
    school = datetime.date(autumn, SCHOOL_MONTH, 1)
    begun = datetime.date(autumn - 1, SCHOOL_MONTH, 1)
    return [
        (f"{today.year}, à ce jour", this_year(today, department)),
        (f"Année {today.year - 1}", of_year(today.year - 1, department)),
        (f"Année scolaire {autumn}–{autumn + 1}, à ce jour", Scope(school, today, department)),
        (f"Année scolaire {autumn - 1}–{autumn}", Scope(begun, school - datetime.timedelta(days=1), department)),
    ]


def this_year(today: datetime.date, department: str = "") -> Scope:
    """Up to today, so that the year before is compared over the same days."""
    return Scope(datetime.date(today.year, 1, 1), today, department)


def named(scope: Scope) -> str:
    """« 2025 », « année scolaire 2025–2026 », « du 1er janvier au 12 mars 2026 »."""
    if scope.year:
        return str(scope.year)
    next_autumn = datetime.date(scope.first.year + 1, SCHOOL_MONTH, 1)
    if (scope.first.month, scope.first.day) == (SCHOOL_MONTH, 1) and scope.last == next_autumn - datetime.timedelta(days=1):
        return f"année scolaire {scope.first.year}–{scope.last.year}"
    if scope.first == scope.last:
        return f"du {day(scope.first)}"
    first = day(scope.first)
    if scope.first.year == scope.last.year:
        first = first.removesuffix(f" {scope.first.year}")
    return f"du {first} au {day(scope.last)}"


def query(scope: Scope) -> str:
    """« ?du=2025-01-01&au=2025-12-31&departement=25 »."""
    asked = {"du": scope.first.isoformat(), "au": scope.last.isoformat(), "departement": scope.department}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"
