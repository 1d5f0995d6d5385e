"""How much each document is read, for staff: twelve months of one of them, and the most read of a period."""

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone

from trajectoire.core.text import plural, spaced_number

from .counts import DocumentCount
from .models import Document, DocumentType

MOST = 100  # rows of the list
MONTHS = 12
HEIGHT, WIDTH, GAP = 90, 14, 10  # of the chart and of its bars, in units of the drawing
Kind = DocumentCount.Kind


def months_until(day: datetime.date) -> list[datetime.date]:
    """The first day of each of the twelve months that end with this one."""
    last = day.year * 12 + day.month - 1
    return [datetime.date(month // 12, month % 12 + 1, 1) for month in range(last - MONTHS + 1, last + 1)]


def of_document(document: Document, today: datetime.date) -> dict[str, Any]:
    """{"views", "downloads": totals in words, "months": [{"label", "views", "downloads", "bars"}], "width", "height"}."""
    months = months_until(today)
    rows = DocumentCount.objects.between(months[0], today).filter(document=document).annotate(month=TruncMonth("day"))
    counted = {
        (row["month"], row["kind"]): row["total"] for row in rows.values("month", "kind").annotate(total=Sum("count")).order_by()
    }
    by_month = [(month, counted.get((month, Kind.VIEW), 0), counted.get((month, Kind.DOWNLOAD), 0)) for month in months]
    highest = max(1, *(max(views, downloads) for _, views, downloads in by_month))
    step = 2 * WIDTH + GAP
    return {
        "views": plural(sum(views for _, views, _ in by_month), "lecture de la page", "lectures de la page"),
        "downloads": plural(sum(downloads for _, _, downloads in by_month), "téléchargement", "téléchargements"),
        "months": [
            {
                "label": formats.date_format(month, "F Y"),
                "letter": formats.date_format(month, "M")[:1].upper(),
                "middle": index * step + WIDTH,
                "views": spaced_number(views),
                "downloads": spaced_number(downloads),
                "bars": list(_bars(index * step, highest, views, downloads)),
            }
            for index, (month, views, downloads) in enumerate(by_month)
        ],
        "width": MONTHS * step - GAP,
        "height": HEIGHT,
        "baseline": HEIGHT + 14,
    }


def _bars(left: int, highest: int, *values: int) -> Iterator[dict[str, int]]:
    for rank, value in enumerate(values):
        height = round(HEIGHT * value / highest)
        yield {"x": left + rank * WIDTH, "y": HEIGHT - height, "height": height, "rank": rank, "width": WIDTH}


class PeriodForm(forms.Form):
    """The last twelve months unless dates are given."""

    first = forms.DateField(label="Du", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label="Au", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    type = forms.ModelChoiceField(
        DocumentType.objects.all(), label="Type", required=False, to_field_name="slug", empty_label="Tous les types"
    )
    order = forms.ChoiceField(
        label="Classer par", required=False, choices=[("views", "Lectures de la page"), ("downloads", "Téléchargements")]
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", "La fin de la période vient après son début : corrigez une des deux dates.")
        return data

    def asked(self, today: datetime.date) -> tuple[datetime.date, datetime.date]:
        last = self.cleaned_data.get("last") or today
        return self.cleaned_data.get("first") or min(last, months_until(last)[0]), last


def most_read(request: HttpRequest) -> HttpResponse:
    """The documents most read or downloaded in a period, for those who may look at the library in the administration."""
    if not request.user.has_perm("resources.view_document"):
        raise PermissionDenied
    today = timezone.localdate()
    given = {"first": months_until(today)[0].isoformat(), "last": today.isoformat(), "order": "views"}
    form = PeriodForm(given | request.GET.dict())
    rows = list(_rows(form, today)) if form.is_valid() else []
    context = {
        **admin.site.each_context(request),
        "title": "Les documents les plus lus",
        "opts": Document._meta,
        "form": form,
        "rows": rows,
        "most": MOST if len(rows) == MOST else 0,
    }
    return render(request, "admin/resources/document/most_read.html", context)


def _rows(form: PeriodForm, today: datetime.date) -> Iterator[dict[str, Any]]:
    counts = DocumentCount.objects.between(*form.asked(today))
    if type_ := form.cleaned_data["type"]:
        counts = counts.filter(document__type=type_)
    order = form.cleaned_data["order"] or "views"
    for row in counts.both_kinds().filter(**{f"{order}__gt": 0}).order_by(f"-{order}", "-document")[:MOST]:
        yield {**row, "views": spaced_number(row["views"]), "downloads": spaced_number(row["downloads"])}
