"""A letter to 5 000 addresses by a real SMTP conversation: brought in from a list, written, sent.

    python benchmarks/letters.py [--count 5000]

One address in a hundred is dead (550), ten lines have no consent, three addresses come twice in another case. SQLite in a
folder of its own, or DATABASE_URL's database if one is given (it must be empty). Prints a Markdown table, and fails when
anybody was missed, written to twice, or written to without consent.
"""

import argparse
import io
import logging
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
DEAD, UNPROVEN, TWICE = 50, 10, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=5_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "trajectoire.settings"}
        import django

        django.setup()
        measure(count)


def measure(count: int) -> None:
    from aiosmtpd.controller import Controller
    from django.conf import settings
    from django.core.management import call_command

    from tests.core.mail.conftest import Server
    from tests.postgres import free_port

    logging.getLogger("trajectoire.core.sending").setLevel(logging.ERROR)  # a line for each refusal
    for step in ("migrate", "load_reference", "load_types"):
        call_command(step, verbosity=0, stdout=io.StringIO())
    server = Server()
    gone = {f"p{number}@example.org" for number in range(0, count, count // DEAD)}
    server.answer = lambda address, tries: "550 5.1.1 No such user" if address in gone else None
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    try:
        spent = run(count)
    finally:
        controller.stop()
    everyone = {f"p{number}@example.org" for number in range(count)}
    assert sorted(server.addresses) == sorted(everyone - gone), "somebody was missed, or written to twice"
    print("| step | seconds | CPU |\n|---|--:|--:|")
    print("\n".join(f"| {step} | {seconds:.1f} | {cpu:.1f} |" for step, (seconds, cpu) in spent.items()))
    print(f"\n{len(server.addresses)} received, {len(gone)} refused; peak {peak()} MiB.")


def run(count: int) -> dict[str, tuple[float, float]]:
    """Seconds of each step, and those of the processor, the mail server's included."""
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from resources.letters import sending
    from resources.letters.models import Item, Letter
    from trajectoire.core import sending as outbox
    from trajectoire.core.importing import running
    from trajectoire.core.importing.records import ImportRun
    from trajectoire.core.mail import send_waiting

    send_waiting.__class__.enqueue = lambda *args, **kwargs: None  # each step by itself
    proof = "12/03/2024;Formulaire papier"
    lines = [f"p{number}@example.org;{proof}" for number in range(count)]
    lines += [f"P{number}@EXAMPLE.org;{proof}" for number in range(TWICE)]
    lines += [f"sans{number}@example.org;;" for number in range(UNPROVEN)]
    brought = ImportRun(importer="abonnements", name="liste.csv")
    brought.file.save("liste.csv", ContentFile("\n".join(["E-mail;Date;Accord", *lines]).encode()))
    running.prepare(brought, ImportRun.Job.IMPORT)
    letter = Letter.objects.create(number=48, title="mesure", intro="<p>Bonjour.</p>", status="ready", send_at=timezone.now())
    for number in range(20):
        text = f'<p>Un paragraphe avec <a href="https://example.org/{number}">un lien</a>.</p>'
        Item.objects.create(letter=letter, order=number, title=f"Nouvelle {number}", text=text)
    spent = {}
    for step, act in {
        "import of the list": lambda: running.carry_out(brought.pk),
        "page, links and messages written": sending.send_due,
        "messages sent": outbox.send_due,
        "run again": outbox.send_due,
        "dead addresses looked for": sending.bury,
    }.items():
        start, cpu = time.perf_counter(), time.process_time()
        act()
        spent[step] = time.perf_counter() - start, time.process_time() - cpu
    return spent


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
