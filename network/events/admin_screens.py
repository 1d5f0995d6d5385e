"""The addresses of the screens of one event, below /admin/events/event/<number>/."""

from django.contrib.admin import ModelAdmin
from django.urls import URLPattern

from . import admin_changes, admin_decisions, admin_exports, admin_follow, admin_messages
from .admin_pages import screen

SEES = ["events.view_registration"]
DECIDES = ["events.view_registration", "events.change_registration"]
TELLS = ["events.change_event", "events.view_registration"]
WRITES = ["events.add_eventmessage", "events.view_registration"]
READ_AND_SENT = ("GET", "HEAD", "POST")


def paths(model_admin: ModelAdmin) -> list[URLPattern]:
    return [
        screen(model_admin, "suivi/", admin_follow.follow),
        screen(model_admin, "suivi/ajouter/", admin_decisions.add_person, DECIDES, READ_AND_SENT),
        screen(model_admin, "suivi/<int:registration>/", admin_decisions.decide, DECIDES, READ_AND_SENT),
        screen(model_admin, "changement/", admin_changes.changes, TELLS, READ_AND_SENT),
        screen(model_admin, "changement/apercu/", admin_changes.changes_mail, TELLS),
        screen(model_admin, "participants.<str:extension>", admin_exports.participants, SEES),
        screen(model_admin, "badges.pdf", admin_exports.badges, SEES),
        screen(model_admin, "messages/ecrire/", admin_messages.write_message, WRITES, READ_AND_SENT),
        screen(model_admin, "messages/<int:message>/modifier/", admin_messages.write_message, WRITES, READ_AND_SENT),
        screen(model_admin, "messages/<int:message>/", admin_messages.message, WRITES, READ_AND_SENT),
        screen(model_admin, "messages/<int:message>/apercu/", admin_messages.message_mail, WRITES),
    ]
