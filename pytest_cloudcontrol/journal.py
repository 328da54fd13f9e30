"""The journal: what has happened in a world, in order. A failing test shows the latest of it beside the calls.

It knows neither requests nor calls: who writes into it and who reads it do.
"""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_LATEST: Final = 200
"""How many happenings are kept: more than anybody reads, and a million requests stay small."""


class Happening(NamedTuple):
    """One thing that happened.

    Attributes:
        number: its place among all, calls included.
        at: the instant.
        request_token: of the request it happened to; empty for what happened to none.
        what: the progress event, or what else it was, in words.
        by: what made it so, in words, if it wasn't the handler; else empty.
    """

    number: int
    at: datetime
    request_token: str
    what: object
    by: str


class Journal:
    """Numbers whatever happens, and keeps the latest. Callers hold the clock's lock.

    Attributes:
        latest: the latest happenings, oldest first.
        number: returns the number of what happens now.
    """

    def __init__(self) -> None:
        self.latest: deque[Happening] = deque(maxlen=_LATEST)
        self._noted = 0
        self.number: Callable[[], int] = itertools.count(1).__next__

    @property
    def forgotten(self) -> int:
        """How many were before the latest."""
        return self._noted - len(self.latest)

    def remark(self, at: datetime, words: str) -> None:
        """Write down what has happened to no request in particular."""
        self.note(at, "", words)

    def note(self, at: datetime, request_token: str, what: object, by: str = "") -> None:
        """Write down what has happened to a request."""
        self._noted += 1
        self.latest.append(Happening(self.number(), at, request_token, what, by))
