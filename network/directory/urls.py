"""Addresses under /reseau/, in the namespace of the app."""

from django.urls import path

from trajectoire.core.faces.urls import paths

from . import following, views
from .listings import DIRECTORY

urlpatterns = [
    path("", views.directory, name="directory"),
    *paths(DIRECTORY),
    path("<slug:slug>/", views.entry, name="directory_entry"),
    path("<slug:slug>/ecrire/", views.write, name="directory_write"),
    path("<slug:slug>/corriger/", views.correct, name="directory_correct"),
    path("proposer/structure/", views.propose, {"kind": "organisation"}, name="directory_propose"),
    path("proposer/initiative/", views.propose, {"kind": "initiative"}, name="directory_propose_initiative"),
    path("arreter/<str:token>/", following.stop, name="directory_stop"),
    path("confirmer/<str:token>/", following.confirm, name="directory_confirm"),
]
