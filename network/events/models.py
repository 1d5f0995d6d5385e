"""The models of the agenda, written by subject in the modules beside this one."""

from .attestation import Attestation, AttestationYear
from .event import Event, EventDate, ProgrammeItem, Question
from .messages import EventMessage
from .notice_texts import NoticeText
from .registrations import Presence, Registration, RegistrationState, SentNotice
from .series import Series
from .survey import BankQuestion, Survey, SurveyAnswer, SurveyItem

__all__ = [
    "Attestation",
    "AttestationYear",
    "BankQuestion",
    "Event",
    "EventDate",
    "EventMessage",
    "NoticeText",
    "Presence",
    "ProgrammeItem",
    "Question",
    "Registration",
    "RegistrationState",
    "SentNotice",
    "Series",
    "Survey",
    "SurveyAnswer",
    "SurveyItem",
]
