"""Many people ask for the whole list as a spreadsheet at once, while others read.

    python benchmarks/exports_crowd.py VAR_DIR [--people 100]

VAR_DIR is the folder of a site that holds documents (see benchmarks/exports.py). One server process with threads; each person has
their own address, as a proxy would say it. Prints what the exports answered, how long readers waited for a page before and
meanwhile, and the memory of the server before and at its highest.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE, EXPORT = "/ressources/?theme=education", "/ressources/export.ods"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--people", type=int, default=100)
    options = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"VAR_DIR": options.folder, "TRUSTED_PROXY_COUNT": "1"}
    command = [sys.executable, "-W", "ignore", "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        run(port, server.pid, options.people)
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            ask(port, "/healthz", "192.0.2.1")
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server does not answer")


def run(port: int, pid: int, people: int) -> None:
    ask(port, EXPORT + "?theme=inconnu", "192.0.2.1")
    alone = [ask(port, PAGE, "192.0.2.1")[1] for _ in range(20)]
    before, answers = memory(pid, "VmRSS"), Counter()
    crowd = [
        threading.Thread(target=lambda n=n: answers.update([ask(port, EXPORT, f"198.51.100.{n}")[0]])) for n in range(people)
    ]
    for person in crowd:
        person.start()
    meanwhile = []
    while any(person.is_alive() for person in crowd):
        status, seconds = ask(port, PAGE, "192.0.2.1")
        assert status == 200
        meanwhile.append(seconds)
    print("exports:", ", ".join(f"{count} × {status}" for status, count in sorted(answers.items())))
    print(f"a page alone: median {statistics.median(alone):.2f} s, longest {max(alone):.2f} s")
    print(
        f"{len(meanwhile)} pages meanwhile, all 200: median {statistics.median(meanwhile):.2f} s, longest {max(meanwhile):.2f} s"
    )
    print(f"memory: {before} MB before, {memory(pid, 'VmHWM')} MB at most")


def ask(port: int, path: str, client: str) -> tuple[int, float]:
    """(status, seconds); the body is read and dropped."""
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path, headers={"X-Forwarded-For": client})
    response = connection.getresponse()
    while response.read(65_536):
        pass
    connection.close()
    return response.status, time.monotonic() - start


def memory(pid: int, name: str) -> int:
    """Megabytes, as Linux counts them."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1000 for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
