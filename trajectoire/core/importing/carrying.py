"""What becomes of each record of a batch: planned, written in its savepoint, told in a line."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, models, transaction

from .. import noting, redirects
from ..turns import in_turn
from .beside import BESIDE, told
from .contract import Action, Planned, Record, Target
from .records import ImportLine, ImportRun, Origin, digest_of
from .touching import mark_of, values_of

logger = logging.getLogger(__name__)
AT_A_TIME = 200
WRITTEN = (Action.NEW, Action.COMPLETED)
UNEXPECTED = "Cet enregistrement a provoqué une erreur inattendue, notée dans le journal du serveur : rien n’en a été gardé."
IMPOSSIBLE = "La base de données ne peut pas garder cet enregistrement : une valeur est trop longue, ou déjà prise."


class Carrier:
    """For one run: plans each record, and writes it unless the run is a try."""

    def __init__(self, run: ImportRun, target: Target) -> None:
        self.run, self.target = run, target
        self.writes = run.job == ImportRun.Job.IMPORT
        self.remembers = run.format.remembered
        self.known: dict[str, models.Model] = {}
        self.fresh: dict[str, models.Model] = {}
        self.moved: list[tuple[str, models.Model]] = []  # old address, what is there now
        self.lines: list[ImportLine] = []

    def carry(self, batch: Sequence[Record], in_time: Callable[[], bool]) -> list[ImportLine]:
        """The lines of the records done: all of them, or those that fitted in the time. In the caller's transaction."""
        records = [clean(record) for record in batch]
        self.known, self.fresh, self.moved, self.lines = self._known(records), {}, [], []
        for record in records:
            self.lines.append(self._line_of(record))
            if not in_time():
                break
        self._remember()
        return self.lines

    def finish(self, hold: Callable[[], None]) -> None:
        """What the target does once all is written, a few objects a transaction; `hold` is called in each."""
        changed = iter(self.target.finish())
        while True:
            with in_turn(), transaction.atomic():
                hold()
                with noting.noted() as beside:
                    some = list(islice(changed, AT_A_TIME))
                self._with_the_last(told(beside))
                for instance in some:
                    self._mark_again(instance)
                    self._put_again(instance)
            if len(some) < AT_A_TIME:
                return

    def _known(self, records: Iterable[Record]) -> dict[str, models.Model]:
        """{fingerprint: what an earlier import made of it}, in few queries."""
        digests = [self._digest(record) for record in records if self._digest(record)]
        places: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for digest, kind, pk in Origin.objects.filter(digest__in=digests).values_list("digest", "content_type", "object_id"):
            places[kind][pk].append(digest)
        found: dict[str, models.Model] = {}
        for kind, pks in places.items():
            model = ContentType.objects.get_for_id(kind).model_class()
            for pk, instance in model._base_manager.in_bulk(pks).items() if model else ():
                found |= dict.fromkeys(pks[pk], instance)
        return found

    def _digest(self, record: Record) -> str:
        return digest_of(self.run.importer, record.key) if record.key and self.remembers else ""

    def _line_of(self, record: Record) -> ImportLine:
        if record.refused:
            return self._line(record, Planned(Action.REFUSED, notes=(record.refused,)))
        record = replace(record, known=self.known.get(self._digest(record)))
        try:
            with transaction.atomic():
                planned = self.target.plan(record)
                return self._written(record, planned) if self.writes else self._line(record, planned)
        except ValidationError as error:
            reasons = tuple(error.messages)
        except (OperationalError, InterfaceError):
            raise  # the database is away or busy: not the fault of this record
        except DatabaseError as error:
            logger.warning("import %s, record %s: %s", self.run.pk, record.number, error)
            reasons = (IMPOSSIBLE,)
        except Exception:  # one record out of 100 000 must not stop the others
            logger.exception("import %s, record %s", self.run.pk, record.number)
            reasons = (UNEXPECTED,)
        return self._line(record, Planned(Action.REFUSED, notes=reasons))

    def _written(self, record: Record, planned: Planned) -> ImportLine:
        if planned.action not in WRITTEN:
            if planned.action == Action.SAME and planned.pk:
                known = record.known is not None and record.known.pk == planned.pk
                self._known_as(record, record.known if known else self._stored(self.target.model, planned.pk))
            return self._line(record, planned)
        names = list(planned.changes) if planned.action == Action.COMPLETED else []
        held = values_of(self._stored(self.target.model, planned.pk), names) if names else {}
        with noting.noted() as beside:
            written = self.target.write(record, planned)
        versioned = not names and isinstance(getattr(written, "version", None), int)  # its version says enough
        stored = written if versioned else self._stored(type(written), written.pk)
        line = self._line(record, replace(planned, pk=stored.pk), type(stored))
        line.mark = mark_of(stored)
        line.before = {name: [held[name], value] for name, value in values_of(stored, names).items()}
        if made := told(one for one in beside if one != stored):
            line.before[BESIDE] = made
        if planned.action == Action.COMPLETED:
            self._mark_again(stored)
        self._known_as(record, stored)
        return line

    @staticmethod
    def _stored(model: type[models.Model], pk: Any) -> models.Model:
        """As the database holds it: what was just assigned may be of another type."""
        return model._base_manager.get(pk=pk)

    def _line(self, record: Record, planned: Planned, model: type[models.Model] | None = None) -> ImportLine:
        kind = ContentType.objects.get_for_model(model or self.target.model) if planned.pk else None
        return ImportLine(
            run=self.run,
            number=record.number,
            key=record.key[:200],
            label=record.label,
            action=planned.action,
            words="\n".join((*planned.notes, *record.notes)),
            content_type=kind,
            object_id=planned.pk,
        )

    def _known_as(self, record: Record, instance: models.Model) -> None:
        """It is recognised by its key from now on, and its old address leads to it."""
        if record.address and hasattr(instance, "get_absolute_url"):
            self.moved.append((record.address, instance))
        if digest := self._digest(record):
            self.fresh[digest] = self.known[digest] = instance

    def _remember(self) -> None:
        self._redirect()
        rows = [
            Origin(digest=digest, content_type=ContentType.objects.get_for_model(type(instance)), object_id=instance.pk)
            for digest, instance in self.fresh.items()
        ]
        Origin.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["digest"], update_fields=["content_type", "object_id"]
        )

    def _redirect(self) -> None:
        """Each redirect is noted on the line of its object: undoing the line takes it away."""
        there = {instance.get_absolute_url(): instance for _, instance in self.moved}  # type: ignore[attr-defined]
        with noting.noted() as made:
            redirects.keep_all([(old, instance.get_absolute_url()) for old, instance in self.moved])  # type: ignore[attr-defined]
        written = {(line.content_type_id, line.object_id): line for line in self.lines if line.action in WRITTEN}
        for row in told(made):
            instance = there[row[2]]
            line = written.get((ContentType.objects.get_for_model(type(instance)).pk, instance.pk))
            if line is not None:
                line.before = line.before | {BESIDE: [*line.before.get(BESIDE, ()), row]}

    def _mark_again(self, instance: models.Model) -> None:
        """This run changed again what it had made: that is no change by someone else."""
        kind = ContentType.objects.get_for_model(type(instance))
        mark = mark_of(self._stored(type(instance), instance.pk))
        made = self.run.lines.filter(object_id=instance.pk, content_type=kind, action=Action.NEW)
        made.update(mark=mark)
        for line in self.lines:
            if line.object_id == instance.pk and line.content_type_id == kind.pk:
                line.mark = mark

    def _with_the_last(self, made: list[list[Any]]) -> None:
        """What belongs to no record goes with the last that was written."""
        line = self.run.lines.filter(action__in=WRITTEN).last() if made else None
        if line:
            line.before = line.before | {BESIDE: [*line.before.get(BESIDE, ()), *made]}
            line.save(update_fields=["before"])

    def _put_again(self, instance: models.Model) -> None:
        """What the last line that completed it says that it put: as it is now, so that it can be given back."""
        kind = ContentType.objects.get_for_model(type(instance))
        line = self.run.lines.filter(object_id=instance.pk, content_type=kind, action=Action.COMPLETED).last()
        if line:
            now = values_of(self._stored(type(instance), instance.pk), line.before)
            line.before |= {name: [line.before[name][0], value] for name, value in now.items()}
            line.save(update_fields=["before"])


def clean(record: Record) -> Record:
    """Without what a database refuses: NUL, halves of characters; its label on one line."""
    label = " ".join(_plain(record.label).split())[:200]
    return replace(record, key=_plain(record.key), label=label or f"n°\u00a0{record.number}", values=_plain(dict(record.values)))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
