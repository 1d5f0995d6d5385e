"""Bringing contents in: one contract for every format, one way to try, carry out, resume and undo. See docs/importing.md.

An importer reads records from a file (`read`) and says what becomes of each (`target`); all the rest is done here.
"""

from ..tables import Unreadable
from .columns import Column
from .contract import Action, Importer, Options, Planned, Record, Target, named, register, registered

__all__ = [
    "Action",
    "Column",
    "Importer",
    "Options",
    "Planned",
    "Record",
    "Target",
    "Unreadable",
    "named",
    "register",
    "registered",
]
