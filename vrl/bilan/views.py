"""The pages of the bilan and its files: any period for the team and partners, the years that were published for everyone."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from trajectoire.core import spreadsheets
from trajectoire.core.limits import too_many
from trajectoire.core.text import plural
from trajectoire.core.views import breadcrumb

from . import period, tables
from .asked import (
    EVOLUTION,
    REGION_NAME,
    Bilan,
    bilan,
    chooses,
    department_of,
    form_for,
    period_form,
    periods,
    scope_of,
    scope_of_year,
)
from .behind import PER_PAGE, source_for
from .charts import drawn
from .closing import closed_year
from .part_sessions import departments
from .parts import Scope, definitions, of_year
from .reading import ShownPart, written
from .report import report_pdf
from .year import BilanYear

TITLE = "Bilan"
PDFS_AN_HOUR = 30
TO_SEND = "pour=partenaires"
FILES = ("ods", "xlsx", "csv", "json")
LABELS = {"pdf": "PDF", "ods": "ODS", "xlsx": "XLSX", "csv": "CSV", "json": "JSON"}


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Any period for who may ask; the last year that was published for the others, who are told when there is none."""
    places = departments()
    if chooses(request.user):
        form = period_form(request, places)
        asked = bilan(form.scope, request.user, places) if form.is_valid() else None
        return _page(request, form, asked)
    latest = BilanYear.objects.public().first()
    if latest is None:
        return render(request, "vrl/bilan/none.html", {"breadcrumb": breadcrumb((TITLE, ""))})
    return _year(request, latest.year, places)


@login_not_required
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    return _year(request, year, departments())


def _year(request: HttpRequest, year: int, places: dict[str, str]) -> HttpResponse:
    scope = scope_of_year(year, department_of(request, places))
    asked = bilan(scope, request.user, places)
    if chooses(request.user):
        told = {"du": scope.first.isoformat(), "au": scope.last.isoformat(), "departement": scope.department}
        form: period.PlaceForm = form_for(request.user)(told, places=places, today=timezone.localdate())
    else:
        form = period.PlaceForm({"departement": scope.department}, places=places)
    form.is_valid()
    return _page(request, form, asked)


def _page(request: HttpRequest, form: period.PlaceForm, asked: Bilan | None) -> HttpResponse:
    asks = chooses(request.user)
    context = {
        "title": asked.title if asked else TITLE,
        "bilan": asked,
        "form": form,
        "form_url": reverse("bilan:index") if asks else request.path,
        "asks": asks,
        "is_staff": request.user.is_staff,
        "tabs": _tabs(request.user, asked.scope if asked else None),
        "summary": asked.summary if asked else [],
        "parts": [_part(part, asked.scope, request.user) for part in asked.parts] if asked else [],
        "files": _files(request.user, asked.scope) if asked else [],
        "stories": [(mission, mark_safe(text)) for mission, text in asked.stories] if asked else [],  # cleaned when it was saved
        "story_url": _story_url(request.user, asked) if asked else "",
        "breadcrumb": breadcrumb((TITLE, "")),
    }
    return render(request, "vrl/bilan/page.html", context)


def _tabs(user: Any, scope: Scope | None) -> list[dict[str, Any]]:
    """[{label, url, current}]: the usual periods for who may ask, then the years that were closed; the same place in each."""
    place = scope.department if scope else ""
    here = reverse("bilan:index")
    tabs: list[tuple[str, str, Scope]] = []
    years = BilanYear.objects.public()
    if chooses(user):
        years = BilanYear.objects.closed().order_by("-year")
        tabs = [(label, here + period.query(one), one) for label, one in periods(user, place)]
    usual = {one for _, _, one in tabs}
    told = f"?departement={place}" if place else ""
    for number in years.values_list("year", flat=True):
        one = of_year(number, place)
        if one not in usual:
            tabs.append((str(number), reverse("bilan:year", args=[number]) + told, one))
    return [{"label": label, "url": url, "current": one == scope} for label, url, one in tabs]


def _part(part: ShownPart, scope: Scope, user: Any) -> dict[str, Any]:
    """A part for its template: the comparison of years is one table."""
    grids = [{"grid": grid, "chart": drawn(grid)} for grid in part.grids]
    lines = [{"line": one, "rows_url": _rows_url(one.name, scope) if source_for(user, one.name) else ""} for one in part.lines]
    return {"part": part, "lines": lines, "grids": grids, "is_evolution": part.slug == EVOLUTION}


def _rows_url(name: str, scope: Scope) -> str:
    return reverse("bilan:rows", args=[name]) + period.query(scope)


def _files(user: Any, scope: Scope) -> list[dict[str, str]]:
    """[{label, url}]; the first one is what may leave the centre."""
    asked = period.query(scope)
    files = [{"label": LABELS[name], "url": reverse(f"bilan:{name}") + asked} for name in ("pdf", *FILES)]
    if not user.is_staff:
        return files
    return [{"label": "PDF à envoyer", "url": f"{reverse('bilan:pdf')}{asked}&{TO_SEND}"}, *files]


def _story_url(user: Any, asked: Bilan) -> str:
    """Where staff writes what the year was, for who may."""
    if not asked.scope.year or not user.has_perm("vrl.change_bilanyear"):
        return ""
    if asked.kept:
        return reverse("admin:vrl_bilanyear_change", args=[asked.kept.pk])
    return f"{reverse('admin:vrl_bilanyear_add')}?year={asked.scope.year}"


@never_cache
@require_safe
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """What a figure counts, line by line, for staff who may see these lines in the administration."""
    source = source_for(request.user, name)
    if source is None:
        raise Http404
    places = departments()
    scope = scope_of(request, places)
    paginator = Paginator(source.rows(scope), PER_PAGE)
    told = definitions()[name]
    page = paginator.get_page(request.GET.get("page"))
    here = _rows_url(name, scope)
    context = {
        "told": told,
        "name": period.named(scope),
        "place": places[scope.department] if scope.department else REGION_NAME,
        "is_closed": closed_year(scope) is not None,
        "total": plural(paginator.count, "ligne", "lignes"),
        "rows": [
            {"label": str(row), "url": source.url(row), "amount": written(row.amount) if source.weighs else ""} for row in page
        ],
        "start": page.start_index() or 1,
        "page": page.number,
        "pages": paginator.num_pages,
        "previous_url": f"{here}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"{here}&page={page.next_page_number()}" if page.has_next() else "",
        "back_url": reverse("bilan:index") + period.query(scope),
        "breadcrumb": breadcrumb((TITLE, reverse("bilan:index") + period.query(scope)), (told.label, "")),
    }
    return render(request, "vrl/bilan/rows.html", context)


# Files


@login_not_required
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The report that one sends."""
    if not request.user.is_staff and too_many(request, "bilan-pdf", limit=PDFS_AN_HOUR, seconds=3600):
        return render(request, "errors/429.html", status=429)
    asked = _asked(request)
    return HttpResponse(report_pdf(asked), content_type="application/pdf", headers=_named(asked, "pdf", False))


@login_not_required
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponseBase:
    asked = _asked(request)
    if extension == "json":
        told, named = tables.record(asked), _named(asked, extension, True)
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False}, headers=named)
    write, kind = WRITERS[extension]
    return HttpResponse(b"".join(write(asked)), content_type=kind, headers=_named(asked, extension, True))


def _asked(request: HttpRequest) -> Bilan:
    places = departments()
    to_send = request.GET.get("pour") == "partenaires"
    return bilan(scope_of(request, places), request.user, places, to_send=to_send)


def _named(asked: Bilan, extension: str, attached: bool) -> dict[str, str]:
    scope = asked.scope
    parts = [str(scope.year) if scope.year else f"{scope.first}-{scope.last}", scope.department]
    name = "-".join(["bilan", *filter(None, parts)])
    return {"Content-Disposition": content_disposition_header(attached, f"{name}.{extension}") or "inline"}


WRITERS: dict[str, tuple[Callable[[Bilan], Iterable[bytes]], str]] = {
    "ods": (lambda asked: spreadsheets.write_ods_book(tables.sheets(asked)), spreadsheets.ODS_TYPE),
    "xlsx": (lambda asked: spreadsheets.write_xlsx_book(tables.sheets(asked)), spreadsheets.XLSX_TYPE),
    "csv": (lambda asked: spreadsheets.write_csv(tables.CSV_HEADER, tables.csv_rows(asked)), spreadsheets.CSV_TYPE),
}
