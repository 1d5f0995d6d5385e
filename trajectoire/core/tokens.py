"""Signed values for links in mails: nobody makes one up, and one made for a use opens nothing else."""

from typing import Any

from django.core import signing


class Invalid(Exception):
    """Not a token of this scope: changed, cut, or made for another use."""


class Expired(Invalid):
    """A genuine token, older than what its use allows."""


def sign(scope: str, value: Any) -> str:
    """A token safe in an address, holding `value` (anything JSON knows) in clear: put a key in it, never a secret."""
    return signing.dumps(value, salt=_salt(scope))


def unsign(scope: str, token: str, max_age: int | None = None) -> Any:
    """The value signed for this scope; `max_age` in seconds. Raises Invalid, or Expired when only its age is wrong."""
    try:
        return signing.loads(token, salt=_salt(scope), max_age=max_age)
    except signing.SignatureExpired as error:
        raise Expired(scope) from error
    except signing.BadSignature as error:
        raise Invalid(scope) from error


def _salt(scope: str) -> str:
    return f"trajectoire.tokens.{scope}"
