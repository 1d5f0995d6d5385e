"""The administration of the plan, in modules by subject: each registers itself."""

from . import admin_asking, admin_exchange, admin_kit, admin_sessions, admin_situations, admin_trainers  # noqa: F401
from .bilan import admin as bilan_admin  # noqa: F401
