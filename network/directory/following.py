"""Where the links of the mails lead: stopping the messages, confirming that an entry is true. Reading changes nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from trajectoire.core import tokens
from trajectoire.core.views import breadcrumb

from ..models import Person
from . import confirming, relay
from .forms import EntryForm
from .listings import DIRECTORY
from .pages import directory_url, facts
from .views import parts, received


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more messages; a person may also leave the directory, at once."""
    try:
        found = relay.entry_to_stop(token)
    except tokens.Invalid as error:
        raise Http404 from error
    if found is not None and request.method == "POST":
        if request.POST.get("action") == "withdraw" and isinstance(found, Person):
            relay.withdraw(found)
        else:
            relay.stop(found)
        return redirect(request.path)
    context = {
        "name": found.name if found else "",
        "gone": found is None,
        "stopped": found is not None and not found.mailbox,
        "is_person": isinstance(found, Person),
        "breadcrumb": breadcrumb((DIRECTORY.title, directory_url()), ("Ne plus recevoir de messages", "")),
    }
    return render(request, "network/directory/stop.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """One button says that everything is true; the form below says what is not. An old link leads to the team."""
    try:
        found = confirming.entry_to_confirm(token)
    except tokens.Expired:
        return render(request, "network/directory/expired.html", {"contact_url": reverse("contact")}, status=410)
    except tokens.Invalid as error:
        raise Http404 from error
    if found is None:
        raise Http404
    correcting = request.method == "POST" and request.POST.get("action") != "confirm"
    form = EntryForm(request.POST if correcting else None, entry_kind=found.search_kind, entry=found)
    if correcting and (answer := received(request, form, by_owner=True)):
        return answer
    if request.method == "POST" and not correcting:
        confirming.confirm(found)
        return redirect(f"{request.path}?confirme")
    context = {
        "form": form,
        "parts": parts(form),
        "name": found.name,
        "summary": found.summary,
        "facts": facts(found),
        "entry_url": found.get_absolute_url(),
        "confirmed": "confirme" in request.GET,
        "done": "envoye" in request.GET,
        "breadcrumb": breadcrumb((DIRECTORY.title, directory_url()), ("Confirmer une fiche", "")),
    }
    return render(request, "network/directory/confirm.html", context, status=400 if form.errors else 200)
