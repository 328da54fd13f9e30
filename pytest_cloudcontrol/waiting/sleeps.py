"""The sleeps of Cloud Control's clients, spent on the mock clock: of their waiters, before retries, and at rate limits.

How each client library is brought to sleep here is its transport's business.
"""

from __future__ import annotations

from functools import cached_property, partial
from random import Random
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.requests.no_progress import BACKSTOP
from pytest_cloudcontrol.waiting import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock
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
        elif self._home.is_here:
            raise errors.sleeps(who, seconds, self._registry.requests)
        else:
            self._sleep_until_moved(seconds, who)

    def of_waiting_task(self, seconds: float, who: str = _WAITER) -> Callable[[], None]:
        """Begin to spend an asynchronous waiter's sleep with ``auto_advance`` off: other tasks may move the clock.

        Returns:
            What spends it, for a worker thread, so that the tasks' event loop goes on. It raises NoProgressError when
            nothing has changed for a time of the wall clock, or the mock ended meanwhile.
        """
        self._slept()
        return partial(self._sleep_beside_others, seconds, self._clock.after(seconds), who)

    def _sleep_beside_others(self, seconds: float, end: datetime, who: str) -> None:
        clock = self._clock
        while clock.now() < end and not clock.auto_advance:
            if not clock.wait_for(partial(self._has_acted_since, clock.acts), BACKSTOP):
                requests = self._registry.requests
                raise errors.asleep(who, requests) if clock.has_ended else errors.sleeps(who, seconds, requests)
        clock.run_until(end)  # there already, unless auto_advance was switched on meanwhile

    def _has_acted_since(self, acts: int) -> bool:
        return self._clock.acts != acts or self._clock.auto_advance

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

    def _sleep_until_moved(self, seconds: float, who: str) -> None:
        end = self._clock.after(seconds)
        if not self._clock.wait_until(end):
            raise errors.asleep(who, self._registry.requests)
        self._clock.run_until(end)  # there already, unless auto_advance was switched on meanwhile
