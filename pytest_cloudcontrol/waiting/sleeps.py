"""The sleeps of Cloud Control's clients, spent on the mock clock: of their waiters, before retries, and at rate limits.

How each client library is brought to sleep here is its transport's business.
"""

from __future__ import annotations

from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from pytest_cloudcontrol.waiting import errors
from pytest_cloudcontrol.waiting.tasks import Sleepers, SleepOfTask

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.waiting.callers import Home

WAITER: Final = "a waiter"


class Sleeps:
    """Spends the sleeps of one world's clients.

    Args:
        clock: the mock's clock.
        registry: the requests, for the message when nothing can move the clock.
        home: where the test itself runs.
        slept: notes that the caller sleeps until an instant.
        seed: what the length of a retry's sleep is drawn from: SDKs draw it from a generator without a seed.
    """

    def __init__(
        self, clock: MockClock, registry: Registry, home: Home, slept: Callable[[datetime], None], seed: str
    ) -> None:
        self._clock = clock
        self._registry = registry
        self._home = home
        self._slept = slept
        self._seed = seed
        self._sleepers: WeakKeyDictionary[object, Sleepers] = WeakKeyDictionary()

    @cached_property
    def _jitter(self) -> Random:
        return Random(f"{self._seed}/retries")  # a seed costs as much as a tenth of a mock, and few tests have retries

    def of_waiter(self, seconds: float, who: str = WAITER) -> None:
        """Spend a waiter's sleep between two polls, or one of the code's own.

        Args:
            seconds: how long.
            who: who sleeps, for an error.

        Raises:
            NoProgressError: ``auto_advance`` is off, and nobody could move the clock, or the mock ended meanwhile.
        """
        self._clock.catch_up()
        end = self._clock.after(seconds)
        self._slept(end)
        if self._clock.auto_advance:
            self._clock.sleep_until(end)
        elif self._clock.rate:
            self._sleep_while_time_flows(end, seconds)
        elif self._home.is_here:
            raise errors.sleeps(who, seconds, self._registry.requests)
        else:
            self._sleep_until_moved(end, who)

    def of_waiting_task(self, seconds: float, who: str = WAITER) -> SleepOfTask:
        """Begin to spend an asynchronous waiter's sleep: other tasks go on, and may move the clock."""
        self._clock.catch_up()
        self._slept(self._clock.after(seconds))
        return SleepOfTask(self._clock, self._registry, seconds, who)

    def sleepers(self, loop: object) -> Sleepers:
        """Return the tasks of an event loop that sleep."""
        sleepers = self._sleepers.get(loop)
        if sleepers is None:
            sleepers = self._sleepers[loop] = Sleepers()
        return sleepers

    def of_retry(self, seconds: float, attempts: int) -> None:
        """Spend the sleep before a retry, after so many attempts."""
        self.of_limit(self.length_before_retry(seconds, attempts))

    def length_before_retry(self, seconds: float, attempts: int) -> float:
        """Return how many seconds the sleep before a retry takes, after so many attempts.

        botocore's retry modes draw it by chance: up to 1, 2, 4 … 20 s. That chance is replaced by the seed's; a longer
        sleep, or none, is what a handler of the test's own has asked for.
        """
        longest = min(2 ** (attempts - 1), 20)
        if 0 < seconds <= longest:
            seconds = round(self._jitter.random() * longest, 3)
        return seconds

    def of_limit(self, seconds: float) -> None:
        """Spend a sleep in which a client keeps to a rate.

        With ``auto_advance`` off it returns at once, as a retry's does: nobody could step in between.
        """
        end = self._clock.after(seconds)
        self._slept(end)
        if self._clock.auto_advance:
            self._clock.sleep_until(end)

    def _sleep_while_time_flows(self, end: datetime, seconds: float) -> None:
        self._clock.wait_for(lambda: self._clock.now() >= end or self._clock.auto_advance, seconds / self._clock.rate)
        self._clock.catch_up()

    def _sleep_until_moved(self, end: datetime, who: str) -> None:
        if not self._clock.wait_until(end):
            raise errors.asleep(who, self._registry.requests)
        self._clock.run_until(end)  # there already, unless auto_advance was switched on meanwhile
