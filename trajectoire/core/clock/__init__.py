"""What the site does by itself at its hours: apps declare their jobs in `AppConfig.ready()`, one process runs them.

See docs/exploitation.md; `manage.py clock` is that process.
"""

from .jobs import FIVE_MINUTES, HOUR, MINUTE, Job, daily, register, registered, weekly

__all__ = ["FIVE_MINUTES", "HOUR", "MINUTE", "Job", "daily", "register", "registered", "weekly"]
