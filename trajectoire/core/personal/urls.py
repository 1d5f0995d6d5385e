from django.urls import path

from . import views

app_name = "personal"

urlpatterns = [
    path("registre/", views.register, name="register"),
    path("mes-donnees/", views.ask, name="ask"),
    path("mes-donnees/<str:token>/", views.mine, name="mine"),
]
