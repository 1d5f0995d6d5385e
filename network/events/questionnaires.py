"""Questionnaires: made from the bank, answered once by each link, read as totals.

Anonymous means that nothing links an answer to a person: the link only marks, on the registration, that it was used.
"""

import datetime
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, F, Func, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from trajectoire.core import mail, tokens
from trajectoire.core.mail import link
from trajectoire.core.text import fold

from .models import BankQuestion, Event, Registration, Survey, SurveyAnswer, SurveyItem
from .survey import Moment, SurveyKind

SCOPE = "questionnaire"
BANK = Path(__file__).parent / "data" / "questions.toml"
FEWEST = 5  # answers; below, a total would tell who said what
LATER = datetime.timedelta(days=91)
TOO_LATE = datetime.timedelta(days=60)  # after the three months, nobody is asked any more
FLAGS = {Moment.HOT: "answered_hot", Moment.LATER: "answered_later"}


class AlreadyAnswered(Exception):
    """This link has been used."""


def load_bank() -> int:
    """Add the questions of the file that the bank lacks; how many. What staff changed stays."""
    made = 0
    for order, question in enumerate(tomllib.loads(BANK.read_text(encoding="utf-8"))["question"], start=1):
        fields = {"hot": False, "order": order * 10} | question | {"choices": "\n".join(question.get("choices", []))}
        made += BankQuestion.objects.get_or_create(code=fields.pop("code"), defaults=fields)[1]
    return made


def prepare(event: Event, moment: str) -> Survey:
    """The questionnaire of an event at a moment, made of the bank's questions when there is none yet."""
    chosen = BankQuestion.objects.filter(hot=True) if moment == Moment.HOT else BankQuestion.objects.filter(later=True)
    with transaction.atomic():
        survey, created = Survey.objects.get_or_create(event=event.holder, moment=moment)
        if created:
            copied = ("text", "kind", "choices", "order", "code")
            SurveyItem.objects.bulk_create(
                SurveyItem(survey=survey, **{name: getattr(question, name) for name in copied})
                for question in chosen.order_by("order", "pk")
            )
    return survey


def questionnaire_url(registration: Registration, moment: str = Moment.HOT) -> str:
    """The address for one person's mailbox, or nothing when the event has no questionnaire at this moment."""
    if not registration.event.surveys.filter(moment=moment).exclude(items=None).exists():
        return ""
    token = tokens.sign(SCOPE, [registration.pk, registration.link_version, moment])
    return link(reverse("events:questionnaire", args=[token]))


def get_survey_by(token: str) -> tuple[Survey, Registration]:
    """What a link opens, for someone who was present; else 404."""
    try:
        pk, version, moment = tokens.unsign(SCOPE, token)
    except tokens.Invalid:
        raise Http404 from None
    known = Registration.objects.present().filter(pk=pk, link_version=version)
    person = known.select_related("event").first()
    survey = person and Survey.objects.filter(event=person.event, moment=moment).first()
    if not (person and survey):
        raise Http404
    return survey, person


def has_answered(person: Registration, survey: Survey) -> bool:
    return bool(getattr(person, FLAGS[Moment(survey.moment)]))


def answer(survey: Survey, person: Registration, replies: dict[str, str]) -> None:
    """Keep the answers, {key of the item: value}, and mark the link as used; raises AlreadyAnswered.

    The mark leaves `updated_at` as it was: the two rows have no hour in common.
    """
    flag = FLAGS[Moment(survey.moment)]
    with transaction.atomic():
        if not Registration.objects.filter(pk=person.pk, **{flag: False}).update(**{flag: True}):
            raise AlreadyAnswered
        SurveyAnswer.objects.create(survey=survey, day=timezone.localdate(), replies=replies)


def results(survey: Survey) -> list[dict[str, Any]]:
    """What each question got: [{text, kind, total, mean, rows: [{label, count, percent}], texts}]; nothing below FEWEST answers."""
    replies = list(survey.answers.values_list("replies", flat=True))
    if len(replies) < FEWEST:
        return []
    return [_result(item, [given[str(item.pk)] for given in replies if given.get(str(item.pk))]) for item in survey.items.all()]


def _result(item: SurveyItem, given: list[str]) -> dict[str, Any]:
    counts, total = Counter(given), len(given)
    rows = [
        {"label": label, "count": counts[value], "percent": round(100 * counts[value] / total) if total else 0}
        for value, label in item.options
    ]
    is_scale = item.kind == SurveyKind.SCALE and total > 0
    # By the alphabet: read in the order of arrival, two texts of one person would stand at the same place.
    texts = sorted(given, key=fold) if item.kind == SurveyKind.TEXT and total >= FEWEST else []
    mean = f"{sum(map(int, given)) / total:.1f}".replace(".", ",") if is_scale else ""
    return {"item": item, "total": total, "mean": mean, "rows": rows, "texts": texts}


def export_table(survey: Survey) -> tuple[list[str], Iterator[Sequence[str]]]:
    """(header, rows): one row an answer, in an order that means nothing; no row below FEWEST answers."""
    items = list(survey.items.all())
    labels = [dict(item.options) for item in items]
    replies = list(survey.answers.values_list("replies", flat=True))
    shown = replies if len(replies) >= FEWEST else []
    rows = (
        [label.get(value, value) for label, value in zip(labels, [given.get(str(item.pk), "") for item in items], strict=True)]
        for given in shown
    )
    return [item.text for item in items], rows


class _Given(Func):
    """What an answer says at the key of an item, as text; NULL when it says nothing."""

    output_field = TextField()
    template, arg_joiner = "JSON_EXTRACT(%(expressions)s || '\"')", ", '$.\"' || "

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" ->> ", **context)


def totals(events: Iterable[Event] | QuerySet[Any], *codes: str, moment: str = "") -> dict[str, Counter[str]]:
    """For the bilan: {code: {value: how many}} of the questions named by these codes, over all these events; one query."""
    items = SurveyItem.objects.filter(survey__event__in=events, code__in=codes)
    asked = items.filter(survey__moment=moment) if moment else items
    given = asked.annotate(given=_Given(F("survey__answers__replies"), Cast("pk", CharField()))).filter(given__isnull=False)
    found: dict[str, Counter[str]] = {code: Counter() for code in codes}
    for row in given.exclude(given="").order_by().values("code", "given").annotate(number=Count("survey__answers")):
        found[row["code"]][row["given"]] = row["number"]
    return found


def send_later(now: datetime.datetime) -> int:
    """Write to those present three months ago, once for each event; how many mails. Killed and run again: nobody twice."""
    ended = Q(event__ends_at__lte=now - LATER, event__ends_at__gte=now - LATER - TOO_LATE)
    sent = 0
    for survey in Survey.objects.filter(ended, moment=Moment.LATER, sent_at=None).exclude(items=None).select_related("event"):
        with transaction.atomic(), mail.held():
            mine = Survey.objects.filter(pk=survey.pk, sent_at=None).update(sent_at=now)
            sent += _send(survey) if mine else 0
    return sent


def _send(survey: Survey) -> int:
    known = survey.event.registrations.filter(anonymous_since=None, answered_later=False).exclude(email="")
    present = known.present().select_related("event").order_by("pk")
    for person in present:
        context = {"name": person.name, "title": survey.event.title, "url": questionnaire_url(person, Moment.LATER)}
        mail.post("questionnaire_later", person.email, context, reply_to=survey.event.contact_email or settings.CONTACT_EMAIL)
    return len(present)
