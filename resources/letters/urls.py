from django.urls import path

from . import views

app_name = "letters"
urlpatterns = [
    path("", views.index, name="index"),
    path("confirmer/<str:token>/", views.confirm, name="confirm"),
    path("lien/<str:token>/", views.follow, name="follow"),
    path("<str:token>/desabonnement/", views.leave, name="leave"),
]
