"""Addresses of requests and candidacies, and the figures for partners."""

from django.urls import path

from . import asking_views as views
from . import figures_views

urlpatterns = [
    path("demander-une-formation/", views.ask, name="ask"),
    path("demande/<str:token>/", views.follow_request, name="request"),
    path("devenir-formateur/", views.candidacy, name="candidacy"),
    path("candidature/<str:token>/", views.follow_candidacy, name="candidacy_follow"),
    path("chiffres/", figures_views.partners, name="figures"),
]
