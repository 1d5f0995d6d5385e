"""The models of the network, written by subject in the modules beside this one."""

from .accompaniment.requests import HelpNote, HelpRequest
from .directory.addresses import DirectoryAddress
from .directory.initiatives import Initiative
from .directory.people import Basis, Person, PersonKind
from .directory.proposals import Proposal
from .importing.records import DuplicatePair
from .organisations import Organisation, OrganisationKind
from .territories import Contract, Generation, Territory, TerritoryKind
from .themes import Audience, GlossaryEntry, Offer, Theme

__all__ = [
    "Audience",
    "Basis",
    "Contract",
    "DirectoryAddress",
    "DuplicatePair",
    "Generation",
    "GlossaryEntry",
    "HelpNote",
    "HelpRequest",
    "Initiative",
    "Offer",
    "Organisation",
    "OrganisationKind",
    "Person",
    "PersonKind",
    "Proposal",
    "Territory",
    "TerritoryKind",
    "Theme",
]
