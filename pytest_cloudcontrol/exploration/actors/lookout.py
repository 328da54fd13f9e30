"""What real time tells of a play: that an actor sleeps in something nobody sees, is lost, or that all are blocked."""

from __future__ import annotations

import threading
import time
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

_LOOK: Final = 0.06
"""So many seconds count at most between two looks."""

_SETTLING: Final = 0.002
"""So many seconds an actor has to be seen to have woken up, after what it waited for has come."""


class Lookout:
    """Looks after one play, whenever it is asked to.

    Args:
        baton: the play's.
        backstop: so many seconds of real time an actor may be lost.
    """

    def __init__(self, baton: Baton, backstop: float) -> None:
        self.baton = baton
        self._backstop = backstop
        self._moment: tuple[Performer | None, int] | None = None
        self._since = self._looked = self._ended = time.monotonic()
        self._position: object = None
        self._still = 0.0
        self._lost: list[tuple[Performer, int]] = []

    def look(self) -> None:
        """Take the turn of an actor that sleeps, and end a play that can't go on. The caller holds the baton's lock."""
        if self._lost and time.monotonic() - self._ended >= GRACE:
            self._interrupt()
        holder = self.baton.holder
        if holder is None:
            self._look_for_one_to_go_on()
        else:
            self._look_at(holder)

    def settle(self) -> None:
        """Wait for those whose turn was taken from them, if they have woken up: they are about to come by."""
        if len(self.baton.performers) > 1:
            for performer in self.baton.performers:
                if performer.state is State.AWAY:
                    self._let_come_by(performer)

    # ------------------------------------------------------------------

    def _let_come_by(self, performer: Performer) -> None:
        since, seen = time.monotonic(), performer.position
        until = since + self._backstop
        while (now := time.monotonic()) < until:
            sleep(_SETTLING)
            with self.baton.lock:
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

    def _look_at(self, holder: Performer) -> None:
        """Take the baton from one that sleeps, and end the play if one is lost."""
        now, stands = time.monotonic(), position(holder)
        passed, self._looked = now - self._looked, now
        if self._moment != (holder, self.baton.events):
            self._moment, self._since = (holder, self.baton.events), now
            self._position = None
        # Where this look comes late, the machine is busy, and the actor may want to go on as this thread did.
        self._still = self._still + min(passed, _LOOK) if self._position == stands else 0.0
        self._position = stands
        if self._still >= GRACE and self.baton.take_away():
            holder.position = stands
        elif now - self._since >= self._backstop:
            self._end_for([holder])

    def _look_for_one_to_go_on(self) -> None:
        """Let one go on that has been freed from outside of the play; end the play if that won't happen."""
        if self.baton.pass_on() or self.baton.ending is not None:
            return
        now = time.monotonic()
        if self._moment != (None, self.baton.events):
            self._moment, self._since = (None, self.baton.events), now
        if now - self._since < self._patience():
            return
        away = [performer for performer in self.baton.alive if performer.state is State.AWAY]
        if away:
            self._end_for(away)
        else:
            error = Deadlock([actor for actor in self.baton.actors if not actor.has_ended])
            self.baton.end(Ending(Ended, lambda: error))
            self.baton.pass_on()

    def _patience(self) -> float:
        alive = self.baton.alive
        if any(performer.state is State.AWAY or performer.sees_outside for performer in alive):
            return self._backstop
        acting = {performer.thread for performer in alive}
        return GRACE if any(thread not in acting for thread in threading.enumerate()) else 0

    def _end_for(self, lost: Sequence[Performer]) -> None:
        if self.baton.ending is None:
            error = Stuck(lost, self._backstop)
            self.baton.end(Ending(Ended, lambda: error))
            self.baton.take_away()
            self._lost, self._ended = [(performer, performer.visits) for performer in lost], time.monotonic()

    def _interrupt(self) -> None:
        """Raise an error in the middle of those that still haven't come by, where they would be told of the end."""
        for performer, visits in self._lost:
            if performer.visits == visits:
                interrupt(performer)
        self._lost = []
