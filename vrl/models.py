"""The models of this app, in modules by subject."""

from .asking import Candidacy, TrainingRequest, Volunteer
from .bilan.year import BilanCorrection, BilanTarget, BilanYear
from .exchange import DigestSent, Reply, Topic
from .kit_part import Favourite, KitPart, KitReading
from .report import Report, SituationMet
from .session import Session, SessionChange, SessionModel, TeamMember
from .situation import LegalSource, Situation
from .trainer import Availability, Habilitation, Trainer

__all__ = [
    "Availability",
    "BilanCorrection",
    "BilanTarget",
    "BilanYear",
    "Candidacy",
    "DigestSent",
    "Favourite",
    "Habilitation",
    "KitPart",
    "KitReading",
    "LegalSource",
    "Reply",
    "Report",
    "Session",
    "SessionChange",
    "SessionModel",
    "Situation",
    "SituationMet",
    "TeamMember",
    "Topic",
    "Trainer",
    "TrainingRequest",
    "Volunteer",
]
