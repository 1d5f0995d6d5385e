"""Processes that import, to be killed: `python -m tests.core.importing.worker STEP…`, see tests/core/mail/worker.py.

`prepare:60`: a file of so many records. `work@dies`: killed while it writes the third batch of 20. `work`: the same as « Reprendre ».
"""

import os
import signal
import sys

from tests.core.mail.worker import run, say, set_up


def prepare(count: int) -> None:
    from django.core.files.base import ContentFile

    from trajectoire.core.importing.records import ImportRun

    lines = "".join(f"k{number}|Structure {number}||\n" for number in range(count))
    ImportRun(importer="jouet", name="x").file.save("x", ContentFile(lines.encode()))


def work() -> None:
    from trajectoire.core.importing import running
    from trajectoire.core.importing.records import ImportRun

    brought = ImportRun.objects.get()
    running.prepare(brought, "import")
    running.carry_out(brought.pk)


def check() -> None:
    from network.models import Organisation
    from trajectoire.core.importing.records import ImportRun

    brought = ImportRun.objects.get()
    lines = list(brought.lines.order_by("pk").values_list("number", flat=True))
    say(
        {
            "state": brought.state,
            "done": brought.done,
            "counts": brought.counts,
            "in_order": lines == list(range(1, len(lines) + 1)),
            "lines": len(lines),
            "made": Organisation.objects.count(),
            "names": Organisation.objects.values("name").distinct().count(),
        }
    )


def arm(control: str) -> None:
    from tests.core.importing.toy import TOY, ToyTarget
    from trajectoire.core.importing import register, running

    register(TOY)
    running.BATCH = 20
    if control == "dies":
        write = ToyTarget.write

        def mortal(self, record, planned):
            if record.number == 45:
                os.kill(os.getpid(), signal.SIGKILL)
            return write(self, record, planned)

        ToyTarget.write = mortal


if __name__ == "__main__":
    set_up()
    run(sys.argv[1:], {"prepare": prepare, "work": work, "check": check}, arm)
