"""The waits of a task with ``auto_advance`` off, which awaits changes in its own event loop.

They take no thread: a task that is cancelled would leave it behind, and those of the loop's own pool are few.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from pytest_cloudcontrol.requests import no_progress
from pytest_cloudcontrol.waiting import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

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
        if self._clock.has_ended:
            raise self._ended()
        self._clock.catch_up()
        return self._clock.auto_advance or self._has_come()

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
    """

    def __init__(self, clock: MockClock, registry: Registry, seconds: float, who: str) -> None:
        super().__init__(clock, registry)
        self._seconds = seconds
        self._who = who
        self._end = clock.after(seconds)

    @property
    def patience(self) -> float:
        """How many seconds of real time it lasts at most: without any change, or where time flows until its end."""
        rate = self._clock.rate  # read once: another thread may set it
        return super().patience if not rate else max((self._end - self._clock.now()).total_seconds(), 0.0) / rate

    @property
    def comes_by_itself(self) -> bool:
        """Whether time flows to its end."""
        return bool(self._clock.rate)

    def end(self) -> None:
        """Move the clock to its end: it is there already, unless ``auto_advance`` was switched on meanwhile."""
        self._clock.run_until(self._end)

    def no_progress(self) -> NoProgressError:
        """Return the error when nothing has changed for as long as it lasts at most."""
        return errors.sleeps(self._who, self._seconds, self._registry.requests)

    def _has_come(self) -> bool:
        return self._clock.now() >= self._end

    def _ended(self) -> NoProgressError:
        return errors.asleep(self._who, self._registry.requests)


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
