"""The register of processing, and each person's way to her own data. Reading erases nothing: a button does."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import tokens
from ..limits import too_many
from ..views import breadcrumb
from . import asking, person
from .forms import EraseMineForm, MineForm
from .treatments import described, treatments

TRIES_AN_HOUR = 10  # of one reader
form_page = require_http_methods(["GET", "HEAD", "POST"])


def crumbs(label: str) -> list[dict[str, str]]:
    return breadcrumb(("Données personnelles", reverse("donnees-personnelles")), (label, ""))


@login_not_required
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What is done with personal data, as the code declares it."""
    shown = [described(treatment) for treatment in treatments()]
    return render(request, "personal/register.html", {"treatments": shown, "breadcrumb": crumbs("Registre des traitements")})


@login_not_required
@form_page
def ask(request: HttpRequest) -> HttpResponse:
    """Have the link sent; the answer is the same whatever the address."""
    form = MineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if too_many(request, "personal", limit=TRIES_AN_HOUR, seconds=3600):
            return render(request, "errors/429.html", status=429)
        if form.is_robot or form.is_valid():
            if not form.is_robot:
                asking.send_link(form.cleaned_data["email"])
            return redirect(f"{request.path}?envoye")
    done = {"sent": "envoye" in request.GET, "erased": "efface" in request.GET}
    context = {"form": form, "breadcrumb": crumbs("Mes données"), **done}
    return render(request, "personal/ask.html", context, status=400 if request.method == "POST" else 200)


@login_not_required
@never_cache
@form_page
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """What exists about the person the link was sent to; by POST, its copy or its end."""
    try:
        asked = asking.asked_by(token)
    except tokens.Invalid as error:
        raise Http404 from error
    if asked is None:
        return render(request, "personal/expired.html", {"breadcrumb": crumbs("Lien expiré")}, status=410)
    if "copier" in request.POST:
        return download(asked.email)
    form, refused = EraseMineForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            person.erase(asked.email, by_person=True)
        except person.Refused as error:
            refused = str(error)
        else:
            return redirect(f"{reverse('personal:ask')}?efface")
    context = {"form": form, "email": asked.email, "sections": person.found(asked.email), "refused": refused}
    status = 400 if request.method == "POST" else 200
    return render(request, "personal/mine.html", context | {"breadcrumb": crumbs("Mes données")}, status=status)


def download(email: str) -> HttpResponse:
    """The copy, as a file that nobody keeps on the way."""
    headers = {"Content-Disposition": 'attachment; filename="mes-donnees.zip"', "Cache-Control": "private, no-store"}
    return HttpResponse(person.copy(email), content_type="application/zip", headers=headers)
