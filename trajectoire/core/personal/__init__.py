"""Personal data: what is done with it (the register), where one person is found, her copy, her erasure.

Each app declares its treatments and its traces in its own `personal.py`, called from `AppConfig.ready()`.
"""

from .traces import Trace, fields, hold, leave_to_staff
from .treatments import Treatment, register, signed

__all__ = ["Trace", "Treatment", "fields", "hold", "leave_to_staff", "register", "signed"]
