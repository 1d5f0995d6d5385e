"""The models of the network, written by subject in the modules beside this one."""

from .organisations import Organisation, OrganisationKind
from .territories import Contract, Generation, Territory, TerritoryKind
from .themes import Audience, GlossaryEntry, Theme

__all__ = [
    "Audience",
    "Contract",
    "Generation",
    "GlossaryEntry",
    "Organisation",
    "OrganisationKind",
    "Territory",
    "TerritoryKind",
    "Theme",
]
