"""Limits on what one address may do in a while, counted in the shared cache; no address is kept in clear."""

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def too_many(request: HttpRequest, action: str, *, limit: int, seconds: int) -> bool:
    """Count this try; True when this client already made `limit` of them within `seconds`."""
    client = salted_hmac("limits", str(get_client_ip(request))).hexdigest()[:20]
    key = f"limit:{action}:{client}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # expired between the two calls
        return False
