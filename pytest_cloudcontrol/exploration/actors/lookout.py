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
from pytest_cloudcontrol.exploration.actors.standing import enters_block, is_runnable, position, position_and_work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.exploration.actors.actor import Performer
    from pytest_cloudcontrol.exploration.actors.baton import Baton

GRACE: Final = 0.2
"""So many seconds of real time an actor sleeps in the middle of its turn before that is taken from it."""

_OF_OTHERS: Final = 1.0
"""So many seconds of real time threads that aren't actors may sleep, when all actors are blocked."""

_GRACE_OF_LOCKS: Final = 0.03
"""And one that is at a lock, where it can't be anything else that takes long."""

_LOOK: Final = 0.015
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
        self._since = self._moved = self._looked = self._ended = time.monotonic()
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
                stands = position_and_work(performer)
            if stands == performer.position:
                return  # asleep where it was
            if stands != seen:
                seen, since = stands, now
            elif now - since > GRACE:
                performer.position = stands  # asleep elsewhere
                return

    def _look_at(self, holder: Performer) -> None:
        """Take the baton from one that sleeps, and end the play if one is lost."""
        now, stands = time.monotonic(), position_and_work(holder)
        passed, self._looked = now - self._looked, now
        if self._moment != (holder, self.baton.events):
            self._moment, self._since = (holder, self.baton.events), now
            self._position = None
        # Where this look comes late, the machine is busy, and the actor may want to go on as this thread did.
        self._still = self._still + min(passed, _LOOK) if self._position == stands else 0.0
        self._position = stands
        sleeps = self._still >= (_GRACE_OF_LOCKS if enters_block(holder) else GRACE) and not is_runnable(holder)
        if sleeps and self.baton.take_away():
            holder.position = stands
        elif now - self._since >= self._backstop:
            self._end_for([holder])

    def _look_for_one_to_go_on(self) -> None:
        """Let one go on that has been freed from outside of the play; end the play if that won't happen."""
        if self.baton.pass_on() or self.baton.ending is not None:
            return
        now, stand = time.monotonic(), _positions_beside(self.baton)
        if self._moment != (None, self.baton.events):
            self._moment, self._since, self._moved = (None, self.baton.events), now, now
        if self._position != stand:
            self._position, self._moved = stand, now
        alive = self.baton.alive
        looking_out = [performer for performer in alive if performer.state is State.AWAY or performer.sees_outside]
        has_waited_long = now - self._since >= self._backstop
        # Threads that aren't actors may free one as long as they do anything.
        if has_waited_long or not (looking_out or (stand and now - self._moved < _OF_OTHERS)):
            self._end_for(looking_out)

    def _end_for(self, lost: Sequence[Performer]) -> None:
        """End the play since some are lost, or else all are blocked; unless it is ending already."""
        if self.baton.ending is None:
            actors = [actor for actor in self.baton.actors if not actor.has_ended]
            error = Stuck(lost, self._backstop) if lost else Deadlock(actors)
            self.baton.end(Ending(Ended, lambda: error))
            if self.baton.holder is None:
                self.baton.pass_on()
            else:
                self.baton.take_away()
            self._ended = time.monotonic()
            self._lost = [(performer, performer.visits) for performer in lost if not performer.sees_outside]

    def _interrupt(self) -> None:
        """Raise an error in the middle of those that still haven't come by, where they would be told of the end."""
        self._lost = [(performer, visits) for performer, visits in self._lost if performer.visits == visits]
        self._ended = time.monotonic()
        for performer, _ in self._lost:
            interrupt(performer)


def _positions_beside(baton: Baton) -> list[object]:
    """Return where the threads stand that aren't actors."""
    acting = {performer.thread for performer in baton.alive}
    return [position(thread.ident) for thread in threading.enumerate() if thread not in acting]
