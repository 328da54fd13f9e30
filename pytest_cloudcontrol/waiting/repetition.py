"""Code that asks the same again and again is waiting: here it is noticed.

A caller is a task of asyncio or trio, or else a thread, or another process's connection. A call *repeats* when nothing
in the world has changed, the test hasn't acted, and

- its caller's previous call was the same (operation and input but for ClientToken and NextToken, account and region),
  and was answered alike; or
- its caller has gone round three times: the last calls were three equal rounds of several calls; or
- two polls have shown the event of a running request that it polls, whoever made them and whatever was asked in
  between: so loops that poll several requests in turn are noticed at once, and those that poll in a new thread or task
  every time.

What follows from it is decided in patience.py.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from pytest_cloudcontrol.waiting.callers import current_task

if TYPE_CHECKING:
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.waiting.callers import Connection, Home
    from pytest_cloudcontrol.waiting.inquiry import CallKey, Inquiry


SHOWN: Final = 2
"""So many polls show an event before the next one waits: one look of the code's, and one of the test's own."""

ROUNDS: Final = 3
"""So many equal rounds are a loop that waits; code that reads the same for each of several things makes none."""

LONGEST_ROUND: Final = 8
"""So many different calls a round has at most."""

LIMIT: Final = 10
"""So many repetitions in a row without any change are a loop that never ends."""

LIMIT_BESIDE_OTHERS: Final = 100
"""The same where other threads or tasks, the test's among them, may be about to do what is waited for; and for polls of
what has ended, which code may look at as often as it likes."""


class Moment(NamedTuple):
    """A moment of the world: nothing has changed between two calls of the same moment.

    Attributes:
        acts: how often the test has acted.
        version: how often the registry has changed.
    """

    acts: int
    version: int


_NEVER: Final = Moment(-1, -1)


class History:
    """What one caller was told since the last change."""

    __slots__ = ("_in_a_row", "_moment", "_told")

    def __init__(self) -> None:
        self._moment = _NEVER
        self._told: list[Inquiry] = []
        self._in_a_row = 0

    def times_repeated(self, moment: Moment) -> int:
        """Return how often the caller was told the same again in a row, with no change up to a moment."""
        return self._in_a_row if self._moment == moment and self._told else 0

    def is_repeated(self, inquiry: Inquiry, moment: Moment) -> bool:
        """Whether the caller was told the same before, alone or in rounds."""
        if self._moment != moment or not self._told:
            return False
        return self._told[-1].is_as(inquiry) or self._goes_round(inquiry)

    def has_asked(self, key: CallKey, moment: Moment) -> Inquiry | None:
        """Return the caller's last call if it was the same, and nothing has changed since."""
        last = self._told[-1] if self._moment == moment and self._told else None
        return last if last is not None and last.key() == key else None

    def remember(self, inquiry: Inquiry, moment: Moment, *, counts: bool) -> None:
        """Note what the caller is told now; a retry of an SDK's own counts for nothing."""
        if self._moment != moment:
            self._told.clear()
            self._moment = moment
        if not self._told or not self._told[-1].is_as(inquiry):
            self._in_a_row = -1
        self._in_a_row += counts
        self._told.append(inquiry)
        if len(self._told) > ROUNDS * LONGEST_ROUND:
            del self._told[: -ROUNDS * LONGEST_ROUND]

    def forget(self) -> None:
        """Forget what was told: the caller has slept, or something has changed."""
        self._told.clear()

    def _goes_round(self, now: Inquiry) -> bool:
        told = [*self._told, now]
        for length in range(2, min(LONGEST_ROUND, len(told) // ROUNDS) + 1):
            # Most that differ have other answers, which costs no call to see.
            if told[-1 - length].answer == now.answer and _ends_in_rounds(told, length):
                return True
        return False


def _ends_in_rounds(told: list[Inquiry], length: int) -> bool:
    """Whether the last that was told are equal rounds of so many calls; the latest is looked at first."""
    return all(told[-place].is_as(told[-place - length]) for place in range(1, (ROUNDS - 1) * length + 1))


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.history = History()


class Repetition:
    """Keeps the history of every caller, for as long as it lives, and how often each running request was shown."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._thread = _OfThread()
        self._histories: WeakKeyDictionary[object, History] = WeakKeyDictionary()
        self._shown: dict[int, tuple[int, int, int]] = {}

    def history(self, connection: Connection | None = None) -> History:
        """Return the history of the present caller: the task that is running in this thread, or the thread.

        Where the call came over a connection it is that one's; an empty one where nobody knows whose call it is.
        """
        if connection is not None:
            return self._history_of(connection) if connection.is_one_caller else History()
        task = current_task()
        return self._thread.history if task is None else self._history_of(task)

    def _history_of(self, caller: object) -> History:
        history = self._histories.get(caller)
        if history is None:
            history = self._histories[caller] = History()
        return history

    def times_shown(self, request: Request, moment: Moment) -> int:
        """Return how many polls have shown a request's present event since the test has acted."""
        acts, events, times = self._shown.get(request.order, (-1, -1, 0))
        return times if (acts, events) == (moment.acts, len(request.events)) else 0

    def note_shown(self, request: Request, moment: Moment) -> None:
        """Note that a poll shows a request's present event."""
        if request.is_running:
            times = self.times_shown(request, moment) + 1
            self._shown[request.order] = moment.acts, len(request.events), times
        else:
            self._shown.pop(request.order, None)

    def is_hopeless(self, history: History, moment: Moment, connection: Connection | None, *, of_ended: bool) -> bool:
        """Whether a call was repeated for so long without any change that its loop never ends."""
        alone = connection is None and self._home.is_here and current_task() is None
        return history.times_repeated(moment) + 1 >= (LIMIT if alone and not of_ended else LIMIT_BESIDE_OTHERS)
