#!/usr/bin/env python3
"""Set the site up and serve it, or run every check. Only the standard library, so that a bare Python is enough.

What it makes: `.venv/` (the packages, checked against the hashes of the requirements) and `var/` (database, media,
index, mails, log). The syntax stays readable by Python 3.8, which then gets a sentence instead of a SyntaxError.
"""

from __future__ import annotations

import hashlib
import http.client
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

OLDEST = (3, 11)
ROOT = Path(__file__).absolute().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.json"
VAR = ROOT / "var"
LOG = VAR / "start.log"
DEMO = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "media", "index", "mails", "prepared.json")
NO_NETWORK = ("connection broken", "failed to establish", "dns error", "error sending request", "failed to fetch")
# Variables that point at another site: its database must receive neither the demonstration nor the tests.
ELSEWHERE = ("DJANGO_SETTINGS_MODULE", "DJANGO_ENV", "SECRET_KEY", "DATABASE_URL", "CACHE_URL", "EMAIL_URL", "VAR_DIR")
# Without compiled modules, each process would spend seconds compiling them again.
SLOWS = ("PYTHONDONTWRITEBYTECODE",)

HELP = """\
python3 start.py               installer ce qui manque, puis ouvrir le site de démonstration
    --port N                   choisir le port (8000 sans précision)
    --reset                    effacer la démonstration et repartir à neuf, après confirmation
    --no-serve                 tout préparer sans ouvrir le site

python3 start.py test          lancer toutes les vérifications
python3 start.py test -k mot   lancer seulement certains tests, sur SQLite (mêmes options que pytest)"""


class Problem(Exception):
    """Something the reader can mend, told in one sentence and without a traceback."""


def main(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        check_python()
        if words[:1] == ["test"]:
            return run_tests(words[1:])
        return run_site(read_command(words))
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nLe système a refusé une opération : {error}. Corrigez, puis relancez la commande.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu. La même commande reprendra là où il faut.", file=sys.stderr)
        return 130


def run_tests(pytest_words: list[str]) -> int:
    check_folder()
    install("requirements.txt")
    install("requirements-dev.txt")
    command = [str(PYTHON), "-m", *(["pytest", *pytest_words] if pytest_words else ["tests.checks"])]
    return subprocess.run(command, check=False, cwd=ROOT, env=site_environment()).returncode


def run_site(command: Namespace) -> int:
    if command.help:
        print(HELP)
        return 0
    check_folder()
    if not command.no_serve:
        check_port(command.port)  # first: a site still open there must not lose its database under its feet
    if command.reset:
        reset()
    install("requirements.txt")
    prepare()
    return 0 if command.no_serve else serve(command.port)


class FrenchParser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"La commande n’a pas été comprise. Voici ce qui est possible :\n\n{HELP}", file=sys.stderr)
        sys.exit(2)


def read_command(words: list[str]) -> Namespace:
    parser = FrenchParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--port", type=int, choices=range(1, 65536), default=8000)
    parser.add_argument("--reset", action="store_true")
    parser.add_argument("--no-serve", action="store_true")
    return parser.parse_args(words)


# What the machine must offer


def check_python() -> None:
    if sys.version_info >= OLDEST:
        return
    others = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if runs(name)]
    others += ["uv run --no-project --python 3.11"] if shutil.which("uv") else []
    advice = f"lancez plutôt : {others[0]} start.py" if others else "installez-le, puis relancez la commande"
    raise Problem(f"Il faut Python 3.11 ou plus récent, et celui-ci est en version {sys.version.split()[0]} : {advice}.")


def runs(program: str) -> bool:
    path = shutil.which(program)
    return path is not None and subprocess.run([path, "-c", ""], check=False, capture_output=True).returncode == 0


def check_folder() -> None:
    trial = ROOT / ".start-trial"
    try:
        trial.mkdir(exist_ok=True)
        trial.rmdir()
        VAR.mkdir(exist_ok=True)
        LOG.write_bytes(b"")
    except OSError as error:
        raise Problem(
            f"Le projet ne peut pas écrire dans {error.filename} : copiez-le dans un dossier qui vous appartient, "
            "puis relancez la commande."
        ) from error


def check_port(port: int) -> None:
    if is_free(port):
        return
    others = [other for other in range(max(port + 1, 8000), min(max(port, 8000) + 50, 65536)) if is_free(other)]
    advice = f"--port {others[0]}" if others else "--port et un autre nombre"
    raise Problem(f"Le port {port} n’est pas libre : relancez la commande avec {advice}.")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":  # pragma: no branch - there, the option would take a busy port for a free one
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


# The packages


def installed() -> dict[str, str]:
    """What `.venv` holds; empty when it is missing, half made, or made for another Python."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if PYTHON.exists() and stamp.get("python") == python_version() else {}


def python_version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def install(requirements: str) -> None:
    """Bring `.venv` to a requirements file. The stamp is away meanwhile, so an interrupted install starts over."""
    content = (ROOT / requirements).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    stamp = installed()
    if stamp.get(requirements) == digest:
        return
    if not stamp:
        make_venv()
    STAMP.unlink(missing_ok=True)
    with step(f"Installer les paquets de {requirements}"):
        locked = ["--require-hashes", "--only-binary", ":all:", "-r", requirements]
        run_logged([*installer(), *locked], "Les paquets n’ont pas pu être installés")
    STAMP.write_text(json.dumps({**stamp, "python": python_version(), requirements: digest}), encoding="utf-8")


def make_venv() -> None:
    """Make `.venv` anew, by `uv` when it is there: it needs nothing that a system may have left out of Python."""
    if not shutil.which("uv") and not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python{python_version()}-venv"
        raise Problem(
            f"Il manque à Python de quoi créer .venv : installez le paquet {package} (sur Debian et Ubuntu : "
            f"sudo apt install {package}) ou bien uv, puis relancez la commande."
        )
    with step("Refaire .venv, resté incomplet" if os.path.lexists(VENV) else "Créer .venv"):
        remove(VENV)
        maker = ["uv", "venv", "--python", sys.executable] if shutil.which("uv") else [sys.executable, "-m", "venv"]
        run_logged([*maker, str(VENV)], "Le dossier .venv n’a pas pu être créé")


def installer() -> list[str]:
    if shutil.which("uv"):
        return ["uv", "pip", "install", "--python", str(PYTHON)]
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2"]


def remove(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif os.path.lexists(path):
            path.unlink()
    except OSError as error:
        raise Problem(
            f"{error.filename} n’a pas pu être effacé : fermez les programmes qui l’utilisent, puis relancez la commande."
        ) from error


# The site


def reset() -> None:
    print("La base de démonstration, ses fichiers, son index et ses messages vont être effacés.")
    try:
        answer = input("Tapez « oui » pour confirmer : ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "oui":
        raise Problem("Rien n’a été effacé. Pour ouvrir le site sans rien effacer, relancez la commande sans --reset.")
    for name in DEMO:
        remove(VAR / name)


def site_environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE + SLOWS}
    return {**kept, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", **more}


def prepare() -> None:
    """Migrate, load the reference data and the demonstration, build the index; quick when all of it is there."""
    print("Préparer le site…", flush=True)
    with LOG.open("ab") as log:
        command = [str(PYTHON), "manage.py", "prepare"]
        if subprocess.run(command, cwd=ROOT, check=False, env=site_environment(), stderr=log).returncode:
            raise Problem(f"Le site n’a pas pu être préparé : le détail est dans {LOG}.")


def serve(port: int) -> int:
    address = f"http://127.0.0.1:{port}/"
    start = time.monotonic()
    command = [str(PYTHON), "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"]
    environment = site_environment(SITE_URL=address)
    with LOG.open("ab") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        while not responds(port):
            if server.poll() is not None:
                raise Problem(f"Le site ne s’est pas ouvert : le détail est dans {LOG}.")
            time.sleep(0.1)
        print(
            f"\nLe site est ouvert (en {seconds_since(start)}) : {address}\nPour le gérer : {address}admin/\nPour l’arrêter : Ctrl+C.",
            flush=True,
        )
        return server.wait()
    except KeyboardInterrupt:
        print("\nLe site est arrêté, ce que vous y avez changé est gardé.")
        return 0
    finally:
        stop(server)


def responds(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 600
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


# Commands and the time they take


@contextmanager
def step(title: str) -> Iterator[None]:
    start = time.monotonic()
    print(f"{title}…", flush=True)
    yield
    print(f"  fait en {seconds_since(start)}", flush=True)


def seconds_since(start: float) -> str:
    return f"{time.monotonic() - start:.1f}".replace(".", ",") + " s"


def run_logged(command: list[str], failure: str) -> None:
    """Run a command that speaks to the log, show the seconds pass on a terminal, tell its failure in a sentence."""
    start, said_before = time.monotonic(), LOG.stat().st_size
    with LOG.open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        while process.poll() is None:
            time.sleep(0.1)
            if sys.stdout.isatty():
                print(f"\r  {seconds_since(start)} ", end="\r", flush=True)
    finally:
        stop(process)
    if process.returncode:
        said = LOG.read_bytes()[said_before:].decode("utf-8", "replace").lower()
        if any(sign in said for sign in NO_NETWORK):
            advice = "Les paquets n’ont pas pu être téléchargés : vérifiez la connexion à internet"
        else:
            advice = f"{failure} : lisez pourquoi"
        raise Problem(f"{advice} (détail dans {LOG}), puis relancez la commande.")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
