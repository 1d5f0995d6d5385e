"""Addresses under /territoires/."""

from django.urls import path

from . import views

app_name = "network"
urlpatterns = [
    path("", views.territory_list, name="territory_list"),
    path("<slug:code>/", views.territory, name="territory"),
    path("<slug:code>.geojson", views.territory_geojson, name="territory_geojson"),
]
