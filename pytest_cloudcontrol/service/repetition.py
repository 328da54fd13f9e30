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
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio

    from pytest_cloudcontrol.vocabulary import Scope

    Caller: TypeAlias = threading.Thread | asyncio.Task[object]

ROUNDS: Final = 3
"""A call in a loop of several counts as waiting when it gets the same answer for this many times."""

LIMIT: Final = 10
"""So many repetitions in a row without any progress are a loop that never ends."""

LOOP_LIMIT: Final = 100
"""The same for a loop of several calls, where code that only reads a lot is harder to tell from code that waits."""

_REMEMBERED: Final = 10_000


class Moment(NamedTuple):
    """What a change is told by: how often the test has acted, and how often the registry has changed."""

    touched: int
    version: int


class Asking(NamedTuple):
    """A call: its operation, account and region, and the text of its members but for those that differ every time."""

    api: str
    scope: Scope
    members: bytes


@dataclass(slots=True)
class History:
    """What one caller was answered."""

    asking: Asking | None = None
    answer: bytes = b""
    moment: Moment | None = None
    in_a_row: int = 0
    seen: dict[tuple[Asking, bytes], int] = field(default_factory=dict)

    def is_repeated(self, asking: Asking, answer: bytes, moment: Moment) -> bool:
        """Whether an answer repeats what the caller was answered before."""
        if self.moment is None or self.moment.touched != moment.touched:
            return False
        if self.asking == asking and self.answer == answer:
            return True
        return self.moment == moment and self.seen.get((asking, answer), 0) + 1 >= ROUNDS

    def is_hopeless(self, asking: Asking, answer: bytes) -> bool:
        """Whether the caller has repeated a call for so long without any progress that its loop never ends."""
        return self.in_a_row + 1 >= LIMIT or self.seen.get((asking, answer), 0) + 1 >= LOOP_LIMIT

    def remember(self, asking: Asking, answer: bytes, moment: Moment) -> None:
        """Note what the caller is answered now."""
        unchanged = self.moment == moment
        self.in_a_row = self.in_a_row + 1 if unchanged and self.asking == asking and self.answer == answer else 0
        self.asking, self.answer, self.moment = asking, answer, moment
        if not unchanged or len(self.seen) > _REMEMBERED:
            self.seen.clear()
        self.seen[asking, answer] = self.seen.get((asking, answer), 0) + 1


class Repetition:
    """Keeps the history of every caller, for as long as the caller lives."""

    def __init__(self) -> None:
        self._histories: WeakKeyDictionary[Caller, History] = WeakKeyDictionary()

    def history(self) -> History:
        """Return the history of the present caller."""
        caller = present_caller()
        history = self._histories.get(caller)
        if history is None:
            history = self._histories[caller] = History()
        return history


def present_caller() -> Caller:
    """Return the asyncio task that is running in this thread, or else the thread."""
    asyncio = sys.modules.get("asyncio")  # code that doesn't use it shall not pay for its import
    if asyncio is not None:
        try:
            task: Caller | None = asyncio.current_task()
        except RuntimeError:  # no event loop is running here
            task = None
        if task is not None:
            return task
    return threading.current_thread()
