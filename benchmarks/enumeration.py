"""Whether the time of an answer tells which addresses are known: 200 tries for a known one, 200 for an unknown one, in turn.

    python benchmarks/enumeration.py [--tries 200]

The real password hasher and the real outbox, limits emptied between tries, mails written to files. SQLite in a folder of its
own, or DATABASE_URL's database (it must be empty). Prints a Markdown table; fails when two medians are more than 1.5 apart
for the login and the reset, or more than 1.5 and 20 ms for the others.
"""

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
MOST_APART, LEAST_SEEN = 1.5, 0.020  # ratio, seconds
PASSWORD = "quatre mots sans rapport"
KNOWN, UNKNOWN = "connue@example.org", "inconnue@example.org"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=200)
    tries = parser.parse_args().tries
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        # Mails leave in the background in production: the page does not wait for them.
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings", "LOG_LEVEL": "ERROR"}
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        call_command("migrate", verbosity=0, stdout=io.StringIO())
        call_command("load_pages", verbosity=0, stdout=io.StringIO())
        sys.exit(measure(tries))


def measure(tries: int) -> int:
    from django.core.cache import cache

    wrong = 0
    print("| formulaire | adresse connue | adresse inconnue | rapport |\n|---|--:|--:|--:|")
    for name, ask, strict in forms():
        spent: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
        answers = {}
        for _ in range(tries):
            for address, times in spent.items():
                cache.clear()
                begun = time.perf_counter()
                answers[address] = ask(address)
                times.append(time.perf_counter() - begun)
        known, unknown = (statistics.median(times) for times in spent.values())
        ratio = max(known, unknown) / min(known, unknown)
        wrong += answers[KNOWN] != answers[UNKNOWN]
        wrong += ratio > MOST_APART and (strict or abs(known - unknown) > LEAST_SEEN)
        print(f"| {name} | {known * 1000:.1f} ms | {unknown * 1000:.1f} ms | {ratio:.2f} |".replace(".", ","))
    return wrong


def forms() -> list[tuple[str, Callable[[str], int], bool]]:
    """(name, what is asked with an address → status, whether the ratio alone decides)."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from trajectoire.core import inviting
    from trajectoire.core.models import User
    from trajectoire.core.roles import load_roles

    load_roles()
    asking = User.objects.create_user("quelquun@example.org", PASSWORD)
    User.objects.create_user(KNOWN, PASSWORD)
    inside = Client()
    assert inside.post("/compte/login/", {"login": asking.email, "password": PASSWORD}).status_code == 302
    invitation = inviting.invite(asking, "invitee@example.org", Group.objects.get(name="formateurs"))
    links = {KNOWN: inviting.accept_path(invitation)[:-3] + "aa/", UNKNOWN: "/compte/invitation/inconnu/"}
    outside = Client()

    def change(address: str) -> int:
        return inside.post("/compte/email/", {"email": address, "action_add": ""}).status_code

    return [
        ("connexion", lambda a: outside.post("/compte/login/", {"login": a, "password": "pas le bon"}).status_code, True),
        ("mot de passe oublié", lambda a: outside.post("/compte/password/reset/", {"email": a}).status_code, True),
        ("changement d’adresse", change, False),
        ("lien d’invitation", lambda a: outside.get(links[a]).status_code, False),
    ]


if __name__ == "__main__":
    main()
