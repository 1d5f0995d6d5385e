"""The addresses of situations, below /vrl/situations/."""

from django.urls import path

from trajectoire.core.faces.urls import paths

from .situation_listing import SITUATIONS
from .situation_views import situation, situations

urlpatterns = [
    path("", situations, name="situations"),
    *paths(SITUATIONS),
    path("<slug:slug>/", situation, name="situation"),
]
