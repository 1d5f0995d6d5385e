"""The addresses of the trainers' area; those of the kit and the exchanges are in kit_urls.py."""

from django.urls import path

from . import area_creating, area_dashboard, area_needs, area_people, area_profile, area_report, area_sessions

SESSION = "espace/sessions/<slug:slug>/"
urlpatterns = [
    path("espace/", area_dashboard.space, name="space"),
    path("espace/vu/", area_dashboard.seen, name="seen"),
    path("espace/sessions/", area_sessions.my_sessions, name="my_sessions"),
    path("espace/sessions/nouvelle/", area_creating.new_session, name="new_session"),
    path(SESSION, area_sessions.own_session, name="own_session"),
    path(f"{SESSION}modifier/", area_creating.change_session, name="change_session"),
    path(f"{SESSION}compte-rendu/", area_report.report, name="report"),
    path("espace/invitations/<int:pk>/", area_sessions.answer_invitation, name="answer_invitation"),
    path("espace/besoins/", area_needs.board, name="needs"),
    path("espace/besoins/session/<int:pk>/", area_needs.can_session, name="can_session"),
    path("espace/besoins/demande/<int:pk>/", area_needs.can_request, name="can_request"),
    path("espace/annuaire/", area_people.trainers, name="trainers"),
    path("espace/annuaire/ecrire/", area_people.write_to_department, name="write_to_department"),
    path("espace/annuaire/<int:pk>/ecrire/", area_people.write_to_trainer, name="write_to_trainer"),
    path("espace/profil/", area_profile.profile, name="profile"),
    path("espace/profil/disponibilites/", area_profile.availability, name="availability"),
    path("espace/profil/mes-donnees/", area_profile.own_data, name="own_data"),
    path("espace/profil/partir/", area_profile.leave, name="leave"),
]
