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
from pytest_cloudcontrol.exploration.actors.standing import TELLS_WORK, enters_block, is_runnable, position, work_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.exploration.actors.actor import Performer
    from pytest_cloudcontrol.exploration.actors.baton import Baton

GRACE: Final = 0.2
"""So many seconds of real time an actor sleeps in the middle of its turn before that is taken from it."""

_GRACE_OF_LOCKS: Final = 0.03
"""And one that stands at a lock, where it can't be anything else that takes long."""

_AT_WORK: Final = 0.25
"""One that uses this part of a processor's time is at work; one that looks again and again after short sleeps isn't."""

_OF_OTHERS: Final = 1.0
"""So many seconds of real time threads that aren't actors may sleep, when all actors are blocked."""

_TIMEOUTS: Final = 100
"""So many timeouts may be over, one after the other, for as long as the backstop is, and nothing else happen."""

_LOOK: Final = 0.015
"""So many seconds count at most between two looks: where one comes late, the machine is busy, and the actor may have
wanted to go on as the watch did."""

_SETTLING: Final = 0.002
_SIGHTINGS: Final = 2
"""So many seconds pass between two looks at whether an actor has woken up, after what it waited for may have come; and
so often it has to be seen asleep where it was. A look that comes late counts little: the machine is busy."""


class Lookout:
    """Looks after one play, whenever it is asked to.

    Args:
        baton: the play's.
        backstop: so many seconds of real time an actor may be lost.
    """

    def __init__(self, baton: Baton, backstop: float) -> None:
        self.baton = baton
        self._backstop = backstop
        # Of the present moment: as long as the same actor has the baton, and doesn't come by.
        self._moment: tuple[Performer | None, int] | None = None
        self._since = self._looked = time.monotonic()
        self._lasted = self._still = self._work = 0.0
        self._position: object = None
        # Since when others stand still, and since when there have been timeouts only.
        self._moved = self._progressed = self._since
        self._progress = 0
        # Those that an ending can't reach, how often they had come by then, and when that was.
        self._lost: list[tuple[Performer, int]] = []
        self._ended = self._since

    def look(self) -> None:
        """Take the turn of an actor that sleeps, and end a play that can't go on. The caller holds the baton's lock."""
        if self._lost and time.monotonic() - self._ended >= GRACE:
            self._interrupt()
        holder = self.baton.holder
        if self.baton.ending is None and self._has_timeouts_only():
            self._end_for(self._looking_out())
        elif holder is None:
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
        """Wait until one whose turn was taken comes by; but not for one that sleeps, where it did or elsewhere."""
        begin = since = time.monotonic()
        seen, asleep = performer.position, 0.0
        while (now := time.monotonic()) - begin < self._backstop and asleep < _SIGHTINGS:
            sleep(_SETTLING)
            is_late = time.monotonic() - now > 2 * _SETTLING
            with self.baton.lock:
                if performer.state is not State.AWAY:
                    return
                stands, is_awake = position(performer.ident), is_runnable(performer)
            if stands == performer.position and not is_awake:
                asleep += 0.25 if is_late else 1.0
            elif stands != seen or is_awake:
                seen, since = stands, now
            elif now - since > GRACE:
                performer.position = stands
                return

    def _look_at(self, holder: Performer) -> None:
        """Take the baton from one that sleeps, and end the play if one is lost."""
        now, stands = time.monotonic(), position(holder.ident)
        passed, self._looked = min(now - self._looked, _LOOK), now
        if self._moment != (holder, self.baton.events):
            self._moment, self._since, self._position = (holder, self.baton.events), now, None
            self._lasted, self._work = 0.0, work_of(holder)
        self._lasted += passed
        self._still = self._still + passed if self._position == stands else 0.0
        self._position = stands
        if self._sleeps(holder) and self.baton.take_away(holder):
            holder.position = stands
        elif now - self._since >= self._backstop:
            self._end_for([holder])

    def _sleeps(self, holder: Performer) -> bool:
        if holder.is_native:
            return False
        if self._still >= _GRACE_OF_LOCKS and enters_block(holder):
            return not is_runnable(holder)
        if TELLS_WORK:
            is_idle = self._lasted >= GRACE and work_of(holder) - self._work < _AT_WORK * self._lasted
        else:
            is_idle = self._still >= GRACE
        return is_idle and not is_runnable(holder)

    def _look_for_one_to_go_on(self) -> None:
        """Let one go on that has been freed from outside of the play; end the play if that won't happen."""
        if self.baton.pass_on() or self.baton.ending is not None:
            return
        now, stand = time.monotonic(), _positions_beside(self.baton)
        if self._moment != (None, self.baton.events):
            self._moment, self._since, self._moved = (None, self.baton.events), now, now
        if self._position != stand:
            self._position, self._moved = stand, now
        looking_out = self._looking_out()
        has_waited_long = now - self._since >= self._backstop
        # Threads that aren't actors may free one as long as they do anything.
        if has_waited_long or not (looking_out or (stand and now - self._moved < _OF_OTHERS)):
            self._end_for(looking_out)

    def _looking_out(self) -> list[Performer]:
        """Return those that something may free which isn't of the play."""
        return [actor for actor in self.baton.alive if actor.state is State.AWAY or actor.sees_outside]

    def _has_timeouts_only(self) -> bool:
        """Return whether for long nothing has happened but that timeouts were over: what they wait for won't come."""
        turns, now = self.baton.turns, time.monotonic()
        if turns.progress != self._progress:
            self._progress, self._progressed = turns.progress, now
        return turns.timeouts_in_a_row >= _TIMEOUTS and now - self._progressed >= self._backstop

    def _end_for(self, lost: Sequence[Performer]) -> None:
        """End the play since some are lost, or else all are blocked; unless it is ending already."""
        if self.baton.ending is None:
            actors = [actor for actor in self.baton.actors if not actor.has_ended]
            error = Stuck(lost, self._backstop) if lost else Deadlock(actors)
            self.baton.end(Ending(Ended, lambda: error))
            if self.baton.holder is None:
                self.baton.pass_on()
            else:
                self.baton.take_away(self.baton.holder)
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
