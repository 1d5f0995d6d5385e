"""A mark of a mailbox inside links: a link sent to one address opens nothing once the address has changed."""

from django.utils.crypto import salted_hmac


def mailbox_mark(email: str) -> str:
    return salted_hmac("network.mailbox", email.lower()).hexdigest()[:12]
