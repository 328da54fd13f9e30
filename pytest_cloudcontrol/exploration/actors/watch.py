"""The watch: a thread of its own that looks at real time, while several actors play or none can go on.

It takes the turn of an actor that sleeps in something that nobody sees, tells of a deadlock, and ends a play in which
an actor is lost.
"""

from __future__ import annotations

import threading
import time
from _thread import allocate_lock, start_new_thread
from time import sleep  # by its name, as tests replace the module's
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exploration.actors.actor import State
from pytest_cloudcontrol.exploration.actors.baton import Ended, Ending
from pytest_cloudcontrol.exploration.actors.errors import Deadlock, Stuck
from pytest_cloudcontrol.exploration.actors.interrupting import interrupt
from pytest_cloudcontrol.exploration.actors.stacks import position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.exploration.actors.actor import Performer
    from pytest_cloudcontrol.exploration.actors.baton import Baton

GRACE: Final = 0.2
"""So many seconds of real time an actor sleeps in the middle of its turn before that is taken from it."""

_TICK: Final = 0.05
_IDLE_TICK: Final = 0.001
_SETTLING: Final = 0.002
"""So many seconds an actor has to be seen to have woken up, after what it waited for has come."""


class Watch:
    """Looks after one play.

    Args:
        baton: the play's.
        backstop: so many seconds of real time an actor may be lost.
    """

    def __init__(self, baton: Baton, backstop: float) -> None:
        self._baton = baton
        self._backstop = backstop
        self._bell = allocate_lock()
        self._bell.acquire()
        self._gone = allocate_lock()
        self._has_begun = self._is_over = False
        self._moment: tuple[Performer, int] | None = None
        self._since = self._still_since = 0.0
        self._position: object = None
        baton.when_idle(self._ring)

    def begin(self) -> None:
        """Begin to watch, if that hasn't happened yet: a function without threads doesn't pay for it."""
        if not self._has_begun:
            self._has_begun = True
            self._gone.acquire()
            start_new_thread(self._watch, ())

    def end(self) -> None:
        """End it, and return when its thread does nothing any more."""
        self._is_over = True
        if self._has_begun:
            self._ring()
            self._gone.acquire()

    def settle(self) -> None:
        """Wait for those whose turn was taken from them, if they have woken up: they are about to come by."""
        if len(self._baton.performers) > 1:
            for performer in self._baton.performers:
                if performer.state is State.AWAY:
                    self._let_come_by(performer)

    # ------------------------------------------------------------------ in the thread of an actor

    def _let_come_by(self, performer: Performer) -> None:
        since, seen = time.monotonic(), performer.position
        until = since + self._backstop
        while (now := time.monotonic()) < until:
            sleep(_SETTLING)
            with self._baton.lock:
                if performer.state is not State.AWAY:
                    return
                stands = position(performer)
            if stands == performer.position:
                return  # asleep where it was
            if stands != seen:
                seen, since = stands, now
            elif now - since > GRACE:
                performer.position = stands  # asleep elsewhere
                return

    def _ring(self) -> None:
        self.begin()
        if self._bell.locked():
            self._bell.release()

    # ------------------------------------------------------------------ in its own

    def _watch(self) -> None:
        while not self._is_over:
            self._bell.acquire(timeout=_TICK if self._baton.holder else _IDLE_TICK)
            with self._baton.lock:
                holder = self._baton.holder
                if holder is None:
                    self._look_for_one_to_go_on()
                else:
                    self._look_at(holder)
        self._gone.release()

    def _look_at(self, holder: Performer) -> None:
        """Take the baton from one that sleeps, and end the play if one is lost."""
        now, stands = time.monotonic(), position(holder)
        if self._moment != (holder, self._baton.events):
            self._moment = (holder, self._baton.events)
            self._since = self._still_since = now
        if self._position != stands:
            self._position, self._still_since = stands, now
        if now - self._still_since >= GRACE and self._baton.take_away():
            holder.position = stands
        elif now - self._since >= self._backstop:
            self._end_for([holder])

    def _look_for_one_to_go_on(self) -> None:
        """Let one go on that has been freed from outside of the play; end the play if that won't happen."""
        if self._baton.pass_on() or self._baton.ending is not None:
            return
        now = time.monotonic()
        if self._moment is not None:
            self._moment, self._since = None, now
        patience = self._patience()
        if now - self._since < patience:
            return
        away = [performer for performer in self._baton.alive if performer.state is State.AWAY]
        if away:
            self._end_for(away)
        else:
            error = Deadlock(self._baton.alive)
            self._baton.end(Ending(Ended, lambda: error))
            self._baton.pass_on()

    def _patience(self) -> float:
        alive = self._baton.alive
        if any(performer.state is State.AWAY or performer.sees_outside for performer in alive):
            return self._backstop
        acting = {performer.thread for performer in alive}
        return GRACE if any(thread not in acting for thread in threading.enumerate()) else 0

    def _end_for(self, lost: Sequence[Performer]) -> None:
        if self._baton.ending is None:
            error = Stuck(lost, self._backstop)
            self._baton.end(Ending(Ended, lambda: error))
            self._baton.take_away()
            for performer in lost:
                interrupt(performer)
