"""The ledger: what a test has arranged, numbered, in the order in which it did; what is taken back leaves it.

A test in Python keeps the handle of what it has arranged; one in another language keeps its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True, eq=False)
class Noted:
    """Something that a test has arranged.

    Attributes:
        number: its number, from 1; none is given twice.
        what: the thing itself: a rule, a plan, a handler, a resource type …
        text: returns how the test wrote it.
        fired: returns how often it has taken effect.
        take_back: takes it back.
    """

    number: int
    what: object
    text: Callable[[], str]
    fired: Callable[[], int]
    take_back: Callable[[], None]


class Ledger:
    """What is arranged in one world. Callers hold the clock's lock."""

    def __init__(self) -> None:
        self.noted: list[Noted] = []
        self.count = 0
        """How many have been noted so far."""
        self.latest: Noted | None = None
        """What was arranged last, if only once more."""

    def note(
        self, what: object, text: Callable[[], str], fired: Callable[[], int], take_back: Callable[[], None]
    ) -> Noted:
        """Note something, unless it is there already."""
        there = next((noted for noted in self.noted if noted.what is what), None)
        if there is None:
            self.count += 1
            there = Noted(self.count, what, text, fired, take_back)
            self.noted.append(there)
        self.latest = there
        return there

    def strike(self, what: object) -> None:
        """Take something out; nothing happens if that has been done already."""
        self.noted = [noted for noted in self.noted if noted.what is not what]
