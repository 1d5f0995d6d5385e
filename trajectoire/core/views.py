"""Editable pages and the contact form."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from .forms import ContactForm
from .limits import too_many
from .mail import forward_contact
from .models import Page
from .prose import anchored
from .text import day

MESSAGES_AN_HOUR = 10


def breadcrumb(*links: tuple[str, str]) -> list[dict[str, str]]:
    """[{label, url}] from the home page to here; the last one has no address."""
    return [{"label": "Accueil", "url": "/"}] + [{"label": label, "url": url} for label, url in links]


def page_context(slug: str) -> dict:
    """What core/page.html needs for an editable page; 404 when the page does not exist."""
    page = get_object_or_404(Page, slug=slug)
    html, toc = anchored(page.body, set())
    shown = {
        "title": page.title,
        "lead": page.lead,
        "body_html": mark_safe(html),
        "toc": toc if len(toc) > 3 else [],
        "updated_label": day(timezone.localtime(page.updated_at)),
    }
    return {"page": shown, "breadcrumb": breadcrumb((page.title, ""))}


@login_not_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "core/page.html", page_context(slug))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The contact form; `?objet=` fills the subject, `?envoye` is where a sent message leads."""
    form = ContactForm(
        request.POST if request.method == "POST" else None, initial={"subject": request.GET.get("objet", "")[:150]}
    )
    if request.method == "POST":
        if too_many(request, "contact", limit=MESSAGES_AN_HOUR, seconds=3600):
            return render(request, "errors/429.html", status=429)
        if form.is_robot or form.is_valid():
            if not form.is_robot:
                forward_contact(form.save())
            return redirect(f"{request.path}?envoye")
    context = {"form": form, "done": "envoye" in request.GET, "breadcrumb": breadcrumb(("Nous écrire", ""))}
    return render(request, "core/contact.html", context, status=400 if form.errors and request.method == "POST" else 200)
