"""Dates as French writes them."""

import datetime

import pytest

from trajectoire.core.templatetags.site import date_fr
from trajectoire.core.text import day


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (datetime.date(2024, 3, 12), "12 mars 2024"),
        (datetime.date(2024, 3, 1), "1er mars 2024"),
        (datetime.date(2024, 2, 29), "29 février 2024"),
        (None, ""),
    ],
)
def test_day_is_written_in_french(date, written):
    assert day(date) == written


def test_date_names_the_day_of_the_week_in_paris():
    midnight = datetime.datetime(2025, 5, 31, 22, 30, tzinfo=datetime.UTC)
    assert date_fr(midnight) == "dimanche 1er juin 2025"
    assert date_fr(None) == ""
