"""What the screen of an import says: where it is, how many of each, line by line."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from ..text import plural, spaced_number
from .contract import Action
from .records import ImportLine, ImportRun

A_PAGE = 100
# What is done, and what would be: « 3 nouveaux », « 1 à vérifier ».
WORDS = {
    Action.NEW: ("nouveau", "nouveaux"),
    Action.COMPLETED: ("complété", "complétés"),
    Action.SAME: ("inchangé", "inchangés"),
    Action.DOUBT: ("à vérifier", "à vérifier"),
    Action.REFUSED: ("refusé", "refusés"),
    ImportLine.Undone.REMOVED: ("retiré", "retirés"),
    ImportLine.Undone.GIVEN_BACK: ("remis comme avant", "remis comme avant"),
    ImportLine.Undone.KEPT: ("gardé", "gardés"),
}


def situation(run: ImportRun) -> str:
    """« Import en cours : 400 sur 1 200 enregistrements (33 %). », « Annulation terminée : 2 enregistrements. »"""
    read = plural(run.done, "enregistrement", "enregistrements")
    if run.state == run.State.RUNNING and run.total and run.job != run.Job.UNDO:
        share = min(100 * run.done // run.total, 100)
        read = f"{spaced_number(run.done)} sur {plural(run.total, 'enregistrement', 'enregistrements')} ({share}\u00a0%)"
    agreed = "e" if run.job == run.Job.UNDO and run.get_state_display().endswith(("é", "u")) else ""
    return f"{run.get_job_display()} {run.get_state_display()}{agreed}\u00a0: {read}."


def tallies(run: ImportRun, chosen: str) -> list[dict[str, Any]]:
    """A link by outcome, with its number, then all of them."""
    undone = run.job == run.Job.UNDO
    names = list(ImportLine.Undone) if undone else list(Action)
    told = [(str(name), run.counts.get(name, 0), WORDS[name]) for name in names]
    found = [
        {"name": name, "words": plural(count, *words), "url": f"?{urlencode({'resultat': name})}", "current": name == chosen}
        for name, count, words in told
        if count
    ]
    return [*found, {"name": "", "words": "Tout", "url": "?", "current": not chosen}] if found else []


def lines_of(run: ImportRun, chosen: str) -> Any:
    """The lines of an outcome, or all of them."""
    lines = run.lines.select_related("content_type").order_by("pk")
    if chosen in ImportLine.Undone.values:
        return lines.filter(undone=chosen)
    return lines.filter(action=chosen) if chosen in Action.values else lines


def page(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """{counts, lines, pages}: the lines asked for, a hundred at a time."""
    chosen = request.GET.get("resultat", "")
    found = Paginator(lines_of(run, chosen), A_PAGE).get_page(request.GET.get("page"))
    around = found.paginator.get_elided_page_range(found.number, on_each_side=2, on_ends=1)
    pages = [
        {"label": str(number), "url": f"?{urlencode({'resultat': chosen, 'page': number})}", "current": number == found.number}
        for number in around
    ]
    return {
        "counts": tallies(run, chosen),
        "lines": [_told(line) for line in found],
        "pages": pages if found.paginator.num_pages > 1 else [],
    }


def _told(line: ImportLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "label": line.label,
        "outcome": line.get_undone_display() if line.undone else line.get_action_display(),
        "name": line.undone or line.action,
        "words": line.words.split("\n") if line.words else [],
        "url": _url(line),
    }


def _url(line: ImportLine) -> str:
    """Where staff reads and changes what the line made; nothing when it is no more, or has no screen."""
    if line.content_type is None or line.undone == line.Undone.REMOVED:
        return ""
    try:
        return reverse(f"admin:{line.content_type.app_label}_{line.content_type.model}_change", args=[line.object_id])
    except NoReverseMatch:
        return ""


HEADER = ["Ligne", "Identifiant", "Intitulé", "Résultat", "À savoir"]


def rows(run: ImportRun) -> Iterator[list[str | int]]:
    """The whole report, for a file."""
    for line in lines_of(run, "").iterator(chunk_size=1000):
        told = _told(line)
        yield [line.number, line.key, line.label, told["outcome"], " ".join(told["words"])]
