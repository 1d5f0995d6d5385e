from django.urls import path

from trajectoire.core.faces.urls import paths

from . import delivery, views
from .citing.faces import NOTICES
from .citing.views import notice
from .listings import DOCUMENTS
from .metadata.views import card

app_name = "resources"
urlpatterns = [
    path("", views.document_list, name="list"),
    *paths(DOCUMENTS),
    path("collections/", views.collection_list, name="collection_list"),
    path("collections/<slug:slug>/", views.collection, name="collection"),
    path("apercu/<int:pk>/", views.preview, name="preview"),
    path("<slug:slug>/", views.document, name="document"),
    *(path(f"<slug:slug>.{face.extension}", notice, {"face": face}, name=face.extension) for face in NOTICES),
    path("<slug:slug>/carte/<str:digest>.png", card, name="card"),
    path("<slug:slug>/fichiers/<int:pk>/<str:name>", delivery.file, name="file"),
    path("inscription/<str:token>/<int:pk>/<str:name>", delivery.material, name="material"),
    path("<slug:slug>/couverture/<str:name>", delivery.cover, name="cover"),
]
