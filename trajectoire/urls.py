"""Every address of the site (docs/access.md says who may open what; a test walks this file)."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from resources.oai.views import oai
from resources.views import old_address
from trajectoire.core.accounts_views import invitation
from trajectoire.core.health_views import site_state
from trajectoire.core.pages import PAGES
from trajectoire.core.views import contact, page

from . import views
from .sitemaps import SITEMAPS

PARTS = {"sitemaps": SITEMAPS}
# The admin's own login has neither rate limit nor second factor: everyone goes through allauth.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")  # type: ignore[method-assign, assignment]

urlpatterns = [
    path("", views.home, name="home"),
    path("recherche/", views.search_page, name="search"),
    path("recherche/suggestions/", views.suggestions, name="suggestions"),
    path("ressources/", include("resources.urls")),
    path("panier/", include("resources.selection.urls")),
    path("alertes/", include("resources.alerts.urls")),
    path("lettre/", include("resources.letters.urls")),
    path("oai", oai, name="oai"),
    path("", include("network.urls")),
    path("", include("network.events.urls")),
    path("accompagnement/", include("network.accompaniment.urls")),
    path("vrl/", include("vrl.urls")),
    path("bilan/", include("vrl.bilan.urls")),
    path("contact/", contact, name="contact"),
    path("plan-du-site/", views.site_map, name="site_map"),
    *(path(address, page, {"slug": slug}, name=slug) for slug, address in PAGES.items()),
    path("donnees-personnelles/", include("trajectoire.core.personal.urls")),
    path("compte/invitation/<str:token>/", invitation, name="invitation"),
    path("compte/", include("allauth.urls")),
    path("admin/etat/", admin.site.admin_view(site_state), name="site_state"),
    path("admin/", admin.site.urls),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("healthz", views.health, name="health"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", login_not_required(require_safe(index)), PARTS | {"sitemap_url_name": "sitemap_part"}, name="sitemap"),
    path("sitemap-<slug:section>.xml", login_not_required(require_safe(sitemap)), PARTS, name="sitemap_part"),
    # Addresses of the former sites.
    path("publication/<slug:slug>/", old_address),
    path("actualite/<slug:slug>/", old_address),
    path("le-plan-vrl/", old_address),
    path("trajectoire-ressources/", old_address),
]

handler400 = "trajectoire.views.bad_request"
handler403 = "trajectoire.views.forbidden"
handler404 = "trajectoire.views.not_found"
handler500 = "trajectoire.views.server_error"
