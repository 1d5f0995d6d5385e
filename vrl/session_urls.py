"""Addresses of the sessions, below /vrl/formations/."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_safe

from network.events.views import calendar_of
from trajectoire.core.faces.serving import served
from trajectoire.core.faces.urls import paths

from . import session_views
from .listings import SESSIONS

sessions = [
    path("", session_views.sessions, name="sessions"),
    *paths(SESSIONS),
    path("agenda.ics", login_not_required(require_safe(served(SESSIONS, calendar_of))), name="calendar"),
    path("<slug:slug>/", session_views.session, name="session"),
]
urlpatterns = [path("formations/", include(sessions))]
