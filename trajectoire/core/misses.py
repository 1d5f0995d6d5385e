"""Searches that found nothing, counted for staff: the words alone, by day, kept twelve months.

The one thing that reading writes (see docs/architecture.md), hence: once the answer is sent, without waiting for another
writer, at most so many an hour for one client, and given up without a word when the database refuses.
"""

import datetime
import re

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from . import search
from .counting import after, is_robot
from .limits import too_many
from .search.models import SearchMiss, SearchMissDay

KEPT = datetime.timedelta(days=365)
COUNTED_AN_HOUR = 20  # for one client
MOST_ROWS = 10_000  # whoever invents words: beyond, only those known already are counted
LONGEST, MOST_WORDS = 80, 8
# Addresses of people and of pages, numbers of telephones and of organisations.
PRIVATE = re.compile(r"@|arobase|://|www\.|[\w-]+\.(?:com|eu|fr|net|org)\b|(?:\d[ ./-]?){9,}", re.IGNORECASE)


def note_miss(request: HttpRequest, response: HttpResponse, text: str) -> None:
    """Count these words once the answer has been sent, if they may be kept."""
    words = kept_words(text)
    if not words or request.method != "GET" or is_robot(request):
        return
    after(response, lambda: _count(request, words))


def kept_words(text: str) -> str:
    """The words folded, operators and their values left out; nothing when they are long or may designate a person."""
    if len(text) > LONGEST or PRIVATE.search(text):
        return ""
    words = search.plain_words(" ".join(search.words_of(text)))
    return " ".join(words) if len(words) <= MOST_WORDS and any(len(word) > 1 for word in words) else ""


def _count(request: HttpRequest, words: str) -> None:
    if too_many(request, "search-miss", limit=COUNTED_AN_HOUR, seconds=3600):
        return
    miss = SearchMiss.objects.filter(words=words).first()
    if miss is None:
        if SearchMiss.objects.count() >= MOST_ROWS:
            return
        miss, _ = SearchMiss.objects.get_or_create(words=words)
    today, _ = SearchMissDay.objects.get_or_create(miss=miss, day=timezone.localdate())
    SearchMissDay.objects.filter(pk=today.pk).update(count=F("count") + 1)


def old_days(now: datetime.datetime) -> QuerySet[SearchMissDay]:
    return SearchMissDay.objects.filter(day__lte=(now - KEPT).date())


def erase(now: datetime.datetime) -> int:
    """Drop the days whose time is over, and the words nobody searched for since."""
    erased, _ = old_days(now).delete()
    SearchMiss.objects.filter(days=None).delete()
    return erased
