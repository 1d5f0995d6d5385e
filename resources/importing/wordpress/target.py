"""What becomes of each record of an export: a document, the text of a page, an old address, or nothing with the reason."""

import datetime
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import models

from resources.models import Document, DocumentType
from trajectoire.core import redirects
from trajectoire.core.importing import Action, Planned, Record, Unreadable
from trajectoire.core.importing.filling import filled
from trajectoire.core.importing.running import local
from trajectoire.core.models import Page
from trajectoire.core.redirects import OldAddress
from trajectoire.core.text import slug_of, unique_slug

from . import attaching, links
from .choices import USUAL_TYPE, Choices, WordPressChoice, outcome_of, prepare
from .survey import survey_of
from .wxr import Term

FIELDS = {"title": "Titre", "summary": "Résumé", "authors": "Auteurs et autrices", "date": "Date"}
ALIKE = re.compile(r' href="[^"]*"')
LINK = re.compile(r'<a href="([^"]*)"[^>]*>.*?</a>', re.DOTALL)
ASIDE = "Laissé de côté, comme le demande la ligne « {} » du tableau."
ELSEWHERE = "Son adresse mène à {}, comme le demande la ligne « {} » du tableau ; son texte n’est pas repris."
ALONE = "Aucun contenu ne montre cette image : laissée de côté."
WITH = "Rangé avec « {} »."
KEPT_TEXT = "Le texte du site n’est pas celui du fichier : il est gardé."
LONELY = "Aucun contenu ne montre ce fichier : il devient un document, en brouillon."
NO_TYPE = "Ce site n’a encore aucun type de document\u00a0: créez-en un, ou lancez la commande load_types, puis recommencez."
NO_THEME = "Aucun thème : complétez le tableau, ou le document."
LIST = "/ressources/"
RESERVED = frozenset(("collections", "apercu", "inscription"))  # addresses of the library that are no document


class Target:
    """`model` follows the record: most make documents, a few fill a page of the site or only keep an old address."""

    model: type[models.Model]

    def __init__(self, run: Any) -> None:
        self.run, self.model = run, Document
        self.type = DocumentType.objects.filter(slug=USUAL_TYPE).first() or DocumentType.objects.first()
        if self.type is None:
            raise Unreadable(NO_TYPE)
        self.replace = bool(run.options.get("replace"))
        self.drafts = bool(run.options.get("drafts"))
        with local(run) as path:
            survey = survey_of(Path(path))
            self.hosts = survey.export.hosts
            self.home = survey.export.home
            self.terms = {(term.kind, term.slug): term for term in survey.terms()}
            self.archives = list(links.archives_of(survey.export.authors, survey.days, self.home))
            prepare(survey.sorts())
        self.choices = Choices()
        self.pieces = run.pieces
        self.said: list[str] = []  # of the record at hand; what its files refuse is added when they are read

    def plan(self, record: Record) -> Planned:
        self.model = Document
        if record.values.get("attachment"):
            return self._plan_attachment(record)
        lines = self._lines(record)
        if other := outcome_of(lines):
            return self._plan_other(record, other)
        values = self._values(record, lines)
        themes = {theme.pk for line in lines for theme in line.themes.all()}
        missing = attaching.missing(record.values, self.pieces)
        notes = [f"Fichier absent des pièces jointes : {path}." for path in missing]
        notes += [] if themes else [NO_THEME]
        if isinstance(record.known, Document):
            return self._plan_known(record.known, record, values, themes, notes)
        self.said = notes + attaching.told_of_images(record.values, self.pieces)
        return Planned(Action.NEW, notes=self.said)

    def write(self, record: Record, planned: Planned) -> models.Model:
        if self.model is Page:
            return self._write_page(record, planned)
        if self.model is OldAddress:
            return self._write_address(record)
        if planned.action == Action.COMPLETED:
            document = Document.objects.get(pk=planned.pk or 0)
            _put(document, planned.changes)
        else:
            document = self._made(record)
        self.said += attaching.attach_all(document, record.values, self.pieces)
        for old in record.values["addresses"]:
            redirects.keep(old, document.get_absolute_url())
        return document

    def finish(self) -> Iterable[models.Model]:
        """Addresses of lists, then links between contents, those of earlier imports included."""
        redirects.keep(self.home, "/")  # for a site that lived in a folder
        for term in self.terms.values():
            for old in links.addresses_of(term, self.terms, self.home):
                redirects.keep(old, self._list_of(term))
        redirects.keep_all((old, LIST) for old in self.archives)
        yield from links.rewrite(self.hosts)

    def _list_of(self, term: Term) -> str:
        """What stands for the list of a category: that of its theme, of its type, or of everything."""
        line = self.choices.rows.get((term.kind[:64], term.slug[:200]))
        theme = next(iter(line.themes.all()), None) if line else None
        if theme:
            return f"{LIST}?theme={theme.slug}"
        return f"{LIST}?type={line.type.slug}" if line and line.type else LIST

    def _lines(self, record: Record) -> list[WordPressChoice]:
        terms = [Term(*term) for term in record.values.get("terms", ())]
        return self.choices.of(record.values.get("type", "attachment"), record.values.get("slug", ""), terms)

    def _values(self, record: Record, lines: Iterable[WordPressChoice]) -> dict[str, Any]:
        """The fields of the document, but for its themes."""
        given = record.values
        return {
            "title": _cut(given["title"], 250),
            "type": next((line.type for line in lines if line.type), None) or self.type,
            "summary": given["summary"][:1200],
            "body": attaching.body_of(given, self.pieces),
            "authors": given.get("author", ""),
            "date": datetime.date.fromisoformat(given["date"]) if given["date"] else None,
        }

    def _plan_known(
        self, document: Document, record: Record, values: Mapping[str, Any], themes: set[int], notes: list[str]
    ) -> Planned:
        """What the document lacks of what the file says."""
        wanted = {name: values[name] for name in FIELDS}
        held = {name: getattr(document, name) for name in FIELDS}
        changes, said = filled(held, wanted, FIELDS, replace=self.replace)
        if ALIKE.sub("", values["body"]) != ALIKE.sub("", document.body):
            untouched = ALIKE.sub("", document.body) in ("", ALIKE.sub("", attaching.body_of(record.values, None)))
            if self.replace or untouched:
                changes["body"] = values["body"]
            else:
                said.append(KEPT_TEXT)
        if self.replace and document.type_id != values["type"].pk:
            changes["type"] = values["type"].pk
        now = set(document.themes.values_list("pk", flat=True))
        if themes - now:
            changes["themes"] = sorted(now | themes)
        lacking, refused = attaching.lacking(document, record.values, self.pieces)
        said += [*(f"Fichier ajouté : {path}." for path in lacking), *refused]
        action = Action.COMPLETED if changes or lacking else Action.SAME
        self.said = [*notes, *said] if action == Action.SAME else notes + [word for word in said if word not in refused]
        return Planned(action, document.pk, changes, self.said)

    def _plan_other(self, record: Record, line: WordPressChoice) -> Planned:
        """A content that makes no document."""
        if line.outcome == WordPressChoice.Outcome.ASIDE:
            return Planned(Action.REFUSED, notes=(ASIDE.format(line.name),))
        if line.outcome == WordPressChoice.Outcome.PAGE and line.page:
            self.model = Page
            body = attaching.body_of(record.values, None)
            same = ALIKE.sub("", body) == ALIKE.sub("", line.page.body)
            led = self._led(record, line.page.get_absolute_url())
            if same or (line.page.body and not self.replace):
                notes = () if same else (KEPT_TEXT,)
                return Planned(Action.SAME if led else Action.COMPLETED, line.page.pk, {}, notes)
            return Planned(Action.COMPLETED, line.page.pk, {"body": body})
        self.model = OldAddress
        said = ELSEWHERE.format(line.address, line.name)
        if not self._led(record, line.address):
            return Planned(Action.NEW, notes=(said,))
        return Planned(Action.SAME, notes=(said,))

    @staticmethod
    def _led(record: Record, target: str) -> bool:
        """Whether each old address leads somewhere already, or need not."""
        for old in record.values["addresses"]:
            try:
                path = redirects.checked(old, target)
            except redirects.Refused:
                continue
            if not OldAddress.objects.filter(path__in=redirects.spellings(path)).exists():
                return False
        return True

    def _plan_attachment(self, record: Record) -> Planned:
        """A file goes with who shows it; alone, it becomes a draft, but for images."""
        given = record.values
        if given["owner"]:
            return Planned(Action.SAME, notes=(WITH.format(given["owner"]),))
        if isinstance(record.known, Document):
            return Planned(Action.SAME, record.known.pk)
        if attaching.is_picture(given["files"][0]):
            return Planned(Action.REFUSED, notes=(ALONE,))
        if attaching.missing(given, self.pieces):
            return Planned(Action.REFUSED, notes=(f"Fichier absent des pièces jointes : {given['files'][0]['path']}.",))
        self.said = [LONELY]
        return Planned(Action.NEW, notes=self.said)

    def _made(self, record: Record) -> Document:
        given = record.values
        lines = self._lines(record)
        values = self._values(record, lines)
        document = Document(**values, status=Document.Status.DRAFT)
        if given.get("public") and not self.drafts:
            document.status = Document.Status.PUBLISHED
            document.publish_at = datetime.datetime.fromisoformat(given["published_at"]) if given["published_at"] else None
        wanted = slug_of(given.get("slug", "") or values["title"])
        taken = Document.objects.all()
        document.slug = unique_slug(f"{wanted}-document" if wanted in RESERVED else wanted, taken)
        document.save()
        document.themes.set({theme.pk for line in lines for theme in line.themes.all()})
        return document

    def _write_page(self, record: Record, planned: Planned) -> Page:
        page = Page.objects.get(pk=planned.pk or 0)
        if "body" in planned.changes:
            page.body = planned.changes["body"]
            page.version += 1
            page.save()
        for old in record.values["addresses"]:
            redirects.keep(old, page.get_absolute_url())
        return page

    def _write_address(self, record: Record) -> OldAddress:
        line = outcome_of(self._lines(record))
        for old in record.values["addresses"]:
            redirects.keep(old, line.address if line else "/")
        paths = [spelling for old in record.values["addresses"] for spelling in redirects.spellings(redirects.normal(old))]
        return OldAddress.objects.filter(path__in=paths).latest("pk")


def _put(document: Document, changes: Mapping[str, Any]) -> None:
    """Store what was planned; the version grows: someone who is editing is told."""
    fields = {name: value for name, value in changes.items() if name not in ("themes", "type")}
    for name, value in fields.items():
        setattr(document, name, value)
    if "type" in changes:
        document.type_id = changes["type"]
    if changes:
        document.version += 1
        document.save()
    if "themes" in changes:
        document.themes.set(changes["themes"])
        document.announce()


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rsplit(' ', 1)[0][: length - 1]}…"
