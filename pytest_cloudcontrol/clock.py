"""Time in the test's hand: a clock that stands still until it is moved, and the queue of what falls due on it.

The clock knows nothing of requests, and imports nothing of the package. It keeps entries, each an instant and an
action, and when it is moved past them it makes every action at its own instant: in the order of the instants, and at
one instant in the order given. Reads change nothing, and time never runs backwards.
"""

from __future__ import annotations

import heapq
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CENTURY: Final = 100 * 365 * 24 * 3600.0

END: Final = datetime(9980, 1, 1, tzinfo=UTC)
"""Where mock time ends: a little before Python's, so that expiry and delays can always be counted from now."""


Unlocked: TypeAlias = "Callable[[], object] | None"
"""What is left of an action to be done without the lock, because it runs the test's own code; mostly nothing."""


class Rank(IntEnum):
    """What comes first of all that falls due at one instant."""

    CONSISTENCY = 0
    DOWNSTREAM = 1
    REQUEST = 2


class Entry:
    """What is to happen when the clock reaches an instant.

    Args:
        at: the instant.
        order: its place among those of its rank at the same instant.
        action: what is to happen.
        owner: whose work it is.
        rank: which rank.
    """

    __slots__ = ("action", "at", "order", "owner", "pending", "rank")

    def __init__(
        self,
        at: datetime,
        order: int,
        action: Callable[[], Unlocked],
        owner: object = None,
        rank: Rank = Rank.REQUEST,
    ) -> None:
        self.at = at
        self.order = order
        self.action = action
        self.owner = owner
        self.rank = rank
        self.pending = True

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Its place among all: what comes first has the least."""
        return self.at, self.rank, self.order

    def withdraw(self) -> None:
        """Take the entry back: it will never be made, and is dropped when it comes to the head of the queue."""
        self.pending = False


class Queue:
    """The entries, earliest first.

    Each is kept with its place, and a number against ties, so that Python compares them without a call of our own.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, int, int, Entry]] = []
        self._added = 0

    def add(self, entry: Entry) -> None:
        """Put an entry in."""
        self._added += 1
        heapq.heappush(self._heap, (entry.at, entry.rank, entry.order, self._added, entry))

    def head(self) -> Entry | None:
        """Return the earliest entry that is still to be made."""
        heap = self._heap
        while heap:
            entry = heap[0][-1]
            if entry.pending:
                return entry
            heapq.heappop(heap)
        return None

    def pending(self) -> Iterator[Entry]:
        """Yield all that is still to be made, in no order."""
        return (entry for *_, entry in self._heap if entry.pending)

    def take(self, entry: Entry) -> None:
        """Mark an entry as made; it leaves the queue."""
        entry.withdraw()
        self.head()


class Standing(NamedTuple):
    """Where a clock stands, and what is due on it."""

    now: datetime
    since: float
    work: Queue
    deadlines: Queue


class MockClock:
    """Keeps the time of one mocked Cloud Control, and what is due; tests see it as a Clock (controls/clock.py).

    Time starts at the option ``start``, or at the real time cut to a whole millisecond, and stands still.

    Attributes:
        lock: the one lock of this mock; whatever reads or changes its state holds it.
        acts: how often the test has acted. A call repeated with no act between counts as waiting.
        progress: how often it has done more than to move the clock: to move it may help nobody.
        work: the entries that are work: handler calls, and the taking up of pending requests.
        deadlines: the entries that aren't: expiry.
    """

    __slots__ = (
        "_auto_advance",
        "_closed",
        "_deferred",
        "_is_given",
        "_listeners",
        "_moved",
        "_now",
        "_rate",
        "_since",
        "_start",
        "_waiting",
        "acts",
        "deadlines",
        "lock",
        "progress",
        "work",
    )

    def __init__(self, start: datetime | None, *, auto_advance: bool) -> None:
        self.lock = threading.RLock()
        self.acts = self.progress = 0
        self._moved = threading.Condition(self.lock)
        self._is_given = start is not None
        self._start = start.astimezone(UTC) if start else _real_time()
        self._waiting = 0
        self._auto_advance = auto_advance
        self._rate = 0.0
        self._since = time.monotonic()
        self._closed = False
        self._deferred: list[Callable[[], object]] = []
        self._listeners: list[Callable[[], object]] = []
        self.restart()

    @property
    def auto_advance(self) -> bool:
        """Whether waiting code moves the clock; a test may switch it at any time."""
        return self._auto_advance

    @auto_advance.setter
    def auto_advance(self, on: bool) -> None:
        with self.lock:
            self._auto_advance = on
            self.announce()

    @property
    def rate(self) -> float:
        """How many seconds of mock time pass in a second of real time; 0 lets it stand still."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self.catch_up()
        self._flow(rate)

    def halt(self) -> None:
        """Let time stand still where it is, whatever has fallen due meanwhile."""
        self._flow(0.0)

    def catch_up(self) -> None:
        """Move on to the instant to which time has flown, if it flows; what fell due is made at its own instant."""
        if not self._rate:
            return
        with self.lock:
            target, due = self._flown_to(), self._next_due()
            if due is None or due > target:
                if target > self._now:
                    self._go_to(target)  # untold: nobody waits for that alone where time flows by itself
                return
        self.run_until(target)

    def next_tick(self) -> float | None:
        """Return the reading of ``time.monotonic``, to a millisecond, at which the next entry is due.

        None if nothing is due, or time stands still.
        """
        with self.lock:
            due = self._next_due()
            if due is None or not self._rate:
                return None
            return round(self._since + (due - self._now).total_seconds() / self._rate, 3)

    def restart(self, at: datetime | None = None) -> None:
        """Begin anew at the start, or another instant, with nothing due. Only for a world that begins anew too."""
        with self.lock:
            # Where time flows with the real one it begins at that again, and not where it was long ago.
            start = self._start if self._is_given or not self._rate else _real_time()
            self._now, self._since = at or start, time.monotonic()
            self.work: Queue = Queue()
            self.deadlines: Queue = Queue()
            self.note_act()

    def standing(self) -> Standing:
        """Return where the clock stands, with all that is due on it, for ``stand``."""
        return Standing(self._now, self._since, self.work, self.deadlines)

    def stand(self, standing: Standing) -> None:
        """Be as the clock was before a restart."""
        with self.lock:
            self._now, self._since, self.work, self.deadlines = standing
            self.note_act()

    def now(self) -> datetime:
        """Return the mock time, aware and in UTC. Reading it changes nothing."""
        return self._now

    def note_act(self) -> None:
        """Note that the test has acted."""
        with self.lock:
            self.progress += 1
            self.acts += 1
            self.announce()

    def note_move(self) -> None:
        """Note that the test moves the clock, which is an act, but by itself no progress."""
        with self.lock:
            self.acts += 1
            self.announce()

    @contextmanager
    def act(self) -> Iterator[None]:
        """Do under the lock what a test does, and afterwards without it what has been put off for that."""
        with self.lock:
            self.note_act()
            yield
        self.do_deferred()

    def defer(self, action: Callable[[], object]) -> None:
        """Put off what runs the test's own code until the caller holds the lock no more."""
        self._deferred.append(action)

    def do_deferred(self) -> None:
        """Do what has been put off. For who has just let go of the lock."""
        while self._deferred:
            with self.lock:
                action = self._deferred.pop(0) if self._deferred else None
            if action is not None:
                action()

    def run_until(self, target: datetime) -> None:
        """Move on to an instant, making every action on the way at its own, whatever other threads do meanwhile."""
        while True:
            with self.lock:
                entry = self._take_next(target)
                if entry is None:
                    self.jump_to(target)
                    unlocked = None
                else:
                    unlocked = entry.action()
            if unlocked is not None:
                unlocked()
            if self._deferred:
                self.do_deferred()
            if entry is None:
                return

    def make_next(self) -> None:
        """Go on to the earliest entry of all, and make that one only; nothing happens where none is due."""
        with self.lock:
            entry, unlocked = self.work.head(), None
            if entry is not None:
                self.jump_to(entry.at)
                if entry.pending:  # or it has expired at that very instant (L-26)
                    self.work.take(entry)
                    unlocked = entry.action()
        if unlocked is not None:
            unlocked()
        self.do_deferred()

    def jump_to(self, target: datetime) -> None:
        """Move on to an instant, leaving the work that falls due on the way overdue; deadlines pass nevertheless.

        Nothing happens if it has passed already.
        """
        with self.lock:
            while (deadline := self.deadlines.head()) is not None and deadline.at <= target:
                self._pass(deadline)
            self._set(target)

    def sleep_until(self, end: datetime) -> None:
        """Spend a waiter's sleep: the clock ends at its end at least.

        With several sleepers each wakes at its own start plus its own delay.
        """
        with self.lock:
            if end > self._now and self.work.head() is not None:
                self.note_move()  # a sleep that takes no time is no act, nor one when nothing is due any more
        self.run_until(end)

    def after(self, seconds: float) -> datetime:
        """Return the instant so many seconds from now, but none after the end of mock time."""
        length = timedelta(seconds=min(max(seconds, 0), _CENTURY))
        return END if length >= END - self._now else self._now + length

    def wait_until(self, instant: datetime) -> bool:
        """Suspend this thread until somebody else has moved the clock to an instant, or lets sleepers move it.

        Returns:
            False if the mock ended before.
        """
        return self.wait_for(lambda: self._now >= instant or self._auto_advance)

    def wait_for_change(self, unchanged: Callable[[], bool], timeout: float | None = None) -> bool:
        """Suspend this thread until something has changed; False if the mock ended before, or the time was up."""
        return self.wait_for(lambda: self._auto_advance or not unchanged(), timeout)

    def wait_for(self, has_come: Callable[[], bool], timeout: float | None = None) -> bool:
        """Suspend this thread until something has come about.

        Args:
            has_come: whether it has.
            timeout: how many seconds of real time to wait at most.

        Returns:
            False if the mock ended before, or the time was up.
        """
        with self._moved:
            self._waiting += 1
            came = self._moved.wait_for(lambda: self._closed or has_come(), timeout)
            self._waiting -= 1
            return came and not self._closed

    def announce(self) -> None:
        """Wake the threads that wait for a change."""
        if self._waiting:
            with self._moved:
                self._moved.notify_all()
        if self._listeners:
            self._tell()

    @contextmanager
    def telling(self, listener: Callable[[], object]) -> Iterator[None]:
        """Tell a listener of every change until the block ends; it is called in any thread, and must not block."""
        with self.lock:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self.lock:
                self._listeners.remove(listener)

    @property
    def has_ended(self) -> bool:
        """Whether the mock has ended."""
        return self._closed

    def close(self) -> None:
        """Let every suspended thread go: the mock has ended."""
        with self._moved:
            self._closed = True
            self._moved.notify_all()
        self._tell()

    def _tell(self) -> None:
        with self.lock:
            for listener in self._listeners:
                listener()

    def _take_next(self, target: datetime) -> Entry | None:
        with self.lock:
            while (entry := self.work.head()) is not None and entry.at <= target:
                self.jump_to(entry.at)
                # A request that expires at the instant of its next handler call gets that call no more (L-26).
                if entry.pending:
                    self.work.take(entry)
                    return entry
        return None

    def _pass(self, deadline: Entry) -> None:
        self._set(deadline.at)
        self.deadlines.take(deadline)
        deadline.action()

    def _flow(self, rate: float) -> None:
        with self.lock:
            self._rate, self._since = rate, time.monotonic()
            self.announce()

    def _flown_to(self) -> datetime:
        """Return the instant to which time has flown, cut to a whole millisecond, as the API shows it."""
        flown = self.after((time.monotonic() - self._since) * self._rate)
        return flown.replace(microsecond=flown.microsecond // 1000 * 1000)

    def _next_due(self) -> datetime | None:
        heads = (self.work.head(), self.deadlines.head())
        return min((entry.at for entry in heads if entry is not None), default=None)

    def _set(self, instant: datetime) -> None:
        if instant > self._now:
            self._go_to(instant)
            self.announce()

    def _go_to(self, instant: datetime) -> None:
        if self._rate:  # it has flown for as long as it takes to this instant, which may lie ahead, too
            real = (instant - self._now).total_seconds() / self._rate
            self._since = min(self._since + real, time.monotonic())
        self._now = instant


def _real_time() -> datetime:
    """Return the real time, cut to a whole millisecond."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
