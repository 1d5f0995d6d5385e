"""Addresses under /accompagnement/."""

from django.urls import path

from . import views

app_name = "accompaniment"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("merci/", views.received, name="received"),
    path("suivi/<str:token>/", views.follow, name="follow"),
]
