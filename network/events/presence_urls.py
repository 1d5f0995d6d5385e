"""The day of an event and what follows it: presence, attestations, questionnaires."""

from django.urls import path

from . import attestation_views, presence_views, questionnaire_views

# Under /agenda/.
event_pages = [
    path("<slug:slug>/presence/", presence_views.tick, name="presence"),
    path("<slug:slug>/presence/cocher/", presence_views.send_ticks, name="send_ticks"),
    path("<slug:slug>/presence/feuille.pdf", presence_views.paper, name="sheet"),
    path("<slug:slug>/attestations/", attestation_views.event_attestations, name="attestations"),
    path("<slug:slug>/attestations/toutes.zip", attestation_views.archive, name="archive"),
    path("<slug:slug>/questionnaire/resultats/", questionnaire_views.results, name="results"),
    path("<slug:slug>/questionnaire/<slug:moment>.<slug:extension>", questionnaire_views.results_file, name="results_file"),
    path("attestations/<int:pk>.pdf", attestation_views.attestation, name="attestation"),
]
# By a link of one's own, or a code.
own_pages = [
    path("presence/<str:token>/", presence_views.door, name="door"),
    path("inscription/<str:token>/attestation.pdf", attestation_views.own, name="own_attestation"),
    path("questionnaire/<str:token>/", questionnaire_views.questionnaire, name="questionnaire"),
    path("verifier/", attestation_views.verify_form, name="verify_form"),
    path("verifier/<str:code>/", attestation_views.verify, name="verify"),
]
