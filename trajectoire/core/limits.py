"""Limits on what one address may do in a while, counted in the shared cache; no address is kept in clear."""

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def too_many(request: HttpRequest, action: str, *, limit: int, seconds: int) -> bool:
    """Count this try; True when this client already made `limit` of them within `seconds`."""
    return too_many_for(str(get_client_ip(request)), action, limit=limit, seconds=seconds)


def too_many_for(whom: str, action: str, *, limit: int, seconds: int) -> bool:
    """The same for anything that names someone: an e-mail address, the key of an entry."""
    key = f"limit:{action}:{salted_hmac('limits', whom).hexdigest()[:20]}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # expired between the two calls
        return False
