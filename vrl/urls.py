from django.urls import include, path

from . import area_urls, asking_urls, mail_choice, session_urls, views

app_name = "vrl"
urlpatterns = [
    path("", views.index, name="index"),
    *area_urls.urlpatterns,
    *session_urls.urlpatterns,
    *asking_urls.urlpatterns,
    path("espace/", include("vrl.kit_urls")),
    path("ne-plus-recevoir/<str:token>/", mail_choice.leave, name="mail_choice"),
    path("situations/", include("vrl.situation_urls")),
]
