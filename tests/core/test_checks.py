"""Production refuses to start with the demonstration's settings."""

import importlib
import os
import subprocess
import sys

import pytest
from csp.constants import NONCE

import trajectoire.settings
from tests.checks import PRODUCTION, ROOT
from trajectoire.core.checks import antivirus_can_be_asked, production_is_safe
from trajectoire.core.starting import refuse_unsafe

GOOD = {
    "PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": ["www.example.fr"],
    "SITE_URL": "https://www.example.fr",
    "DEFAULT_FROM_EMAIL": "Le centre <ne-pas-repondre@example.fr>",
    "CONTACT_EMAIL": "contact@example.fr",
    "SECOND_FACTOR_REQUIRED": True,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:6379/0"}},
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"DEBUG": True}, ["trajectoire.E001"]),
        ({"SECRET_KEY": "short"}, ["trajectoire.E002"]),
        ({"SECRET_KEY": "demonstration-only-not-for-production-0123456789-abcdefghij"}, ["trajectoire.E002"]),
        ({"ALLOWED_HOSTS": []}, ["trajectoire.E003", "trajectoire.E009"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["trajectoire.E003"]),
        ({"SITE_URL": "http://www.example.fr"}, ["trajectoire.E004"]),
        ({"CONTACT_EMAIL": "contact@example.org"}, ["trajectoire.E005"]),
        ({"DEFAULT_FROM_EMAIL": "a@example.org"}, ["trajectoire.E005"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, ["trajectoire.E008"]),
        ({"SITE_URL": "https://autre.example.fr"}, ["trajectoire.E009"]),
        ({"SECOND_FACTOR_REQUIRED": False}, ["trajectoire.E011"]),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, ["trajectoire.E012"]),
        ({"PRODUCTION": False, "DEBUG": True, "SECRET_KEY": "x", "SITE_URL": ""}, []),
    ],
)
def test_each_unsafe_setting_is_named(settings, changes, expected):
    for name, value in (GOOD | changes).items():
        setattr(settings, name, value)
    found = production_is_safe(None)
    assert [error.id for error in found] == expected
    assert all(error.msg.endswith(".") for error in found)


@pytest.mark.parametrize(
    ("url", "expected"),
    [("", []), ("tcp://clamav:3310", []), ("tcp://clamav", [])]
    + [(url, ["trajectoire.E010"]) for url in ("clamav:3310", "http://clamav:3310", "tcp://", "tcp://clamav:x", "tcp://a/b")],
)
def test_address_of_the_antivirus_is_checked(settings, url, expected):
    settings.CLAMAV_URL = url
    assert [error.id for error in antivirus_can_be_asked(None)] == expected


def test_deployment_check_has_nothing_to_say(tmp_path):
    code = (
        "import django; django.setup(); from django.core.management import call_command; "
        "call_command('check', deploy=True, fail_level='DEBUG')"
    )
    done = production(tmp_path, code)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


REAL = PRODUCTION | {"DEFAULT_FROM_EMAIL": "site@example.fr", "CONTACT_EMAIL": "contact@example.fr"}


def production(tmp_path, code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run some code with the production's environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO", "COV"))}
    environment |= (
        REAL | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "trajectoire.settings", "PYTHONPATH": str(ROOT)} | changes
    )
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=environment, cwd=ROOT, text=True, capture_output=True, timeout=60
    )


def test_production_refuses_to_start_with_the_demonstration_s_key(tmp_path):
    start = "import django; django.setup(); from django.core.management import call_command; call_command('check')"
    refused = production(tmp_path, start, SECRET_KEY="demonstration-only-not-for-production-0123456789-abcdefghij", DEBUG="true")
    assert refused.returncode == 1
    assert "trajectoire.E001" in refused.stderr
    assert "trajectoire.E002" in refused.stderr
    accepted = production(tmp_path, start)
    assert accepted.returncode == 0, accepted.stderr


def test_production_is_https_only_with_safe_cookies(tmp_path):
    asked = """
import django; django.setup()
from django.conf import settings as s
assert s.SECURE_SSL_REDIRECT and s.SECURE_HSTS_SECONDS >= 31_536_000 and s.SECURE_HSTS_INCLUDE_SUBDOMAINS
assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SESSION_COOKIE_HTTPONLY and not s.DEBUG
assert s.SESSION_COOKIE_NAME.startswith("__Host-") and s.CSRF_COOKIE_NAME.startswith("__Host-")
assert s.TASKS["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend"
assert "Manifest" in s.STORAGES["staticfiles"]["BACKEND"]
assert s.DATABASES["default"]["CONN_HEALTH_CHECKS"]
from django.test import Client
answer = Client().get("/robots.txt", headers={"Host": "www.example.org"})
assert answer.status_code == 301 and answer.headers["Location"] == "https://www.example.org/robots.txt", answer
answer = Client().get("/robots.txt", secure=True, headers={"Host": "www.example.org"})
assert answer.status_code == 200 and "max-age=31536000" in answer.headers["Strict-Transport-Security"]
told = str(answer.headers).lower()
assert not [name for name in ("django", "python", "gunicorn", "x-powered-by") if name in told], told
from django.http import HttpResponse
from django.middleware.csrf import get_token, CsrfViewMiddleware
from django.test import RequestFactory
request = RequestFactory().get("/contact/", secure=True, headers={"Host": "www.example.org"})
given = CsrfViewMiddleware(lambda request: get_token(request) and HttpResponse())(request).cookies["__Host-csrf"]
assert given["secure"] and given["httponly"] and given["path"] == "/" and not given["domain"], given
print("fine")
"""
    done = production(tmp_path, asked)
    assert done.stdout.strip() == "fine", done.stderr


@pytest.mark.parametrize(("changes", "told"), [({}, ""), ({"SECRET_KEY": "short"}, "SECRET_KEY doit être une suite aléatoire")])
def test_server_refuses_to_start_with_unsafe_settings(settings, changes, told):
    for name, value in (GOOD | changes).items():
        setattr(settings, name, value)
    if told:
        with pytest.raises(SystemExit, match=told):
            refuse_unsafe()
    else:
        refuse_unsafe()


class TestSettings:
    """The settings file itself, read again with another environment."""

    @pytest.fixture
    def read(self, monkeypatch, tmp_path):
        def run(**environment: str) -> dict:
            for name in ("DATABASE_URL", "DJANGO_ENV", "DEBUG"):
                monkeypatch.delenv(name, raising=False)
            for name, value in (environment | {"VAR_DIR": str(tmp_path / "site")}).items():
                monkeypatch.setenv(name, value)
            monkeypatch.delitem(sys.modules, "trajectoire.settings")
            monkeypatch.setattr(trajectoire, "settings", trajectoire.settings)  # put back at the end
            return vars(importlib.import_module("trajectoire.settings"))

        return run

    def test_demonstration_needs_nothing(self, read, tmp_path):
        found = read()
        assert not found["PRODUCTION"]
        assert not found["DEBUG"]
        assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
        assert found["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        assert "journal_mode=WAL" in found["DATABASES"]["default"]["OPTIONS"]["init_command"]
        assert (tmp_path / "site" / "tmp").is_dir()
        assert "SECURE_SSL_REDIRECT" not in found

    def test_production_reads_its_environment(self, read):
        found = read(**REAL)
        assert found["ALLOWED_HOSTS"] == ["www.example.org"]
        assert found["CSRF_TRUSTED_ORIGINS"] == ["https://www.example.org"]
        assert found["DATABASES"]["default"]["CONN_HEALTH_CHECKS"] is True
        assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
        assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
        assert found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["script-src"] == ["'self'", NONCE]
        assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
        assert found["CACHES"]["default"]["BACKEND"].endswith("RedisCache")

    def test_files_go_to_the_server_named(self, read):
        assert read()["STORAGES"]["default"] == {"BACKEND": "trajectoire.core.storing.FolderStorage"}
        found = read(FILES_URL="s3://cle:secret@s3.example.org/seau")
        assert found["STORAGES"]["default"]["BACKEND"] == "trajectoire.core.storing.ObjectStorage"
        assert found["STORAGES"]["default"]["OPTIONS"]["endpoint_url"] == "https://s3.example.org"

    def test_errors_are_told_to_sentry_when_it_is_named(self, read, monkeypatch):
        told = []
        monkeypatch.setattr("sentry_sdk.init", lambda dsn, **options: told.append(dsn))
        read(SENTRY_DSN="http://cle@127.0.0.1:9/1")
        assert told == ["http://cle@127.0.0.1:9/1"]

    def test_journal_is_json_when_asked(self, read):
        assert [read(LOG_JSON=said)["LOGGING"]["handlers"]["console"]["formatter"] for said in ("true", "false")] == [
            "json",
            "line",
        ]

    def test_production_without_hosts_answers_nobody(self, read):
        assert read(DJANGO_ENV="production", DATABASE_URL=REAL["DATABASE_URL"])["ALLOWED_HOSTS"] == []
