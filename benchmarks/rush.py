"""Many people at once on the last places, over HTTP: each fills the form, sends it, and clicks twice.

    python benchmarks/rush.py [--people 200] [--places 10] [--runs 20] [--workers 4]

A site of its own (SQLite in a folder, or the empty database of DATABASE_URL), served by several processes that share their
socket. Each person has an address of her own, as a proxy would say it. Fails when places are given twice, when somebody is
lost or told what is not true, or when the line is not in order. Prints a Markdown row: what was found, and how long people waited.
"""

import argparse
import contextlib
import datetime
import http.client
import io
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
THREADS = 8
Answer = tuple[int, str, float]  # status, what the page says, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("people", 200), ("places", 10), ("runs", 20), ("workers", 4)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.settings", "TRUSTED_PROXY_COUNT": "1"}
        import django

        django.setup()
        prepare()
        with served(options.workers) as port:
            measure(port, options)


def prepare() -> None:
    from django.core.management import call_command

    for step in ("migrate", "load_reference", "load_pages"):
        call_command(step, verbosity=0, stdout=io.StringIO())


@contextlib.contextmanager
def served(workers: int):
    """Processes that answer on one socket, as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        os.set_inheritable(listening.fileno(), True)
        command = [sys.executable, "-W", "ignore", __file__, "--serve", str(listening.fileno())]
        processes = [subprocess.Popen(command, cwd=ROOT, pass_fds=[listening.fileno()]) for _ in range(workers)]
        try:
            yield listening.getsockname()[1]
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
                process.wait()


def serve(descriptor: int) -> None:
    """One process of the site: a few threads, as many connections to the database. Mails are left to the background."""
    import django

    django.setup()
    from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer

    from trajectoire.core.mail import send_waiting
    from trajectoire.wsgi import application

    send_waiting.__class__.enqueue = lambda *args, **kwargs: None
    pool = ThreadPoolExecutor(THREADS)

    class Server(WSGIServer):
        def process_request(self, request, client_address):
            pool.submit(self.answer, request, client_address)

        def answer(self, request, client_address):
            self.finish_request(request, client_address)
            self.shutdown_request(request)

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            pass

    server = Server(("127.0.0.1", 0), Quiet, bind_and_activate=False)
    server.socket = socket.socket(fileno=descriptor)
    server.server_address = server.socket.getsockname()
    server.server_name, server.server_port = server.server_address
    server.setup_environ()
    server.set_app(application)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server.serve_forever()


def measure(port: int, options: argparse.Namespace) -> None:
    waits, seen = [], Counter()
    for number in range(options.runs):
        answers = rush(port, number, options)
        waits += [seconds for _, _, seconds in answers]
        seen.update(f"{status} {said}" for status, said, _ in answers)
    waits.sort()
    from django.db import connection

    row = [connection.vendor, options.runs, options.people, options.places, statistics.median(waits), waits[-len(waits) // 100]]
    print("| database | runs | people | places | median s | p99 s | longest s |\n|---|--:|--:|--:|--:|--:|--:|")
    print("| {} | {} | {} | {} | {:.2f} | {:.2f} | {:.2f} |".format(*row, waits[-1]))
    print("\n".join(f"{count} × {what}" for what, count in seen.most_common()))


def rush(port: int, number: int, options: argparse.Namespace) -> list[Answer]:
    """One event, everybody at once, each twice; what each was answered, after checking what the database holds."""
    from network.events.models import Registration
    from tests.factories import events
    from trajectoire.core.outbox import OutgoingMail

    made = events.event(f"Rush {number}", capacity=options.places)
    ready, answers, told = threading.Barrier(options.people), [], {}

    def person(who: int) -> None:
        email = f"r{number}p{who}@example.org"
        try:
            fields, cookie = form(port, made.slug, who)
            ready.wait(300)
            for _ in range(2):
                answers.append(send(port, made.slug, who, cookie, fields | {"name": f"P{who}", "email": email}))
                told.setdefault(email, set()).add(answers[-1][1])
        except BaseException:
            ready.abort()
            raise

    crowd = [threading.Thread(target=person, args=(who,)) for who in range(options.people)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    rows = list(Registration.objects.filter(event=made).order_by("queued_at", "pk"))
    expected = ["confirmee"] * options.places + ["attente"] * (options.people - options.places)
    assert [row.state for row in rows] == expected, Counter(row.state for row in rows)
    words = {"confirmee": {"Votre place est confirmée"}, "attente": {"Vous êtes en liste d’attente"}}
    wrong = [row.email for row in rows if told[row.email] != words[row.state]]
    assert not wrong, f"told what is not true: {wrong}"
    subjects = Counter(OutgoingMail.objects.filter(recipient__startswith=f"r{number}p").values_list("recipient", flat=True))
    assert set(subjects.values()) == {1}, "somebody was written to twice, or not at all"
    return answers


def form(port: int, slug: str, who: int) -> tuple[dict[str, str], str]:
    """The hidden fields of the form as this person was shown it, and her cookie; shown a minute ago."""
    from tests.factories.directory import shown_a_minute_ago

    status, html, headers = ask(port, "GET", f"/agenda/{slug}/inscription/", who)
    assert status == 200, status
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    cookie = headers["Set-Cookie"].split(";")[0]
    given = {"shown_at": shown_a_minute_ago(), "status": "elu", "department": "25", "action": "inscrire"}
    return hidden | given, cookie


def send(port: int, slug: str, who: int, cookie: str, fields: dict[str, str]) -> Answer:
    """Send the form and read the page it leads to; the time is that of both."""
    start = time.monotonic()
    status, _, headers = ask(port, "POST", f"/agenda/{slug}/inscription/", who, urlencode(fields), cookie)
    if status != 302:
        return status, "refused", time.monotonic() - start
    status, html, _ = ask(port, "GET", headers["Location"], who)
    return status, re.search(r"<h1>(.*?)</h1>", html)[1], time.monotonic() - start


def ask(
    port: int, method: str, path: str, who: int, body: str = "", cookie: str = ""
) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"X-Forwarded-For": f"198.51.{who // 250}.{who % 250}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, headers | ({"Cookie": cookie} if cookie else {}))
    answer = connection.getresponse()
    html = answer.read().decode()
    connection.close()
    return answer.status, html, answer.headers


if __name__ == "__main__":
    started = datetime.datetime.now(tz=datetime.UTC)
    main()
    print(f"{(datetime.datetime.now(tz=datetime.UTC) - started).total_seconds():.0f} s in all")
