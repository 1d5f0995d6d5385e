"""The process that runs the jobs: each in a process of its own, so that none waits for another nor takes it along."""

import logging
import subprocess
import sys
import tempfile
import threading
from typing import IO

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from . import records
from .jobs import Job, registered

logger = logging.getLogger(__name__)
PAUSE = 5  # seconds between two looks
PATIENCE = 60  # seconds left to what runs when the clock is stopped


class Clock:
    """`run()` until `stop()`: starts what is due, notes how it ended."""

    def __init__(self) -> None:
        self.running: dict[str, tuple[subprocess.Popen[bytes], IO[bytes]]] = {}
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        """A database away is waited for; what still runs at the end is left PATIENCE seconds, then ended: any job may be."""
        while not self._stopped.is_set():
            self.look()
            self._stopped.wait(PAUSE)
        for process, _ in self.running.values():
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.look(start=False)

    def look(self, *, start: bool = True) -> None:
        """Note what ended since, then start what is due and does not run here already."""
        try:
            close_old_connections()
            for command in [command for command, (process, _) in self.running.items() if process.poll() is not None]:
                self._end(command)
            for job in registered().values() if start else ():
                if job.command not in self.running and records.claim(job, timezone.now()):
                    self._start(job)
        except DatabaseError as error:
            logger.error("the clock waits for the database: %s", error)

    def _start(self, job: Job) -> None:
        said = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the job ends)
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *job.command.split()]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)  # noqa: S603  (ours)
        self.running[job.command] = process, said

    def _end(self, command: str) -> None:
        process, said = self.running[command]
        said.seek(0)
        words = said.read().decode(errors="replace")
        failure = (words or f"code {process.returncode}") if process.returncode else ""
        if failure:
            logger.error("%s failed: %s", command, failure)
        records.end(registered()[command], failure)
        del self.running[command]
        said.close()
