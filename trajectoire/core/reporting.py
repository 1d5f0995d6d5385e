"""Errors told to a server of Sentry: what went wrong and where, nothing of the person who met it."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .logs import LINK

try:
    import sentry_sdk
except ImportError:  # pragma: no cover - of production only
    sentry_sdk = None  # type: ignore[assignment]

KEPT_OF_REQUEST = ("method", "url")


def begin(dsn: str) -> None:
    """Start telling. Raises ImproperlyConfigured without the package `sentry-sdk`."""
    if sentry_sdk is None:  # pragma: no cover - the tests have it
        raise ImproperlyConfigured("SENTRY_DSN demande le paquet sentry-sdk : installez requirements-production.txt.")
    sentry_sdk.init(
        dsn,
        before_send=without_people,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0,
    )


def without_people(event: Any, hint: Any) -> Any:
    """The event without its person, its form, its cookies, its query, nor any link that opens something."""
    for part in ("user", "breadcrumbs", "extra", "server_name"):
        event.pop(part, None)
    asked = event.get("request", {})
    event["request"] = {name: _masked(asked[name]).partition("?")[0] for name in KEPT_OF_REQUEST if name in asked}
    for said in event.get("exception", {}).get("values", ()):
        said["value"] = _masked(said.get("value"))
    if "logentry" in event:
        event["logentry"] = {"message": _masked(event["logentry"].get("message"))}
    return event


def _masked(text: Any) -> str:
    return LINK.sub("…", str(text or ""))
