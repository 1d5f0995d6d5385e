from django.urls import path

from . import views

app_name = "bilan"
urlpatterns = [
    path("", views.index, name="index"),
    path("export.pdf", views.pdf, name="pdf"),
    *(path(f"export.{name}", views.export, {"extension": name}, name=name) for name in views.FILES),
    path("lignes/<slug:name>/", views.rows, name="rows"),
    path("<int:year>/", views.year, name="year"),
]
