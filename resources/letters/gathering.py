"""What appeared since the last letter, found in every list of the site as alerts find it: no list is named here."""

import datetime
from dataclasses import replace

from django.db import transaction
from django.db.models import Max, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html

from trajectoire.core import listing

from ..alerts.digests import SETTLED, appeared
from ..models import KIND, Document
from .models import COLLECTION, Item, Letter

FIRST = datetime.timedelta(days=92)  # how far the very first letter looks back
MOST = 100  # objects of one list
STEP = 10  # between the orders of two items: others can be put in between


def gather(letter: Letter) -> int:
    """Add to the letter what it does not hold yet; how many items. Raises NotWholeError when the search cannot say."""
    until = timezone.now() - SETTLED
    after = letter.gathered_upto or _told_upto(letter) or until - FIRST
    whole = [one for one in listing.registered() if not one.only]  # the others are parts of these
    found = [item for one in whole for item in _new_in(one, letter, after, until)]
    with transaction.atomic():
        known = _known([item.key for item in found], letter)
        items = [item for item in found if item.key not in known]
        last = letter.items.aggregate(last=Max("order"))["last"] or 0
        for position, item in enumerate(items, 1):
            item.order = last + position * STEP
        Item.objects.bulk_create(items)
        Letter.objects.filter(pk=letter.pk).update(gathered_upto=until)
    return len(items)


def _told_upto(letter: Letter) -> datetime.datetime | None:
    """Until when the letters already sent looked."""
    return Letter.objects.sent().exclude(pk=letter.pk).aggregate(latest=Max("gathered_upto"))["latest"]


def _new_in(one: listing.Listing, letter: Letter, after: datetime.datetime, until: datetime.datetime) -> list[Item]:
    told = replace(one, kinds=one.announced or one.kinds)
    state = listing.State.from_query(told, one.url, QueryDict("tri=ajout"))
    entries, _ = appeared(state, after, until, MOST)
    return [
        Item(
            letter=letter,
            listing=one.name,
            key=entry.key,
            title=entry.title[:250],
            text=format_html("<p>{}</p>", entry.summary) if entry.summary else "",
        )
        for entry in entries
    ]


def _known(keys: list[str], letter: Letter) -> set[str]:
    """What this letter holds, or one that was sent; and the letters themselves, which are documents too."""
    told = Item.objects.filter(Q(letter=letter) | Q(letter__status=Letter.Status.SENT), key__in=keys)
    letters = Document.objects.filter(collection__slug=COLLECTION).values_list("pk", flat=True)
    return {*told.values_list("key", flat=True), *(f"{KIND}/{pk}" for pk in letters)}
