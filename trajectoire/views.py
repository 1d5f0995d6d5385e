"""The pages that see every app: home, search, plan du site, health, errors."""

import sys
from contextlib import suppress

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network import vocabulary
from network.directory.listings import links as directory_links
from network.events.listings import links as agenda_links
from network.events.models import Event
from network.maps import region_map
from network.models import Territory
from resources.access import allowed_access
from resources.cards import card
from resources.listings import collections, types
from resources.models import KIND, Document, DocumentQuerySet
from trajectoire.core import linked, missed, redirects, search
from trajectoire.core.middleware import unavailable
from trajectoire.core.misses import note_miss
from trajectoire.core.models import SiteVersion
from trajectoire.core.views import breadcrumb
from vrl.models import BilanYear

from .results import search_context

MISSIONS = [
    (
        "Accompagner",
        "Une question, un projet à construire : le centre oriente les acteurs et met ses compétences à leur disposition.",
        "accompaniment:ask",
    ),
    (
        "Qualifier",
        "Journées d’étude, cycles de qualification, groupes de travail : on apprend les uns des autres.",
        "events:list",
    ),
    (
        "Animer les réseaux",
        "Rencontrer ses pairs, trouver une expertise, se relier d’un territoire à l’autre.",
        "network:directory",
    ),
    (
        "Capitaliser et diffuser",
        "Synthèses, fiches expérience, lettre d’information : ce qui s’apprend ici sert ailleurs.",
        "resources:list",
    ),
]
COMING = 3  # events
POPULAR = ["cité éducative", "médiation sociale", "gestion urbaine de proximité", "neutralité"]


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if moved := redirects.moved_number(request):
        return moved
    documents = Document.objects.visible_to(request.user)
    latest = list(documents.filter(external=False, date__isnull=False).for_cards().order_by("-date", "-pk")[:4])
    featured = _featured(documents, latest)
    facets = search.query(search.Query(kinds=(KIND,), facets=("theme",), size=1, access=allowed_access(request.user)))
    counts = dict(facets.facets.get("theme", []))
    library = reverse("resources:list")
    context = {
        "latest": [card(document) for document in latest],
        "featured": card(featured) if featured else None,
        "counts": {"documents": facets.total, **Territory.objects.counts()},
        "coming": [event.card() for event in Event.objects.published().upcoming().for_cards()[:COMING]],
        "map_svg": region_map(),
        "popular": [{"label": words, "url": f"{reverse('search')}?q={words.replace(' ', '+')}"} for words in POPULAR],
        "missions": [{"title": title, "text": text, "url": reverse(name)} for title, text, name in MISSIONS],
        "themes": [
            {"label": t.short_name or t.name, "url": f"{library}?theme={t.slug}", "count": counts.get(t.slug, 0)}
            for t in vocabulary.current().top_themes()
        ],
        "collections": [{"label": c.name, "url": c.get_absolute_url()} for c in collections().values()],
        "linked": linked.script(linked.organization()),
    }
    return render(request, "core/home.html", context)


def _featured(documents: DocumentQuerySet, latest: list[Document]) -> Document | None:
    """The newest fiche expérience that the home page does not show already."""
    shown = [document.pk for document in latest]
    return (
        documents.filter(type__slug="fiche-experience", date__isnull=False)
        .exclude(pk__in=shown)
        .for_cards()
        .order_by("-date", "-pk")
        .first()
    )


@login_not_required
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    context = search_context(request, allowed_access(request.user))
    response = render(request, "core/search.html", context)
    if not context["total"] and not context["degraded"] and "exact" not in request.GET:
        note_miss(request, response, context["q"])
    return response


@login_not_required
@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """[{label, kind, url}] for the words being typed."""
    found = search.suggest(request.GET.get("q", "")[:100], allowed_access(request.user))
    return JsonResponse({"suggestions": [{"label": s.label, "kind": s.kind_label, "url": s.url} for s in found]})


@login_not_required
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Plan du site, made from what exists."""
    library = reverse("resources:list")
    parts = [
        {"label": "Accueil", "url": "/", "children": []},
        {
            "label": "Ressources",
            "url": library,
            "children": [{"label": str(t), "url": f"{library}?type={slug}"} for slug, t in types().items()],
        },
        {
            "label": "Collections",
            "url": reverse("resources:collection_list"),
            "children": [{"label": c.name, "url": c.get_absolute_url()} for c in collections().values()],
        },
        {
            "label": "Agenda",
            "url": reverse("events:list"),
            "children": [{"label": label, "url": url} for label, url in agenda_links()],
        },
        {
            "label": "Réseau",
            "url": reverse("network:directory"),
            "children": [{"label": label, "url": url} for label, url in directory_links()],
        },
        {
            "label": "Territoires",
            "url": reverse("network:territory_list"),
            "children": [
                {"label": d.name, "url": reverse("network:territory", args=[d.code])} for d in vocabulary.current().departments()
            ],
        },
        {
            "label": "Valeurs de la République et laïcité",
            "url": reverse("vrl:index"),
            "children": [{"label": "Espace des formatrices et formateurs", "url": reverse("account_login")}],
        },
        {
            "label": "Le centre",
            "url": reverse("la-structure"),
            "children": [{"label": label, "url": reverse(name)} for label, name in [*CENTRE, *_published_years()]],
        },
    ]
    page = {"title": "Plan du site", "lead": "", "body_html": "", "toc": [], "updated_label": ""}
    return render(request, "core/page.html", {"page": page, "sitemap": parts, "breadcrumb": breadcrumb(("Plan du site", ""))})


def _published_years() -> list[tuple[str, str]]:
    """The bilan, once everyone may read a year of it."""
    return [("Bilan des années", "bilan:index")] if BilanYear.objects.public().exists() else []


CENTRE = [
    ("La structure et ses missions", "la-structure"),
    ("Demander un accompagnement", "accompaniment:ask"),
    ("Rechercher", "search"),
    ("Ma sélection", "selection"),
    ("Lettre d’information", "letters:index"),
    ("Alertes par e-mail", "alerts:index"),
    ("Aide", "aide"),
    ("Nous écrire", "contact"),
    ("Accessibilité", "accessibilite"),
    ("Données personnelles", "donnees-personnelles"),
    ("Mes données", "personal:ask"),
    ("Registre des traitements", "personal:register"),
    ("Mentions légales", "mentions-legales"),
]


@staff_member_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, rendered once."""
    documents = Document.objects.published().for_cards()[:4]
    return render(
        request, "styleguide/index.html", {"cards": [card(document) for document in documents], "map_svg": region_map()}
    )


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Alive: the database answers. The search may be degraded without the site being down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True, "search": search.health().ok, "version": SiteVersion.current()})


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Asked for at this address when a PDF or an image opens alone in a tab."""
    return HttpResponsePermanentRedirect(static("img/favicon.svg"))


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed; lists with filters may not (they are endless), nor whole exports. Feeds are for robots.

    The longest line that fits an address counts (RFC 9309).
    """
    refused = [f"Disallow: {path}" for path in ("/admin/", "/compte/", "/recherche/", "/*?*", "/*/export.")]
    allowed = ["Allow: /*/flux.atom", "Allow: /sitemap-*.xml"]
    lines = ["User-agent: *", *refused, *allowed, "", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What the request holds is refused: 413 when it is too large, else 400."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "errors/413.html", status=413)
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address of a former site leads to its new page; any other is counted for staff."""
    with suppress(DatabaseError):
        if moved := redirects.moved(request):
            return moved
    response = render(request, "errors/404.html", status=404)
    missed.note(request, response)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page; 503 when the database went away while a session or an account was read."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return unavailable()
    return render(None, "errors/500.html", status=500)  # type: ignore[arg-type]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)
