"""What the search engine knows of situations: only what is on the site."""

from django.db.models import Q

from trajectoire.core import search
from trajectoire.core.prose import sentences

from .situation import Situation, SituationQuerySet
from .situation_cards import cards_of


def situations() -> SituationQuerySet:
    """Every situation, with what its entry needs, in a constant number of queries a batch."""
    return Situation.objects.select_related("theme__parent").prefetch_related("sources").order_by("pk")


def entry(situation: Situation) -> "search.Entry | None":
    """None keeps what is being written out of the index."""
    if not situation.published:
        return None
    theme = situation.theme
    return search.Entry(
        pk=situation.pk,
        title=situation.question,
        url=situation.get_absolute_url(),
        visible_from=situation.published_at,
        themes_text=theme.name if theme else "",
        names=" ".join(source.title for source in situation.sources.all()),
        summary=situation.summary,
        body=sentences("<p>".join([situation.happens, situation.law, situation.can_do])),
        date=situation.up_to_date_on,
        facets={"theme": sorted({theme.slug, theme.parent.slug if theme.parent else theme.slug}) if theme else []},
        jump="Situation",
    )


def database_search(text: str, access: frozenset[str]) -> SituationQuerySet:
    """The plain search of the degraded mode: every word somewhere in the question or its answer."""
    found = Situation.objects.published()
    for word in text.split()[:8]:
        found = found.filter(Q(question__icontains=word) | Q(summary__icontains=word))
    return found.order_by("question")


SOURCE = search.Source(
    kind=Situation.search_kind,
    label="Situations de laïcité",
    queryset=situations,
    entry=entry,
    model="vrl.Situation",
    database_search=database_search,
    param="situations",
    cards=cards_of,
    order=22,
)
