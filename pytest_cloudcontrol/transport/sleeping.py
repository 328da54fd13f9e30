"""Sleeps of Cloud Control's clients: botocore's waiters, its retries, and its adaptive rate limit.

All of them spend mock time; the sleeps of every other service's clients are real, as ever. ``time.sleep`` itself is
left alone: what is replaced is the name ``time`` in the two modules of botocore that sleep. Whose sleep it is, the
calls that lead to it say: a waiter's own client, and the operation that is retried.
"""

from __future__ import annotations

import threading
from enum import Enum
from random import Random
from typing import TYPE_CHECKING

from pytest_cloudcontrol.errors import NoProgressError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from pytest_cloudcontrol.clock import Timekeeper
    from pytest_cloudcontrol.requests.request import ResourceRequest


class Sleeper(Enum):
    """Who is about to sleep."""

    OTHER = "another service's client"
    WAITER = "a waiter"
    RETRY = "a retry"


class ThisThread(threading.local):
    """Who sleeps in this thread, should anybody, and how many attempts a retry has behind it."""

    sleeper = Sleeper.OTHER
    attempts = 1


class Sleeping:
    """Spends the sleeps of one mock's clients on its clock.

    Args:
        clock: the mock's clock.
        requests: returns the mock's requests, for the message when nothing can move the clock.
        slept: notes that the caller has slept.
        seed: what the length of a retry's sleep is drawn from: botocore draws it from a generator without a seed.
    """

    def __init__(
        self,
        clock: Timekeeper,
        requests: Callable[[], Sequence[ResourceRequest]],
        slept: Callable[[], None],
        seed: str,
    ) -> None:
        self._clock = clock
        self._requests = requests
        self._slept = slept
        self._jitter = Random(f"{seed}/retries")
        self._home = threading.current_thread()
        self.thread = ThisThread()

    def back_off(self, seconds: float) -> None:
        """Spend the sleep before a retry.

        botocore's retry modes draw it by chance: up to 1, 2, 4 … 20 s. That chance is replaced by the seed's; a longer
        sleep, or none, is what a handler of the test's own has asked for.
        """
        longest = min(2 ** (self.thread.attempts - 1), 20)
        if 0 < seconds <= longest:
            seconds = round(self._jitter.random() * longest, 3)
        self.sleep(seconds, Sleeper.RETRY)

    def sleep(self, seconds: float, sleeper: Sleeper) -> None:
        """Spend one sleep of a Cloud Control client."""
        self._slept()
        if self._clock.auto_advance:
            self._clock.sleep(seconds)
        elif sleeper is Sleeper.WAITER:
            self._sleep_until_moved(seconds)
        # With auto_advance off a retry's sleep returns at once: nobody could step in between.

    def _sleep_until_moved(self, seconds: float) -> None:
        remedy = (
            "What to do: let the request come to its end first (request.run(), cloudcontrol.clock.advance()), "
            "wait in another thread, or set cloudcontrol.clock.auto_advance = True."
        )
        if threading.current_thread() is self._home:
            stalled = (
                f"a waiter is about to sleep {seconds:g} s, but clock.auto_advance is off: nothing moves the clock."
            )
            raise NoProgressError(stalled, remedy, self._requests())
        end = self._clock.after(seconds)
        if not self._clock.wait_until(end):
            raise NoProgressError("the mock ended while a thread was asleep in a waiter.", remedy, self._requests())
        self._clock.run_until(end)  # there already, unless auto_advance was switched on meanwhile


class TimeModule:
    """Stands for the module ``time`` in a module of botocore: everything as there, but for Cloud Control's sleeps."""

    def __init__(self, original: ModuleType, sleeping: Sleeping) -> None:
        self._original = original
        self._sleeping = sleeping

    def __getattr__(self, name: str) -> object:
        return getattr(self._original, name)

    def sleep(self, seconds: float) -> None:
        """Sleep, really or on the mock clock."""
        sleeper = self._sleeping.thread.sleeper
        if sleeper is Sleeper.OTHER:
            self._original.sleep(seconds)
        elif sleeper is Sleeper.RETRY:
            self._sleeping.back_off(seconds)
        else:
            self._sleeping.sleep(seconds, sleeper)
