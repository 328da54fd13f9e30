"""Calls without any progress: whatever they ask, there is an end to them.

Progress is an act of the test that does more than move the clock; a resource that comes, changes or goes; a request
that ends otherwise than FAILED; and an answer that wasn't given before, request tokens and instants aside.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable

_TOKENS_AND_INSTANTS: Final = re.compile(
    rb'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|"(?:EventTime|RetryAfter)":[0-9.]+'
)


class Idleness:
    """Counts the calls without progress of one world. Callers hold the clock's lock.

    Args:
        limit: how many may be made.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # Most tests make few calls: answers are told apart only from half the limit on.
        self._half = limit // 2
        self._calls = 0
        self._progress: Hashable = None
        self._given: set[int] = set()

    def is_too_long(self, progress: Hashable, answer: bytes) -> bool:
        """Note a call that is answered, and tell whether it is one too many; the count begins anew then.

        Args:
            progress: what differs after every progress but a new answer.
            answer: the answer's text.
        """
        if progress != self._progress:
            self._begin(progress)
        self._calls += 1
        if self._calls > self._half:
            told = hash(_TOKENS_AND_INSTANTS.sub(b"", answer))
            if told not in self._given:
                self._given.add(told)
                self._calls = self._half
        if self._calls < self._limit:
            return False
        self._begin(progress)
        return True

    def _begin(self, progress: Hashable) -> None:
        self._progress = progress
        self._calls = 0
        self._given.clear()
