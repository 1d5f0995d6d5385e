"""Addresses under /agenda/, and those of personal links."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_safe

from trajectoire.core.faces.serving import served
from trajectoire.core.faces.urls import paths

from . import presence_urls, registration_views, views
from .listings import AGENDA

app_name = "events"
agenda = [
    path("", views.agenda, name="list"),
    *paths(AGENDA),
    path("agenda.ics", login_not_required(require_safe(served(AGENDA, views.calendar_of))), name="calendar"),
    path("mois/<int:year>/<int:number>/", views.month, name="month"),
    path("cycles/<slug:slug>/", views.series, name="series"),
    path("<slug:slug>/", views.event, name="event"),
    path("<slug:slug>.ics", views.event_ics, name="event_ics"),
    path("<slug:slug>/inscription/", registration_views.register, name="register"),
    *presence_urls.event_pages,
]
urlpatterns = [
    path("agenda/", include(agenda)),
    *presence_urls.own_pages,
    path("inscription/lien-perdu/", registration_views.lost_link, name="lost_link"),
    path("inscription/<str:token>/", registration_views.registration, name="registration"),
    path("inscription/<str:token>/agenda.ics", registration_views.own_calendar, name="registration_calendar"),
]
