"""What the commands that import have in common: `manage.py import_<family> <file>`."""

from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from ..tables import Unreadable
from ..text import plural
from . import running
from .columns import guess, table
from .contract import Action, Importer, named
from .records import ImportRun

SHOWN = 20  # reasons
Job, State = ImportRun.Job, ImportRun.State


class ImportCommand(BaseCommand):
    """A family of formats: its class gives their names, the first being the one used when nothing else says which."""

    formats: ClassVar[tuple[str, ...]] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", metavar="fichier", help="Le fichier, ou l’adresse à moissonner (https://…).")
        parser.add_argument("--format", choices=self.formats, help="Le format, quand le nom du fichier ne le dit pas.")
        parser.add_argument("--essai", action="store_true", help="Dire ce qui serait fait, sans rien écrire.")
        parser.add_argument("--pieces", default="", help="Le dossier ou le ZIP des pièces jointes.")
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="nom=valeur",
            help="Un choix de l’import, autant de fois qu’il faut : replace=oui.",
        )

    def handle(self, *args, place: str, essai: bool, pieces: str, verbosity: int, **options) -> None:
        importer = self._format(place, options["format"])
        run = self._run(importer, place, pieces, options["option"])
        self.shown = verbosity
        try:
            running.prepare(run, Job.TRY if essai else Job.IMPORT)
        except running.Busy as error:
            raise CommandError(str(error)) from error
        running.carry_out(run.pk, self._progress)
        run.refresh_from_db()
        self._tell(run)
        if run.state != State.DONE:
            raise CommandError(run.error or "L’import est arrêté : relancez la même commande pour le reprendre.")

    def _format(self, place: str, name: str | None) -> Importer:
        known = [named(one) for one in self.formats]
        if name:
            return named(name)
        suffix = Path(place).suffix.lower()
        return next((importer for importer in known if suffix in importer.extensions), known[0])

    def _run(self, importer: Importer, place: str, pieces: str, chosen: list[str]) -> ImportRun:
        """The import of this file that was killed, or a new one."""
        where = place if importer.from_address else str(self._existing(place))
        killed = ImportRun.objects.filter(importer=importer.name, place=where, state=State.RUNNING, job=Job.IMPORT).first()
        if killed and killed.is_silent:
            self.stdout.write(f"Reprise après {plural(killed.done, 'enregistrement', 'enregistrements')}.")
            return killed
        choices = self._choices(importer, chosen)
        name = Path(place).name[:200] or place[:200]
        mapping: dict[str, int] = {}
        if importer.columns:
            try:
                mapping = guess(importer.columns, table(where, {"name": name}).headers)
            except Unreadable as error:
                raise CommandError(str(error)) from error
        attached = str(self._existing(pieces)) if pieces else ""
        return ImportRun.objects.create(
            importer=importer.name, name=name, place=where, attachments_place=attached, options=choices, mapping=mapping
        )

    @staticmethod
    def _existing(place: str) -> Path:
        path = Path(place).resolve()
        if not path.exists():
            raise CommandError(f"Rien ne se trouve à « {place} » : vérifiez le chemin.")
        return path

    @staticmethod
    def _choices(importer: Importer, chosen: list[str]) -> dict[str, Any]:
        """What the form of the format makes of « nom=valeur »."""
        form = importer.options()
        given = QueryDict(mutable=True)
        said = set()
        for one in chosen:
            name, mark, value = one.partition("=")
            if not mark or name not in form.fields:
                raise CommandError(f"L’option « {one} » n’existe pas. Options : {', '.join(form.fields)}.")
            said.add(name)
            if value.lower() != "non":
                given.appendlist(name, value)
        for name, field in form.fields.items():
            if name not in said and form.get_initial_for_field(field, name) not in (None, False, ""):
                given[name] = str(form.get_initial_for_field(field, name))
        form = importer.options(given)
        if not form.is_valid():
            told = [f"{name} : {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
            raise CommandError(" ".join(told))
        return form.cleaned_data

    def _progress(self, run: ImportRun) -> None:
        if self.shown and self.stdout.isatty():
            self.stdout.write(f"\r{run.done} enregistrements", ending="")

    def _tell(self, run: ImportRun) -> None:
        """The counts, then why records were refused or left to someone."""
        if self.shown and self.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(", ".join(f"{Action(name).label.lower()} : {run.counts.get(name, 0)}" for name in Action.values))
        lines = run.lines.filter(action__in=[Action.REFUSED, Action.DOUBT])
        reasons = Counter(words.split("\n")[0] for words in lines.values_list("words", flat=True).iterator())
        for reason, count in reasons.most_common(SHOWN):
            self.stdout.write(f"  {count} × {reason}")
