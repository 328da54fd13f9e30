"""Who goes next, when the one that had the baton gives it away."""

from __future__ import annotations

from datetime import MINYEAR, UTC, datetime
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exploration.actors.actor import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_cloudcontrol.exploration.actors.actor import Performer

WAITS_IN_A_ROW: Final = 20
"""After so many turns of actors that only wait, one that is blocked with a timeout gives up: it may do what they wait
for. As long as others wait, its timeout isn't over: no waiting takes any real time."""

_LATENESS: Final = 1e-6
"""No timeout is over on the dot, and as_completed only looks for one that is past."""

AT_ONCE: Final = datetime(MINYEAR, 1, 1, tzinfo=UTC)


class Turns:
    """Says who goes next.

    First whoever gave way, the last one first; then the lowest number of those that are ready. Where there is none,
    one that only waits: the one that waits for the earliest instant, of these the one whose turn was longest ago, and
    of these the lowest number. Where there is none either, a timeout is over: the earliest as it was given.

    Attributes:
        gave_way: who has let another go first, and goes on when that ends or is blocked.
        progress: how often one has gone on for another reason than that its timeout was over.
        timeouts_in_a_row: how often one has gone on for that reason since.
        now: time as timeouts know it: it stands still, but for the deadlines that have come.
    """

    def __init__(self) -> None:
        self.gave_way: list[Performer] = []
        self.now = 0.0
        self.progress = self.timeouts_in_a_row = 0
        self._waits_in_a_row = 0

    def next_of(self, actors: Iterable[Performer]) -> Performer | None:
        """Return who goes next, ready to go on; None if nobody can."""
        if self.gave_way:
            self._note_progress()
            return self.gave_way.pop()
        alive = [actor for actor in actors if actor.state not in (State.AWAY, State.ENDED)]
        for actor in alive:
            if actor.is_ready:
                self._note_progress()
                self._waits_in_a_row = 0
                return actor
        waiting = [actor for actor in alive if actor.state is State.WAITING]
        timed = [actor for actor in alive if actor.state is State.BLOCKED and actor.deadline is not None]
        if waiting and not (timed and self._waits_in_a_row >= WAITS_IN_A_ROW):
            return self._end_wait(waiting)
        return self._time_out(timed) if timed else None

    def _end_wait(self, waiting: list[Performer]) -> Performer:
        chosen = min(waiting, key=lambda actor: (actor.until or AT_ONCE, actor.last_turn))
        self._note_progress()
        self._waits_in_a_row += 1
        chosen.last_turn = self.progress
        return chosen

    def _time_out(self, timed: list[Performer]) -> Performer:
        chosen = min(timed, key=lambda actor: actor.deadline or 0.0)
        self.timeouts_in_a_row += 1
        self._waits_in_a_row = 0
        self.now = max(self.now, chosen.deadline or 0.0) + _LATENESS
        chosen.has_timed_out = True
        return chosen

    def _note_progress(self) -> None:
        self.progress += 1
        self.timeouts_in_a_row = 0
