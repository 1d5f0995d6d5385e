"""The addresses of the kit and of the exchanges between trainers, below /vrl/espace/."""

from django.urls import path

from . import exchange_views, kit_views

urlpatterns = [
    path("kit/", kit_views.whole, name="kit"),
    path("kit/kit.zip", kit_views.archive, name="kit_archive"),
    path("kit/<slug:slug>/", kit_views.part, name="kit_part"),
    path("kit/<slug:slug>/garder/", kit_views.keep, name="kit_keep"),
    path("echanges/", exchange_views.exchanges, name="exchanges"),
    path("echanges/nouvelle/", exchange_views.ask, name="exchange_ask"),
    path("echanges/<int:pk>/", exchange_views.topic, name="exchange"),
]
