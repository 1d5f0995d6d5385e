"""Addresses of requests and candidacies."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from . import asking_views as views

urlpatterns = [
    path("demander-une-formation/", views.ask, name="ask"),
    path("demande/<str:token>/", views.follow_request, name="request"),
    path("devenir-formateur/", views.candidacy, name="candidacy"),
    path("candidature/<str:token>/", views.follow_candidacy, name="candidacy_follow"),
    path(
        "chiffres/",
        login_not_required(RedirectView.as_view(pattern_name="bilan:index", permanent=True, http_method_names=["get", "head"])),
    ),
]
