"""The waits of a task, which awaits changes in its own event loop, and which sleeper of a loop wakes first.

They take no thread: a task that is cancelled would leave it behind, and those of the loop's own pool are few.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from bisect import insort
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pytest_cloudcontrol.requests import no_progress
from pytest_cloudcontrol.waiting import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.exceptions import NoProgressError
    from pytest_cloudcontrol.requests.registry import Registry


class WaitOfTask(ABC):
    """A wait until somebody else does something.

    Args:
        clock: the mock's clock.
        registry: the requests, for the message when nobody does.
    """

    def __init__(self, clock: MockClock, registry: Registry) -> None:
        self._clock = clock
        self._registry = registry

    @property
    def patience(self) -> float:
        """How many seconds of real time without any change it lasts at most."""
        return no_progress.BACKSTOP

    @property
    def comes_by_itself(self) -> bool:
        """Whether time brings its end, so that an event loop whose timers are early only waits a little more."""
        return False

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end, or waiting code moves the clock again.

        Raises:
            NoProgressError: the mock has ended meanwhile.
        """
        return self.has_come or self._clock.auto_advance

    @property
    def has_come(self) -> bool:
        """Whether it has come to its end.

        Raises:
            NoProgressError: the mock has ended meanwhile.
        """
        if self._clock.has_ended:
            raise self._ended()
        self._clock.catch_up()
        return self._has_come()

    def telling(self, listener: Callable[[], object]) -> AbstractContextManager[None]:
        """Tell a listener, which is called in any thread, of every change until the block ends."""
        return self._clock.telling(listener)

    @abstractmethod
    def no_progress(self) -> NoProgressError:
        """Return the error when nothing has changed for as long as it lasts at most."""

    @abstractmethod
    def _has_come(self) -> bool:
        """Whether what is waited for has come."""

    @abstractmethod
    def _ended(self) -> NoProgressError:
        """Return the error when the mock has ended."""


class SleepOfTask(WaitOfTask):
    """A sleep.

    Args:
        clock: the mock's clock.
        registry: the requests.
        seconds: how long.
        who: who sleeps, for an error.

    Attributes:
        until: the instant of its end.
    """

    def __init__(self, clock: MockClock, registry: Registry, seconds: float, who: str) -> None:
        super().__init__(clock, registry)
        self._seconds = seconds
        self._who = who
        self.until = clock.after(seconds)

    @property
    def patience(self) -> float:
        """How many seconds of real time it lasts at most: without any change, or where time flows until its end."""
        rate = self._clock.rate  # read once: another thread may set it
        return super().patience if not rate else max((self.until - self._clock.now()).total_seconds(), 0.0) / rate

    @property
    def comes_by_itself(self) -> bool:
        """Whether time flows to its end."""
        return bool(self._clock.rate)

    def end(self) -> None:
        """Move the clock to its end, unless it is there already, or has begun anew."""
        if self._registry.ended:
            return
        if self._clock.auto_advance:
            self._clock.sleep_until(self.until)
        else:
            self._clock.run_until(self.until)

    def no_progress(self) -> NoProgressError:
        """Return the error when nothing has changed for as long as it lasts at most."""
        return errors.sleeps(self._who, self._seconds, self._registry.requests)

    def _has_come(self) -> bool:
        return self._registry.ended or self._clock.now() >= self.until

    def _ended(self) -> NoProgressError:
        return errors.asleep(self._who, self._registry.requests)


class Sleepers:
    """The tasks of one event loop that sleep, the one first whose end comes first."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._numbers = itertools.count()

    @contextmanager
    def joined(self, until: datetime, wake: Callable[[], object]) -> Iterator[Place]:
        """Count a task among them until the block ends.

        Args:
            until: when its sleep ends.
            wake: is called as soon as it has become the first, or others before it have left.
        """
        place = Place(until, next(self._numbers), wake, self._places)
        insort(self._places, place)
        try:
            yield place
        finally:
            self._places.remove(place)
            if self._places:
                self._places[0].wake()


class Place(NamedTuple):
    """A task's place among them; of those that end at one instant the first to sleep comes first."""

    until: datetime
    number: int
    wake: Callable[[], object]
    all: list[Place]

    @property
    def is_first(self) -> bool:
        """Whether it is the first of all."""
        return self.all[0] is self


class HeldTask(WaitOfTask):
    """A wait for any change before a call that would only be told the same again.

    Args:
        clock: the mock's clock.
        registry: the requests.
        asked: the call, for an error.
        has_changed: whether anything has changed since it was answered.
    """

    def __init__(self, clock: MockClock, registry: Registry, asked: str, has_changed: Callable[[], bool]) -> None:
        super().__init__(clock, registry)
        self._asked = asked
        self._has_changed = has_changed

    def no_progress(self) -> NoProgressError:
        """Return the error when nothing has changed for as long as it lasts at most."""
        return errors.repeats(self._asked, self._registry.requests, auto_advance=False)

    def _has_come(self) -> bool:
        return self._has_changed()

    def _ended(self) -> NoProgressError:
        return errors.held(self._asked, self._registry.requests, "a task")
