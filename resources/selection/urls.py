from django.urls import path

from . import views
from .formats import FORMATS

urlpatterns = [
    path("", views.page, name="selection"),
    path("bibliographie.pdf", views.pdf, name="selection_pdf"),
    *(path(f"export.{face.extension}", views.export, {"face": face}, name=f"selection_{face.extension}") for face in FORMATS),
]
