"""The last look before the site answers: gunicorn, unlike the commands, runs no check."""

from django.core.checks import run_checks


def refuse_unsafe() -> None:
    """End the process with French sentences when a setting is unsafe or cannot be read."""
    wrong = [str(found.msg) for found in run_checks() if found.is_serious() and str(found.id).startswith("trajectoire.")]
    if wrong:
        raise SystemExit("\n".join(["Le site ne démarre pas\u00a0:", *wrong]))
