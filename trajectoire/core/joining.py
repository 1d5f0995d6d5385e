"""What else follows when an account receives a role; the apps above say so here, from their AppConfig.ready()."""

from collections.abc import Callable

from .models import User

_known: dict[str, Callable[[User], None]] = {}


def when(role: str, follow: Callable[[User], None]) -> None:
    """Call `follow(user)` each time an account is given this role, in the same transaction; it may be called again."""
    _known[role] = follow


def joined(user: User) -> None:
    """Say that the roles of this account were given."""
    for name in user.groups.order_by("name").values_list("name", flat=True):
        if name in _known:
            _known[name](user)
