from django.urls import path

from . import views

app_name = "vrl"
urlpatterns = [path("", views.index, name="index"), path("espace/", views.space, name="space")]
