from django.urls import path

from ..citing.faces import EXPORTS
from . import views

urlpatterns = [
    path("", views.page, name="selection"),
    path("bibliographie.pdf", views.pdf, name="selection_pdf"),
    *(path(f"export.{face.extension}", views.export, {"face": face}, name=f"selection_{face.extension}") for face in EXPORTS),
]
