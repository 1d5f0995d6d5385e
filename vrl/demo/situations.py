"""The first questions of the site, to be validated by the centre. One that is known stays as people left it."""

import datetime

from django.db import transaction
from django.utils import timezone

from network.models import Theme
from trajectoire.core import search
from trajectoire.core.text import slug_of

from ..situation import LegalSource, Situation
from .files import read

WRITTEN_ON = datetime.date(2026, 9, 1)
READ_AGAIN = datetime.timedelta(days=365)


def load() -> int:
    """Add the questions that are missing; how many."""
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    with search.paused(), transaction.atomic():
        known = set(Situation.objects.values_list("slug", flat=True))
        missing = [row for row in read("situations")["situation"] if slug_of(row["question"]) not in known]
        made = Situation.objects.bulk_create(
            Situation(
                slug=slug_of(row["question"]),
                theme=themes.get(row["theme"]),
                up_to_date_on=WRITTEN_ON,
                review_on=WRITTEN_ON + READ_AGAIN,
                published=True,
                published_at=timezone.now(),
                is_demo=True,
                **{name: row[name] for name in ("question", "summary", "happens", "law", "can_do")},
            )
            for row in missing
        )
        LegalSource.objects.bulk_create(
            LegalSource(situation=situation, order=order, **source)
            for situation, row in zip(made, missing, strict=True)
            for order, source in enumerate(row["sources"])
        )
        Situation.announce(*[situation.pk for situation in made])
    return len(made)
