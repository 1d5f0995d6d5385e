"""One settings file, read from the environment (docs/environment.md lists each variable).

Without any variable the site runs as the demonstration: SQLite, files in var/, mails written to var/mails,
background work done at once. Production sets DJANGO_ENV=production and is checked by trajectoire/core/checks.py.
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF

from trajectoire.core import reporting, storing

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.str("DJANGO_ENV", "demo") == "production"
DEBUG = env.bool("DEBUG", False)
DEMO_SECRET_KEY = "demonstration-only-not-for-production-0123456789-abcdefghij"  # noqa: S105  (refused in production)
SECRET_KEY = env.str("SECRET_KEY", DEMO_SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if PRODUCTION else []

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

INSTALLED_APPS = [
    "trajectoire.core",
    "network",
    "network.events",
    "resources",
    "resources.alerts",
    "resources.letters",
    "vrl",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "trajectoire.core.middleware.named_request",
    "trajectoire.core.middleware.something_away",
    "trajectoire.core.page_cache.kept_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "trajectoire.core.middleware.security_headers",
    "trajectoire.core.middleware.compressed",
    "trajectoire.core.middleware.not_modified",
    "trajectoire.core.middleware.one_version_per_request",
    "trajectoire.core.middleware.private_by_default",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "trajectoire.core.middleware.clean_input",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "trajectoire.core.second_factor.asked_first",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "trajectoire.urls"
WSGI_APPLICATION = "trajectoire.wsgi.application"
ASGI_APPLICATION = "trajectoire.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trajectoire.core.context_processors.site",
            ],
            "builtins": ["trajectoire.core.templatetags.site"],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Deferred transactions lose simultaneous writers ("database is locked"): take the write lock at BEGIN.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    # PostgreSQL compiles what it believes long: a second for queries that then take a millisecond.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", "locmemcache://trajectoire")}
# Seconds that a public page is kept: only where all processes share the cache, for each must see when it is no longer true.
SHARED_CACHE = not CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache"))
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", 60 if SHARED_CACHE else 0)
SEARCH_INDEX_DIR = VAR_DIR / "index"
CARDS_DIR = VAR_DIR / "cards"  # pictures for social networks, drawn again when missing
SEARCH_URL = env.str("SEARCH_URL", "")

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend" if PRODUCTION else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    # ASVS 5 6.2.1 asks for 8 and CNIL's recommendation 2022-100 for 50 bits, which 12 letters give without rules of composition.
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "trajectoire.core.passwords.SiteWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "vrl:space"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "trajectoire.core.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "trajectoire.core.accounts.LoginForm",
    "reset_password": "trajectoire.core.accounts.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = True  # one address an account: the new one replaces the old once confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
PASSWORD_RESET_TIMEOUT = 7_200
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "trajectoire.core.second_factor.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "trajectoire.core.accounts.AddKeyForm",
    "edit_webauthn": "trajectoire.core.accounts.RenameKeyForm",
    "activate_totp": "trajectoire.core.accounts.AddApplicationForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost, for the demonstration
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are opened by staff: nobody takes the address of another
MFA_TOTP_ISSUER = "Trajectoire Ressources"
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", PRODUCTION)

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
FILES_URL = env.str("FILES_URL", "")
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/medias-internes/"  # never routed: files are served by views that check access
STORAGES = {
    "default": {"BACKEND": "trajectoire.core.storing.FolderStorage"}
    if not FILES_URL
    else {"BACKEND": "trajectoire.core.storing.ObjectStorage", "OPTIONS": storing.address(FILES_URL)},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 50_000_000)
CLAMAV_URL = env.str("CLAMAV_URL", "")
BACKUP_DIR = Path(env.str("BACKUP_DIR", str(VAR_DIR / "sauvegardes")))
BACKUP_KEEP = env.int("BACKUP_KEEP", 30)
BACKUP_KEY = env.str("BACKUP_KEY", "")
ERASURES_FILE = Path(env.str("ERASURES_FILE", str(VAR_DIR / "effacements.txt")))

EMAIL_CONFIG = env.email_url("EMAIL_URL", f"filemail:///{VAR_DIR / 'mails'}")  # one slash is taken off the path
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Trajectoire Ressources <ne-pas-repondre@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "contact@example.org")

ATTESTATION_THRESHOLD = env.int("ATTESTATION_THRESHOLD", 100)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "trajectoire.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
# The one style sheet that the prose editor (Tiptap) writes into the page, allowed by what it holds and nothing else.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, EDITOR_STYLE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "trajectoire.core.logs.OneLine",
            "format": "{asctime} {levelname} {request} {name} {message}",
            "style": "{",
        },
        "json": {"()": "trajectoire.core.logs.Json"},
    },
    "filters": {"request": {"()": "trajectoire.core.logs.OfRequest"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if env.bool("LOG_JSON", False) else "line",
            "filters": ["request"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}

# Errors told to a server of Sentry, without anything of the people who met them.
if SENTRY_DSN := env.str("SENTRY_DSN", ""):
    reporting.begin(SENTRY_DSN)
