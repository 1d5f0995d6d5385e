from django.urls import include, path

from . import area_urls, asking_urls, session_urls, views

app_name = "vrl"
urlpatterns = [
    path("", views.index, name="index"),
    *area_urls.urlpatterns,
    *session_urls.urlpatterns,
    *asking_urls.urlpatterns,
    path("situations/", include("vrl.situation_urls")),
]
