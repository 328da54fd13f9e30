"""Code that asks the same again and again is waiting: here it is noticed, so that time can go on or the loop can end.

A caller is an asyncio task, or else a thread. Its call *repeats* when

- its previous call was the same (operation and input but for ClientToken and NextToken, account and region), was
  answered alike, and the test hasn't acted in between; or
- this very answer was given to this call ten times before, to whomever, and nothing at all has changed since: so loops
  that poll several things in turn are noticed too, and those that poll in a new thread or task every time.

What follows from it is decided in service.py.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio

    from pytest_cloudcontrol.vocabulary import Scope


Asking: TypeAlias = "tuple[str, Scope, bytes]"
"""A call: its operation, account and region, and the text of its members but for those that differ every time."""

ROUNDS: Final = 10
"""A call that isn't its caller's previous one counts as waiting when it gets the same answer for this many times."""

LIMIT: Final = 10
"""So many repetitions in a row without any progress are a loop that never ends."""

LIMIT_BESIDE_OTHERS: Final = 100
"""The same where other threads or tasks, the test's among them, may be about to do what is waited for."""

LOOP_LIMIT: Final = 1000
"""The same for loops of several calls, where code that only reads a lot is harder to tell from code that waits."""

_REMEMBERED: Final = 10_000


@dataclass(slots=True)
class History:
    """What one caller was answered last.

    What has changed since is told by two numbers: how often the test has acted (``touched``), and how often the
    registry has changed (``version``).
    """

    asking: Asking | None = None
    answer: bytes = b""
    touched: int = -1
    version: int = -1
    in_a_row: int = 0

    def remember(self, asking: Asking, answer: bytes, touched: int, version: int, *, counts: bool) -> None:
        """Note what the caller is answered now; a retry of an SDK's own counts for nothing."""
        unchanged = self.touched == touched and self.version == version
        if not (unchanged and self.asking == asking and self.answer == answer):
            self.in_a_row = -1
        self.in_a_row += counts
        self.asking, self.answer, self.touched, self.version = asking, answer, touched, version


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.history = History()


class Repetition:
    """Keeps the history of every caller, for as long as it lives, and what all have seen since the last change."""

    def __init__(self) -> None:
        self._home = threading.current_thread()
        self._thread = _OfThread()
        self._tasks: WeakKeyDictionary[asyncio.Task[object], History] = WeakKeyDictionary()
        self._seen: dict[tuple[Asking, bytes], int] = {}
        self._moment = (-1, -1)

    def history(self) -> History:
        """Return the history of the present caller: the asyncio task that is running in this thread, or the thread."""
        task = _current_task()
        return self._thread.history if task is None else self._tasks.setdefault(task, History())

    def is_repeated(self, history: History, asking: Asking, answer: bytes, touched: int, version: int) -> bool:
        """Whether an answer repeats what the caller, or everybody, was answered before."""
        if history.touched == touched and history.asking == asking and history.answer == answer:
            return True
        return self._moment == (touched, version) and self._seen.get((asking, answer), 0) >= ROUNDS

    def is_hopeless(self, history: History, asking: Asking, answer: bytes) -> bool:
        """Whether a call was repeated for so long without any progress that its loop never ends."""
        alone = threading.current_thread() is self._home and _current_task() is None
        limit = LIMIT if alone else LIMIT_BESIDE_OTHERS
        return history.in_a_row + 1 >= limit or self._seen.get((asking, answer), 0) >= LOOP_LIMIT

    def remember(
        self, history: History, asking: Asking, answer: bytes, touched: int, version: int, *, counts: bool
    ) -> None:
        """Note what the caller is answered now; a retry of an SDK's own counts for nothing."""
        history.remember(asking, answer, touched, version, counts=counts)
        seen, key = self._seen, (asking, answer)
        if self._moment != (touched, version) or len(seen) > _REMEMBERED:
            self._moment = touched, version
            seen.clear()
        seen[key] = seen.get(key, 0) + counts

    def slept(self) -> None:
        """Note that an SDK of the caller's has slept: its next call is made for that, and repeats nothing."""
        self.history().asking = None


def _current_task() -> asyncio.Task[object] | None:
    loaded = sys.modules.get("asyncio")  # code that doesn't use it shall not pay for its import
    try:
        return None if loaded is None else loaded.current_task()
    except RuntimeError:  # no event loop is running here
        return None
