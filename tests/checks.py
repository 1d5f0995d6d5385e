"""Every check of the project, one after the other, even after a failure; `python3 start.py test` installs, then runs this."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).absolute().parent.parent
RESULTS = ROOT / "var" / "test"
PYTHON = sys.executable
BIN = Path(PYTHON).parent
PRODUCTION = {
    "DJANGO_ENV": "production",
    "SECRET_KEY": hashlib.sha512(b"only to check the settings").hexdigest(),
    "ALLOWED_HOSTS": "www.example.org",
    "SITE_URL": "https://www.example.org",
    "DATABASE_URL": "postgres://site:secret@127.0.0.1/site",
    "CACHE_URL": "rediscache://127.0.0.1:6379/0",
    "DEFAULT_FROM_EMAIL": "site@example.com",
    "CONTACT_EMAIL": "contact@example.com",
    "EMAIL_URL": "smtp+tls://site:secret@127.0.0.1:587",
}


# What no database can change is left out of the second one: the start, how code is written, how well
# words are found, what is written from rows already read (citations, PDF, escaped text), files refused before they are stored,
# the demonstration, which is on SQLite only.
ELSEWHERE = (
    *("start", "core/retrieval", "resources/citing", "resources/metadata", "demo"),
    *("core/search/opensearch/test_quality.py", "core/search/opensearch/test_same_answers.py"),
    *("resources/test_booklet.py", "resources/test_document_escaping.py", "resources/test_admin_files.py"),
    *("network/test_maps.py", "network/test_quarters.py", "network/directory/test_demo.py", "network/events/test_demo.py"),
    *(f"consistency/test_{name}.py" for name in ("area", "conventions", "forms", "typography")),
    "core/test_prepare.py",
)
# So are the pages, the lists with their faces and the screens of the administration: how they look, what they count, whom they
# hide things from. The writers and queries below them have their own tests, and tests/consistency/test_access.py opens every one
# of them on both.
PAGES = (
    *(f"site/test_{name}.py" for name in ("errors", "faces", "leaks", "search", "search_leaks", "search_wider")),
    *(f"resources/test_{name}.py" for name in ("document_page", "list", "selection", "visibility")),
    *("network/test_views.py", "network/directory/test_entry.py", "network/directory/test_list.py"),
    *(f"network/events/test_{name}.py" for name in ("admin_event", "admin_follow", "ics", "joins", "list", "month", "page")),
    *("network/test_admin.py", "network/test_misses_admin.py", "network/test_contracts.py", "network/test_search_source.py"),
    "network/directory/test_admin.py",
    *("resources/test_admin.py", "resources/letters/test_admin.py", "core/mail/test_outbox_admin.py"),
)
POSTGRESQL = ["--ignore=tests/e2e", "--only-database", *(f"--ignore=tests/{name}" for name in (*ELSEWHERE, *PAGES))]


class Check(NamedTuple):
    """A command to run; an empty one stands for what this machine cannot run."""

    title: str
    command: list[str]
    environment: dict[str, str]
    report: str = ""  # the file where pytest leaves its counts


def main() -> int:
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    begun, lines, totals = time.monotonic(), [], [0, 0, 0]
    for check in checks():
        start = time.monotonic()
        print(f"\n━━ {check.title}\n", flush=True)
        counts = run(check)
        verdict = "ÉCHEC" if counts[1] else "réussi" if counts[0] else "omis"
        lines.append(f"{verdict:6} {seconds_since(start):>9}  {check.title}")
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
    print(f"\n━━ Bilan, en {seconds_since(begun)}\n", *lines, "", sep="\n")
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] else 0


def run(check: Check) -> list[int]:
    """How many passed, failed, were skipped: the tests of pytest, and any other tool as one."""
    if not check.command:
        return [0, 0, 1]
    try:
        code = subprocess.run(check.command, check=False, cwd=ROOT, env=os.environ | check.environment).returncode
    except FileNotFoundError as error:
        print(error)
        return [0, 1, 0]
    if not Path(check.report).is_file():
        return [int(code == 0), int(code != 0), 0]
    suite = ElementTree.parse(check.report).getroot()[0]
    tests, failures, errors, skipped = (int(suite.attrib[n]) for n in ("tests", "failures", "errors", "skipped"))
    failed = max(failures + errors, int(code != 0))
    return [max(tests - skipped - failed, 0), failed, skipped]


def seconds_since(start: float) -> str:
    return f"{time.monotonic() - start:.1f}".replace(".", ",") + " s"


def checks() -> list[Check]:
    deploy = ["check", "--deploy", "--fail-level", "WARNING"]
    both = [lines_of("sqlite"), lines_of("postgresql")]
    return [
        Check("Style du code", [tool("ruff"), "check", "."], {}),
        Check("Mise en forme", [tool("ruff"), "format", "--check", "."], {}),
        Check("Gabarits", [tool("djlint"), "templates", "--lint", "--profile", "django"], {}),
        Check("Types", [tool("mypy"), "."], {}),
        Check("Couches", [tool("lint-imports")], {}),
        Check("Dépendances", [tool("deptry"), "."], {}),
        Check("Migrations à jour", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
        Check("Réglages de production", [PYTHON, "manage.py", *deploy], PRODUCTION),
        # The tables are made at once here; the migrations run on PostgreSQL below, and on SQLite in the browser tests.
        pytest_check("Tests sur SQLite", "sqlite", ["--ignore=tests/e2e", "--no-migrations"], *measured("sqlite")),
        # What opens no database ran above; tests/start never does.
        pytest_check("Tests sur PostgreSQL", "postgresql", POSTGRESQL, "tests.postgres", *measured("postgresql")),
        browser_check(),
        Check("Couverture", [tool("slipcover"), "--fail-under", "100", "--out", lines_of("all"), "--merge", *both], {}),
    ]


def pytest_check(title: str, name: str, words: list[str], *before: str) -> Check:
    report = str(RESULTS / f"{name}.xml")
    return Check(title, [PYTHON, "-m", *before, "pytest", "-n", "2", *words, f"--junitxml={report}"], {}, report)


def measured(name: str) -> list[str]:
    """The words that have the module after them measured, lines and branches: see [tool.slipcover]."""
    return ["slipcover", "--json", "--out", lines_of(name), "-m"]


def lines_of(name: str) -> str:
    return str(RESULTS / f"lines-{name}.json")


def browser_check() -> Check:
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return pytest_check("Tests dans un navigateur", "browser", ["tests/e2e"])
    return Check("Tests dans un navigateur : pas exécutés, il faudrait installer Chromium", [], {})


def tool(name: str) -> str:
    return str(BIN / name)


if __name__ == "__main__":
    sys.exit(main())
