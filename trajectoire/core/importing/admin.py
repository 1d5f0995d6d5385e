"""« Imports »: a format, a file, a try with its report, the import in the background, and undoing it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from .. import auditing, spreadsheets
from ..tables import Unreadable
from . import columns, report, running
from .contract import Importer, named, registered
from .forms import BringForm, ColumnsForm
from .receiving import receive
from .records import ImportRun, forget

Job, State = ImportRun.Job, ImportRun.State


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    list_display = ["name", "format_label", "situation", "created_at", "by"]
    list_select_related = ["by"]
    list_per_page = 50
    list_filter = ["state"]
    search_fields = ["name"]
    change_list_template = "admin/core/importrun/list.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Imports", **(extra_context or {})})

    @admin.display(description="format", ordering="importer")
    def format_label(self, run: ImportRun) -> str:
        return run.format.label

    @admin.display(description="où en est-on")
    def situation(self, run: ImportRun) -> str:
        return report.situation(run)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Those of the formats that this person may import."""
        mine = [importer.name for importer in registered() if request.user.has_perm(importer.permission)]
        return super().get_queryset(request).filter(importer__in=mine)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.state != State.RUNNING)

    def delete_model(self, request: HttpRequest, obj: ImportRun) -> None:
        forget(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for run in queryset.exclude(state=State.RUNNING):
            forget(run)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        acts = {"essayer": self.attempt, "importer": self.bring, "arreter": self.stop, "reprendre": self.resume}
        own = [
            path(f"<int:pk>/{way}/", view(require_POST(act)), name=f"core_importrun_{way}")
            for way, act in (acts | {"annuler": self.undo}).items()
        ]
        file = path("<int:pk>/compte-rendu.csv", view(require_safe(self.file)), name="core_importrun_file")
        add = path("add/<slug:name>/", view(self.receive), name="core_importrun_receive")
        return [*own, file, add, *super().get_urls()]

    # Bringing

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The formats, by subject, with a sentence each."""
        self._may_add(request)
        subjects: dict[str, list[Importer]] = {}
        for importer in registered():
            if request.user.has_perm(importer.permission):
                subjects.setdefault(importer.subject, []).append(importer)
        return self._page(request, "formats", "Apporter un fichier", subjects=sorted(subjects.items()))

    def receive(self, request: HttpRequest, name: str) -> HttpResponse:
        """The file and the choices of one format; once received it is tried at once."""
        importer = self._importer(request, name)
        sent = request.method == "POST"
        form = BringForm(importer, *([request.POST, request.FILES] if sent else []))
        options = importer.options(request.POST if sent else None)
        if sent and all([form.is_valid(), options.is_valid()]):
            run = self._received(request, form, options.cleaned_data)
            if run:
                return self._begin(request, run, Job.TRY) if _ready(run) else _to(run)
        return self._page(request, "receive", importer.label, importer=importer, form=form, options=options)

    @staticmethod
    def _received(request: HttpRequest, form: BringForm, choices: dict[str, Any]) -> ImportRun | None:
        try:
            return receive(form.importer, request.user, choices, form.cleaned_data)
        except (Unreadable, OSError) as error:
            form.add_error("file" if "file" in form.fields else None, str(error))
            return None

    # One import

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        run = self._open(request, object_id)
        return self._shown(request, run, *_settings(run))

    def attempt(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep the columns and the choices, then say what the import would do."""
        run = self._open(request, pk, change=True)
        if run.job == Job.IMPORT or run.state == State.RUNNING:
            messages.warning(request, "Cet import est déjà fait ou en cours : ses réglages ne changent plus.")
            return _to(run)
        chosen, options, problem = _settings(run, request.POST)
        if problem or not all(form.is_valid() for form in (chosen, options) if form):
            return self._shown(request, run, chosen, options, problem)
        run.mapping = chosen.mapping if isinstance(chosen, ColumnsForm) else {}
        run.options = options.cleaned_data if options else {}
        run.save(update_fields=["mapping", "options"])
        return self._begin(request, run, Job.TRY)

    def bring(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._open(request, pk, change=True)
        if (run.job, run.state) != (Job.TRY, State.DONE):
            messages.warning(request, "Faites d’abord un essai jusqu’à sa fin.")
            return _to(run)
        auditing.record(request.user, "import", run)
        return self._begin(request, run, Job.IMPORT)

    def resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._open(request, pk, change=True)
        if run.can_be_resumed:
            return self._begin(request, run, run.job)
        return _to(run)

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._open(request, pk, change=True)
        running.stop(run)
        messages.success(request, "Arrêté. Ce qui a été fait reste, et peut être repris ou annulé.")
        return _to(run)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._open(request, pk, change=True)
        if request.POST.get("sure") != "oui":
            messages.warning(request, "Rien n’est annulé : cochez la case pour confirmer.")
            return _to(run)
        auditing.record(request.user, "annulation d’un import", run)
        return self._begin(request, run, Job.UNDO)

    def file(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """The whole report as a table."""
        run = self._open(request, pk)
        answer = StreamingHttpResponse(
            spreadsheets.write_csv(report.HEADER, report.rows(run)), content_type="text/csv; charset=utf-8"
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="compte-rendu-{run.pk}.csv"'
        return answer

    def _begin(self, request: HttpRequest, run: ImportRun, job: str) -> HttpResponse:
        try:
            running.start(run, job)
        except running.Busy as error:
            messages.warning(request, str(error))
        return _to(run)

    def _shown(self, request: HttpRequest, run: ImportRun, chosen: Any, options: Any, problem: str) -> HttpResponse:
        wrong = any(form is not None and form.errors for form in (chosen, options))
        return self._page(
            request,
            "run",
            f"Import «\u00a0{run.name}\u00a0»",
            status=400 if wrong else 200,
            run=run,
            importer=run.format,
            chosen=chosen,
            options=options,
            problem=problem,
            told=report.situation(run),
            may_change=self.has_change_permission(request, run),
            **report.page(request, run),
        )

    def _page(self, request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/core/importrun/{template}.html", shared | context, status=status)

    def _open(self, request: HttpRequest, pk: Any, *, change: bool = False) -> ImportRun:
        run = self.get_object(request, str(pk))
        if run is None:
            raise Http404
        allowed = self.has_change_permission(request, run) if change else self.has_view_permission(request, run)
        if not allowed:
            raise PermissionDenied
        return run

    def _importer(self, request: HttpRequest, name: str) -> Importer:
        self._may_add(request)
        try:
            importer = named(name)
        except KeyError:
            raise Http404 from None
        if not request.user.has_perm(importer.permission):
            raise PermissionDenied
        return importer

    def _may_add(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied


def _to(run: ImportRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:core_importrun_change", args=[run.pk]))


def _ready(run: ImportRun) -> bool:
    return not columns.missing(run.format.columns, run.mapping)


def _settings(run: ImportRun, sent: Any = None) -> tuple[ColumnsForm | None, forms.Form | None, str]:
    """(columns, choices, what prevents reading): the forms of the settings, while they may change."""
    importer = run.format
    if run.job == Job.IMPORT or run.state == State.RUNNING:
        return None, None, ""
    options = importer.options(sent, initial=run.options)
    if not importer.columns:
        return None, options, ""
    try:
        with running.local(run) as place:
            table = columns.table(place, run.choices)
    except (Unreadable, OSError) as error:
        return None, options, str(error)
    return ColumnsForm(run, table, sent), options, ""
