"""The end of a program in the middle of it: it has crashed, or goes on like another run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exploration.chosen import Ended

if TYPE_CHECKING:
    from typing import NoReturn

    from pytest_cloudcontrol.exploration.actors.stage import Stage

_MOST_KILLS: Final = 1_000
"""So many calls a killed program makes at most: it may clean up, or try each of many things."""


class Killing:
    """Kills the program of one run, once or again and again.

    Attributes:
        is_done: whether the program has been killed: every call raises.
        is_held: whether it has held that again and again, as a bare ``except:`` in a loop does.
        is_vain: whether it was killed because the run would go on like another schedule.
    """

    def __init__(self) -> None:
        self.is_done = self.is_held = self.is_vain = False
        self._kills = 0

    def kill(self, stage: Stage, *, in_vain: bool = False) -> NoReturn:
        """Kill the program, all its actors.

        Raises:
            Ended: in the actor that is killed first.
        """
        self.is_done = True
        self.is_vain |= in_vain
        stage.end_all(Ended)
        raise Ended

    def kill_again(self) -> None:
        """Raise in a call of a killed program, unless it has held that so often that it would never end.

        Raises:
            Ended: the program has been killed.
        """
        self._kills += 1
        if self._kills <= _MOST_KILLS:
            raise Ended
        self.is_held = True  # it goes on undisturbed, so that it may come to an end of its own
