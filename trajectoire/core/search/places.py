"""`territoire:Besançon` means the place and all that it contains: its codes, which objects carry as a facet."""

from collections.abc import Callable, Iterable

_provider: list[Callable[[str], Iterable[str]]] = []


def set_places(codes_named: Callable[[str], Iterable[str]]) -> None:
    """Give the function that knows the codes of the places of this name."""
    _provider[:] = [codes_named]


def codes(name: str) -> list[str]:
    """The name may be a code itself: 25, QN02501M."""
    return [name, name.upper(), *(code for codes_named in _provider for code in codes_named(name))]
