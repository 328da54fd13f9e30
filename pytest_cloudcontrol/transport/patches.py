"""Replaces attributes of a client library for as long as a mock is active, and puts them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Method: TypeAlias = Callable[..., object]
    """A method of a client library's, whose arguments are its own business."""

Original = TypeVar("Original")


class Replaced(NamedTuple):
    """An attribute that was replaced."""

    owner: object
    name: str
    make: Callable[..., object]
    original: object
    replacement: object


class Patches:
    """Attributes that were replaced, to be put back in the opposite order.

    Attributes:
        are_in: whether the mock is still active. A replacement that somebody else has wrapped since stays where it is;
            from then on it has to do what the original does.
    """

    def __init__(self) -> None:
        self.are_in = True
        self._replaced: list[Replaced] = []

    def replace(self, owner: object, name: str, make: Callable[[Original], object]) -> None:
        """Replace an attribute by what ``make`` makes of the present one."""
        original: Original = getattr(owner, name)
        replacement = make(original)
        setattr(owner, name, replacement)
        self._replaced.append(Replaced(owner, name, make, original, replacement))

    def undo(self) -> None:
        """Put everything back, except what somebody else has replaced since: that is theirs to put back."""
        self.are_in = False
        while self._replaced:
            owner, name, _, original, replacement = self._replaced.pop()
            if getattr(owner, name) is replacement:
                setattr(owner, name, original)
