"""Code that asks the same again and again is waiting: here it is noticed, so that time can go on or the loop can end.

A caller is an asyncio task, or else a thread. Its call *repeats* when

- its previous call was the same (operation and input but for ClientToken and NextToken, account and region), was
  answered alike, and the test hasn't acted in between; or
- it has got this very answer to this call twice before and nothing at all has changed since: so loops that poll
  several things in turn are noticed too.

What follows from it is decided in service.py.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio

    from pytest_cloudcontrol.vocabulary import Scope


Asking: TypeAlias = "tuple[str, Scope, bytes]"
"""A call: its operation, account and region, and the text of its members but for those that differ every time."""

ROUNDS: Final = 3
"""A call in a loop of several counts as waiting when it gets the same answer for this many times."""

LIMIT: Final = 10
"""So many repetitions in a row without any progress are a loop that never ends."""

LOOP_LIMIT: Final = 100
"""The same for a loop of several calls, where code that only reads a lot is harder to tell from code that waits."""

_REMEMBERED: Final = 10_000


@dataclass(slots=True)
class History:
    """What one caller was answered.

    What has changed since is told by two numbers: how often the test has acted (``touched``), and how often the
    registry has changed (``version``).
    """

    asking: Asking | None = None
    answer: bytes = b""
    touched: int = -1
    version: int = -1
    in_a_row: int = 0
    seen: dict[tuple[Asking, bytes], int] = field(default_factory=dict)

    def is_repeated(self, asking: Asking, answer: bytes, touched: int, version: int) -> bool:
        """Whether an answer repeats what the caller was answered before."""
        if self.touched != touched:
            return False
        if self.asking == asking and self.answer == answer:
            return True
        return self.version == version and self.seen.get((asking, answer), 0) + 1 >= ROUNDS

    def is_hopeless(self, asking: Asking, answer: bytes) -> bool:
        """Whether the caller has repeated a call for so long without any progress that its loop never ends."""
        return self.in_a_row + 1 >= LIMIT or self.seen.get((asking, answer), 0) + 1 >= LOOP_LIMIT

    def remember(self, asking: Asking, answer: bytes, touched: int, version: int, *, counts: bool) -> None:
        """Note what the caller is answered now; a retry of an SDK's own counts for nothing."""
        if self.touched != touched or self.version != version or len(self.seen) >= _REMEMBERED:
            self.in_a_row = -1
            self.seen.clear()
            self.touched, self.version = touched, version
        elif self.asking != asking or self.answer != answer:
            self.in_a_row = -1
        self.asking, self.answer = asking, answer
        if counts:
            self.in_a_row += 1
            self.seen[asking, answer] = self.seen.get((asking, answer), 0) + 1


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.history = History()


class Repetition:
    """Keeps the history of every caller, for as long as the caller lives."""

    def __init__(self) -> None:
        self._thread = _OfThread()
        self._tasks: WeakKeyDictionary[asyncio.Task[object], History] = WeakKeyDictionary()

    def history(self) -> History:
        """Return the history of the present caller: the asyncio task that is running in this thread, or the thread."""
        task = _current_task()
        return self._thread.history if task is None else self._tasks.setdefault(task, History())


def _current_task() -> asyncio.Task[object] | None:
    loaded = sys.modules.get("asyncio")  # code that doesn't use it shall not pay for its import
    try:
        return None if loaded is None else loaded.current_task()
    except RuntimeError:  # no event loop is running here
        return None
