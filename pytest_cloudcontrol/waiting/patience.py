"""What follows when code waits: time goes on for it, or its thread is held, or its loop ends.

With ``auto_advance`` the clock moves to the next work that may bring what is waited for. Where nothing is due, a caller
that goes on repeating is stopped; with ``auto_advance`` off only at home, since anywhere else the test may still move
the clock: there the thread is held until something changes.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pytest_cloudcontrol.waiting import errors
from pytest_cloudcontrol.waiting.callers import place_of
from pytest_cloudcontrol.waiting.repetition import Moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.clock import Entry, MockClock
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.resources.store import Store
    from pytest_cloudcontrol.waiting.callers import Home


class Patience:
    """Deals with the waiting callers of one world."""

    def __init__(self, clock: MockClock, store: Store, registry: Registry, home: Home) -> None:
        self._clock = clock
        self._store = store
        self._registry = registry
        self._home = home

    def moment(self) -> Moment:
        """Return the present moment. The caller holds the lock."""
        return Moment(self._clock.acts, self._registry.version)

    def let_time_pass(self, awaited: Entry | None) -> bool:
        """Move the clock to an entry that a caller waits for, doing what falls due on the way; False if it can't be."""
        clock = self._clock
        if not clock.auto_advance:
            return False
        with clock.lock:
            # One that isn't pending is under way: the caller is the test's own code right before that very step.
            at = max(awaited.at, clock.now()) if awaited is not None and awaited.pending else None
        if at is None:
            return False
        clock.run_until(at)
        return True

    def wait_for_step(self, request: Request | None) -> bool:
        """Wait until another thread has made the step that it is making.

        Args:
            request: whose step; None is that of any request.

        Returns:
            False if no other thread is making one.

        Raises:
            NoProgressError: nothing has changed for a time of the wall clock, or the mock has ended meanwhile.
        """
        clock, me = self._clock, threading.get_ident()
        with clock.lock:
            making = self._registry.making
            orders = making if request is None else making.keys() & {request.order}
            order = next((order for order in orders if making[order] != me), None)
            if order is None:
                return False
            maker, made = making[order], self._registry.requests[order - 1]
        while making.get(order) == maker:
            if not self._comes_to_something(lambda: making.get(order) != maker):
                raise errors.stuck(made, place_of(me), place_of(maker))
        return True

    def _comes_to_something(self, is_over: Callable[[], bool]) -> bool:
        """Wait until something is over, or else changes; False when neither comes."""
        moment = self.moment()
        return self._clock.wait_for(lambda: is_over() or self.moment() != moment, errors.BACKSTOP)

    def progress(self) -> tuple[int, int, int]:
        """Return what differs after every progress. The caller holds the lock."""
        return self._clock.progress, self._store.changes, self._registry.came_to_something

    def stop_idling(self, calls: int, asked: str, moment: Moment) -> None:
        """End calls without progress as ``stop`` ends a loop.

        Raises:
            NoProgressError: so many calls were made, or the mock has ended meanwhile.
        """
        if self._clock.auto_advance or self._home.is_here:
            raise errors.idles(calls, asked, self._registry.requests)
        self._hold(asked, moment)

    def stop(self, asked: str, moment: Moment) -> None:
        """End a caller's loop; in a thread that the test may still move time for, hold it until something changes.

        Args:
            asked: the call that is repeated, as text.
            moment: when it was answered last.

        Raises:
            NoProgressError: nothing will change any more, or the mock has ended meanwhile.
        """
        clock, requests = self._clock, self._registry.requests
        if clock.auto_advance or self._home.is_here:
            raise errors.repeats(asked, requests, auto_advance=clock.auto_advance)
        self._hold(asked, moment)

    def _hold(self, asked: str, moment: Moment) -> None:
        if not self._clock.wait_for_change(lambda: self.moment() == moment):
            raise errors.held(asked, self._registry.requests)
