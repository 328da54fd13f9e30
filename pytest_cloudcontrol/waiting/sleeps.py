"""The sleeps of Cloud Control's clients, spent on the mock clock: of their waiters, before retries, and at rate limits.

How each client library is brought to sleep here is its transport's business.
"""

from __future__ import annotations

from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.requests.no_progress import BACKSTOP
from pytest_cloudcontrol.waiting import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.exceptions import NoProgressError
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.waiting.callers import Home

_WAITER: Final = "a waiter"


class Sleeps:
    """Spends the sleeps of one world's clients.

    Args:
        clock: the mock's clock.
        registry: the requests, for the message when nothing can move the clock.
        home: where the test itself runs.
        slept: notes that the caller has slept.
        seed: what the length of a retry's sleep is drawn from: SDKs draw it from a generator without a seed.
    """

    def __init__(self, clock: MockClock, registry: Registry, home: Home, slept: Callable[[], None], seed: str) -> None:
        self._clock = clock
        self._registry = registry
        self._home = home
        self._slept = slept
        self._seed = seed

    @cached_property
    def _jitter(self) -> Random:
        return Random(f"{self._seed}/retries")  # a seed costs as much as a tenth of a mock, and few tests have retries

    def of_waiter(self, seconds: float, who: str = _WAITER) -> None:
        """Spend a waiter's sleep between two polls, or one of the code's own.

        Args:
            seconds: how long.
            who: who sleeps, for an error.

        Raises:
            NoProgressError: ``auto_advance`` is off, and nobody could move the clock, or the mock ended meanwhile.
        """
        self._slept()
        if self._clock.auto_advance:
            self._clock.sleep(seconds)
        elif self._clock.rate:
            self._sleep_while_time_flows(seconds)
        elif self._home.is_here:
            raise errors.sleeps(who, seconds, self._registry.requests)
        else:
            self._sleep_until_moved(seconds, who)

    def of_waiting_task(self, seconds: float, who: str = _WAITER) -> SleepOfTask:
        """Begin to spend an asynchronous waiter's sleep with ``auto_advance`` off: other tasks may move the clock."""
        self._slept()
        return SleepOfTask(self._clock, self._registry, seconds, who)

    def of_retry(self, seconds: float, attempts: int) -> None:
        """Spend the sleep before a retry, after so many attempts.

        botocore's retry modes draw it by chance: up to 1, 2, 4 … 20 s. That chance is replaced by the seed's; a longer
        sleep, or none, is what a handler of the test's own has asked for.
        """
        longest = min(2 ** (attempts - 1), 20)
        if 0 < seconds <= longest:
            seconds = round(self._jitter.random() * longest, 3)
        self.of_limit(seconds)

    def of_limit(self, seconds: float) -> None:
        """Spend a sleep in which a client keeps to a rate.

        With ``auto_advance`` off it returns at once, as a retry's does: nobody could step in between.
        """
        self._slept()
        if self._clock.auto_advance:
            self._clock.sleep(seconds)

    def _sleep_while_time_flows(self, seconds: float) -> None:
        self._clock.catch_up()
        end = self._clock.after(seconds)
        self._clock.wait_for(lambda: self._clock.now() >= end or self._clock.auto_advance, seconds / self._clock.rate)
        self._clock.catch_up()

    def _sleep_until_moved(self, seconds: float, who: str) -> None:
        end = self._clock.after(seconds)
        if not self._clock.wait_until(end):
            raise errors.asleep(who, self._registry.requests)
        self._clock.run_until(end)  # there already, unless auto_advance was switched on meanwhile


class SleepOfTask:
    """A sleep of a task, which awaits changes in its own event loop.

    It takes no thread: a task that is cancelled would leave it behind, and those of the loop's own pool are few.

    Args:
        clock: the mock's clock.
        registry: the requests, for the message when nothing moves the clock.
        seconds: how long.
        who: who sleeps, for an error.
    """

    def __init__(self, clock: MockClock, registry: Registry, seconds: float, who: str) -> None:
        self._clock = clock
        self._registry = registry
        self._seconds = seconds
        self._who = who
        self._end = clock.after(seconds)

    @property
    def patience(self) -> float:
        """How many seconds of real time it lasts at most: without any change, or where time flows until its end."""
        rate = self._clock.rate
        return BACKSTOP if not rate else max((self._end - self._clock.now()).total_seconds(), 0.0) / rate

    @property
    def is_over(self) -> bool:
        """Whether the clock is there, or sleepers move it.

        Raises:
            NoProgressError: the mock has ended meanwhile.
        """
        if self._clock.has_ended:
            raise errors.asleep(self._who, self._registry.requests)
        self._clock.catch_up()
        return self._clock.now() >= self._end or self._clock.auto_advance

    def telling(self, listener: Callable[[], object]) -> AbstractContextManager[None]:
        """Tell a listener, which is called in any thread, of every change until the block ends."""
        return self._clock.telling(listener)

    def end(self) -> None:
        """Move the clock to its end: it is there already, unless ``auto_advance`` was switched on meanwhile."""
        self._clock.run_until(self._end)

    def no_progress(self) -> NoProgressError:
        """Return the error when nothing has changed for as long as it lasts at most."""
        return errors.sleeps(self._who, self._seconds, self._registry.requests)
