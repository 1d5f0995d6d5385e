"""Two web processes behind nginx on one PostgreSQL, one Redis and one S3 server, killed in turn while people read and write.

    python benchmarks/together.py [--seconds 60] [--people 50]

Needs the packages of requirements-production.txt and requirements-dev.txt, `redis-server` and `nginx`. Everything listens on 127.0.0.1 and
ends with the program. Prints what was asked, what failed, and how long the answers took.
"""

import argparse
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import server as postgresql  # noqa: E402

HOST = "www.example.org"
PAGES = ["/", "/ressources/", "/ressources/?theme=education", "/recherche/?q=m%C3%A9diation", "/agenda/", "/territoires/25/"]
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  upstream trajectoire {{ server 127.0.0.1:{first} max_fails=0; server 127.0.0.1:{second} max_fails=0; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://trajectoire; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host {host}; proxy_set_header X-Forwarded-Proto https; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_connect_timeout 5s; proxy_next_upstream error timeout http_502 http_503; proxy_next_upstream_timeout 15s;
    }}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*command: str, environment: dict[str, str] | None = None, port: int = 0, log: Path) -> Iterator[subprocess.Popen]:
    """A process until the end of the block, once it listens."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(port)
        yield process
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    limit = time.monotonic() + 60
    while port and time.monotonic() < limit:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    if port:
        raise TimeoutError(port)


class Site:
    """The servers, and the two web processes by their place."""

    def __init__(self, stack: ExitStack, folder: Path, database: str) -> None:
        self.stack, self.folder = stack, folder
        cache, files, self.port = free_port(), free_port(), free_port()
        self.ports = [free_port(), free_port()]
        self.web: list[subprocess.Popen | None] = [None, None]
        self.start("redis-server", "--port", str(cache), "--save", "", "--dir", str(folder), port=cache)
        self.start(sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(files), port=files)
        self.environment = os.environ | {
            "DJANGO_ENV": "production",
            "SECRET_KEY": "together-" + "x" * 60,
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}",
            "DATABASE_URL": database,
            "CACHE_URL": f"rediscache://127.0.0.1:{cache}/0",
            "FILES_URL": f"s3://cle:secret@127.0.0.1:{files}/trajectoire?tls=0",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "DEFAULT_FROM_EMAIL": "site@example.com",
            "CONTACT_EMAIL": "contact@example.com",
            "STATIC_ROOT": str(folder / "static"),
            "PYTHONWARNINGS": "ignore",
        }
        self.make_bucket(files)
        self.manage("prepare", "--no-demo")
        for words in (["load_directory_demo"], ["load_agenda_demo"], ["make_documents", "--count", "10000"]):
            self.manage(*words, DJANGO_ENV="demo")  # production loads nothing imaginary
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        for place in (0, 1):
            self.manage("rebuild_index", VAR_DIR=str(self.folder / f"machine-{place}"))
            self.start_web(place)
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, host=HOST, port=self.port, first=self.ports[0], second=self.ports[1]))
        self.start("nginx", "-c", str(config), port=self.port)
        for command in ("db_worker", "clock"):
            self.start(sys.executable, "manage.py", command, environment=self.of(2))

    def start(self, *command: str, port: int = 0, environment: dict[str, str] | None = None) -> subprocess.Popen:
        log = self.folder / f"{Path(command[0]).name}.log"
        return self.stack.enter_context(running(*command, port=port, environment=environment, log=log))

    def of(self, machine: int) -> dict[str, str]:
        """Each machine has its own folder: nothing on one is seen by another."""
        return self.environment | {"VAR_DIR": str(self.folder / f"machine-{machine}")}

    def make_bucket(self, port: int) -> None:
        import boto3

        keys = {"aws_access_key_id": "cle", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", **keys).create_bucket(Bucket="trajectoire")

    def manage(self, *words: str, **more: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=self.of(2) | more, check=True, stdout=subprocess.DEVNULL)

    def start_web(self, place: int) -> None:
        command = [
            "-m",
            "gunicorn",
            "--config",
            "trajectoire/gunicorn.py",
            "--bind",
            f"127.0.0.1:{self.ports[place]}",
            "trajectoire.wsgi",
        ]
        self.web[place] = self.start(sys.executable, *command, port=self.ports[place], environment=self.of(place))

    def end_web(self, place: int, number: int) -> None:
        process = self.web[place]
        assert process
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)  # with its children, as systemd and containers do
        else:
            process.send_signal(number)
        process.wait()


class Readers:
    """So many people who read one page after the other until told to stop."""

    def __init__(self, port: int, people: int) -> None:
        self.port, self.stopped = port, threading.Event()
        self.statuses: Counter[str] = Counter()
        self.times: list[float] = []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.read, args=(number,)) for number in range(people)]

    def __enter__(self) -> "Readers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def read(self, number: int) -> None:
        choose = random.Random(number)
        while not self.stopped.is_set():
            start = time.monotonic()
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.request("GET", choose.choice(PAGES), headers={"Accept-Encoding": "br"})
                answer = connection.getresponse()
                answer.read()
                told = str(answer.status)
                connection.close()
            except (OSError, http.client.HTTPException) as error:
                told = type(error).__name__
            with self.lock:
                self.statuses[told] += 1
                self.times.append(time.monotonic() - start)

    def said(self) -> str:
        times = sorted(self.times)
        return (
            f"{len(times)} answers, {dict(self.statuses)}, median {times[len(times) // 2] * 1000:.0f} ms, "
            f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms, longest {times[-1] * 1000:.0f} ms"
        )


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--people", type=int, default=50)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="together-") as name, postgresql() as database, ExitStack() as stack:
        site = Site(stack, Path(name), database)
        with Readers(site.port, given.people) as quiet:
            time.sleep(given.seconds)
        print(f"both serve: {quiet.said()}", flush=True)
        for title, number in (("restarted in turn", signal.SIGTERM), ("killed in turn", signal.SIGKILL)):
            with Readers(site.port, given.people) as readers:
                for place in (0, 1, 0, 1):
                    time.sleep(given.seconds / 5)
                    site.end_web(place, number)
                    site.start_web(place)
                time.sleep(given.seconds / 5)
            print(f"{title}: {readers.said()}", flush=True)


if __name__ == "__main__":
    main()
