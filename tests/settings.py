"""The site's settings for tests: their own folder, a database in a real file, quick passwords."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="trajectoire-tests-"))

from trajectoire.settings import *  # noqa: F403
from trajectoire.settings import DATABASES, VAR_DIR

# As in production; the site that the browser visits (tests/e2e/server.py) is the demonstration.
SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR_REQUIRED", "true") == "true"
SECRET_KEY = "tests-only-" + "x" * 50
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = Path(VAR_DIR) / "static"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # In memory, threads would share one connection: the locks of the real thing would not be tried.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR_DIR) / "tests.sqlite3")}
