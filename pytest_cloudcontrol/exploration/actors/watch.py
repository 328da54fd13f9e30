"""A thread beside the actors that has their play looked after. Plays that follow each other may share it."""

from __future__ import annotations

import sys
import threading
from _thread import allocate_lock, start_new_thread
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

    from pytest_cloudcontrol.exploration.actors.lookout import Lookout

_TICK: Final = 0.01
_IDLE_TICK: Final = 0.001


class Watch:
    """Calls a lookout again and again, in real time.

    Starting a thread takes longer than many a play, so whoever plays thousands of times shares one::

        with Watch() as watch:
            ...
            Stage(choose, watch=watch).play(function)
    """

    def __init__(self) -> None:
        self._lookout: Lookout | None = None
        self._bell = allocate_lock()
        self._bell.acquire()
        self._is_running = allocate_lock()
        self._is_over = False

    def begin(self) -> None:
        """Begin, if that hasn't happened yet."""
        if not self._is_running.locked():
            self._is_running.acquire()
            start_new_thread(self._watch, ())

    def look_after(self, lookout: Lookout) -> None:
        """Have a play looked after from now on."""
        self._lookout = lookout
        lookout.baton.when_idle(self._ring)

    def look_away(self) -> None:
        """Let a play be that is over."""
        if self._lookout is not None:
            with self._lookout.baton.lock:
                self._lookout = None

    def end(self) -> None:
        """End it, and return when its thread does nothing any more."""
        self._is_over = True
        if self._is_running.locked():
            self._ring()
            self._is_running.acquire()

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()

    def _ring(self) -> None:
        self.begin()
        if self._bell.locked():
            self._bell.release()

    def _watch(self) -> None:
        sys.settrace(threading.gettrace())  # as threading does for its own threads, for debuggers and coverage
        is_idle = False
        try:
            while not self._is_over:
                self._bell.acquire(timeout=_IDLE_TICK if is_idle else _TICK)
                is_idle = self._look()
        finally:
            self._is_running.release()

    def _look(self) -> bool:
        """Return whether nobody in the play can go on."""
        lookout = self._lookout
        if lookout is None:
            return False
        with lookout.baton.lock:
            if lookout is self._lookout:
                lookout.look()
            return lookout.baton.holder is None
