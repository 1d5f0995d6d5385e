"""Undoing a run: what it made is deleted, what it changed is given back, unless someone has worked on it since."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from .. import redirects
from .beside import take_away
from .contract import Action
from .records import ImportLine, ImportRun, Origin
from .touching import depended_on, give_back, mark_of

AT_A_TIME = 200
Undone = ImportLine.Undone
EDITED = "Gardé : quelqu’un l’a modifié depuis l’import."
NEEDED = "Gardé : d’autres contenus s’en servent depuis l’import."
GONE = "Quelqu’un l’avait déjà supprimé."
WITH_IT = "Créé par le même import : voir la ligne qui l’a créé."


def undo_some(run: ImportRun) -> Counter[str]:
    """Undo the last lines that are not yet, in the caller's transaction: {outcome: number}, empty once all is done."""
    waiting = run.lines.filter(action__in=[Action.NEW, Action.COMPLETED], undone="").order_by("-pk")
    lines = list(waiting[:AT_A_TIME])
    by_kind: dict[int, list[ImportLine]] = defaultdict(list)
    for line in lines:
        by_kind[line.content_type_id or 0].append(line)
    for kind, some in by_kind.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None:  # its app is no more
            for line in some:
                _tell(line, Undone.REMOVED, GONE)
        else:
            _undo(run, model, some)
    take_away(line for line in lines if line.undone != Undone.KEPT)
    ImportLine.objects.bulk_update(lines, ["undone", "words"])
    return Counter(line.undone for line in lines)


def _undo(run: ImportRun, model: type[models.Model], lines: Sequence[ImportLine]) -> None:
    pks = [line.object_id for line in lines if line.object_id]
    rows = model._base_manager.in_bulk(pks)
    needed = depended_on(model, pks, run.marks)
    kind = lines[0].content_type_id
    made = set(run.lines.filter(content_type=kind, object_id__in=pks, action=Action.NEW).values_list("object_id", flat=True))
    for line in lines:
        row = rows.get(line.object_id)
        if row is None:
            _tell(line, Undone.REMOVED, GONE)
        elif line.action == Action.NEW:
            _remove(line, row, needed)
        elif line.object_id in made:
            _tell(line, Undone.REMOVED, WITH_IT)
        elif kept := give_back(row, line.before):
            _tell(line, Undone.KEPT, f"Changé depuis, donc gardé : {', '.join(kept)}.")
        else:
            _tell(line, Undone.GIVEN_BACK, "")


def _remove(line: ImportLine, row: models.Model, needed: set[int]) -> None:
    if mark_of(row) != line.mark:
        return _tell(line, Undone.KEPT, EDITED)
    if row.pk in needed:
        return _tell(line, Undone.KEPT, NEEDED)
    pk, address = row.pk, row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError):
        return _tell(line, Undone.KEPT, NEEDED)
    redirects.forget(filter(None, [address]))
    Origin.objects.filter(content_type=line.content_type, object_id=pk).delete()
    return _tell(line, Undone.REMOVED, "")


def _tell(line: ImportLine, undone: str, words: str) -> None:
    line.undone = undone
    line.words = "\n".join(filter(None, [words, line.words]))
