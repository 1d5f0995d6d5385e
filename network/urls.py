"""Addresses under /territoires/ and /reseau/."""

from django.urls import include, path

from . import contracts, views

app_name = "network"
urlpatterns = [
    path("territoires/", views.territory_list, name="territory_list"),
    path("territoires/<slug:code>/", views.territory, name="territory"),
    path("territoires/<slug:code>.geojson", views.territory_geojson, name="territory_geojson"),
    path("territoires/contrats/<slug:code>/", contracts.contract, name="contract"),
    path("reseau/", include("network.directory.urls")),
]
