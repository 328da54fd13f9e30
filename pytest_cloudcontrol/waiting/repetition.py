"""Code that asks the same again and again is waiting: here it is noticed.

A caller is an asyncio task, or else a thread. Its call *repeats* when

- its previous call was the same (operation and input but for ClientToken and NextToken, account and region), was
  answered alike, and the test hasn't acted in between; or
- this very answer was given to this call ten times before, to whomever, and nothing at all has changed since: so loops
  that poll several things in turn are noticed too, and those that poll in a new thread or task every time.

What follows from it is decided in patience.py.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from pytest_cloudcontrol.waiting.callers import current_task

if TYPE_CHECKING:
    import asyncio

    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.waiting.callers import Home


CallKey: TypeAlias = "tuple[str, Scope, bytes]"
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


class Moment(NamedTuple):
    """A moment of the world: nothing has changed between two calls of the same moment.

    Attributes:
        acts: how often the test has acted.
        version: how often the registry has changed.
    """

    acts: int
    version: int


_NEVER: Final = Moment(-1, -1)


@dataclass(slots=True)
class History:
    """What one caller was answered last, and when."""

    key: CallKey | None = None
    answer: bytes = b""
    moment: Moment = _NEVER
    in_a_row: int = 0

    def remember(self, key: CallKey, answer: bytes, moment: Moment, *, counts: bool) -> None:
        """Note what the caller is answered now; a retry of an SDK's own counts for nothing."""
        if not (self.moment == moment and self.key == key and self.answer == answer):
            self.in_a_row = -1
        self.in_a_row += counts
        self.key, self.answer, self.moment = key, answer, moment


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.history = History()


class Repetition:
    """Keeps the history of every caller, for as long as it lives, and what all have seen since the last change."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._thread = _OfThread()
        self._tasks: WeakKeyDictionary[asyncio.Task[object], History] = WeakKeyDictionary()
        self._seen: dict[tuple[CallKey, bytes], int] = {}
        self._moment = _NEVER

    def history(self) -> History:
        """Return the history of the present caller: the asyncio task that is running in this thread, or the thread."""
        task = current_task()
        return self._thread.history if task is None else self._tasks.setdefault(task, History())

    def is_repeated(self, history: History, key: CallKey, answer: bytes, moment: Moment) -> bool:
        """Whether an answer repeats what the caller, or everybody, was answered before."""
        if history.moment.acts == moment.acts and history.key == key and history.answer == answer:
            return True
        return self._moment == moment and self._seen.get((key, answer), 0) >= ROUNDS

    def is_hopeless(self, history: History, key: CallKey, answer: bytes) -> bool:
        """Whether a call was repeated for so long without any progress that its loop never ends."""
        alone = self._home.is_here and current_task() is None
        limit = LIMIT if alone else LIMIT_BESIDE_OTHERS
        return history.in_a_row + 1 >= limit or self._seen.get((key, answer), 0) >= LOOP_LIMIT

    def remember(self, history: History, key: CallKey, answer: bytes, moment: Moment, *, counts: bool) -> None:
        """Note what the caller is answered now; a retry of an SDK's own counts for nothing."""
        history.remember(key, answer, moment, counts=counts)
        seen, given = self._seen, (key, answer)
        if self._moment != moment or len(seen) > _REMEMBERED:
            self._moment = moment
            seen.clear()
        seen[given] = seen.get(given, 0) + counts

    def slept(self) -> None:
        """Note that an SDK of the caller's has slept: its next call is made for that, and repeats nothing."""
        self.history().key = None
