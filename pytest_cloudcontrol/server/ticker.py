"""The ticker: has done by itself what falls due while time flows, for clients that never ask."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend

_LONGEST: Final = 3600.0
"""Seconds that it sleeps at most: no wait may be as long as the rarest of things lies ahead."""

_PATIENCE: Final = 30
"""Seconds in which what it is at must end."""


class Ticker(threading.Thread):
    """Wakes whenever the next piece of work of a backend is due in real time; sleeps where time stands still."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(name="pytest-cloudcontrol ticker", daemon=True)
        self._backend = backend
        self._stopping = False

    def run(self) -> None:
        """Tick until ``stop``, or until the mock ends."""
        clock = self._backend.clock
        while not self._stopping and not clock.has_ended:
            try:
                clock.catch_up()
            except BaseException as error:  # a request that never ends, or the test's own code
                self._backend.raised_elsewhere(error)
                clock.halt()  # or it would be so again at once
            self._sleep_until(clock.next_tick())

    def stop(self) -> None:
        """Stop, and wait until it has; but not for code of a test's own that never ends."""
        self._stopping = True
        self._backend.clock.announce()
        self.join(_PATIENCE)

    def _sleep_until(self, tick: float | None) -> None:
        """Sleep until a reading of the real time, or until another one is the next."""
        patience = None if tick is None else min(max(tick - time.monotonic(), 0.0), _LONGEST)
        clock = self._backend.clock
        clock.wait_for(lambda: self._stopping or clock.next_tick() != tick, patience)
