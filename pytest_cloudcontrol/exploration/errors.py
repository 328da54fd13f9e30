"""What an exploration refuses: where it would lie, or can't go on."""

from __future__ import annotations

from typing import Final

from pytest_cloudcontrol.exceptions import Portable

CAUSES: Final = (
    "Likely causes: a cache or a counter in a module, which the runs share; a clock or a random generator of the "
    "code's own; time that flows, by clock.rate; the order of a set; threads that the exploration doesn't see."
)


class ExplorationError(Exception, Portable):
    """An exploration can't be made, or would say what isn't so."""


class ScenarioDiffers(ExplorationError):
    """The scenario doesn't do the same at the same schedule.

    Attributes:
        before: what it did first.
        now: what it did the second time, at the same place.
    """

    def __init__(self, schedule: str, number: int, before: str, now: str) -> None:
        self.before = before
        self.now = now
        super().__init__(
            f"the scenario differs from run to run, so that no schedule could be tried: {schedule}\n"
            f"    At place {number} it did first:  {before}\n"
            f"    and in another run:     {now}\n"
            f"{CAUSES}"
        )


class ReplayDoesNotFit(ExplorationError):
    """A replay line names what isn't there in this run."""


class TooManySchedules(ExplorationError):
    """More schedules would have to be run than max_runs allows; all that were run have passed.

    Attributes:
        runs: how many were run.
        left: how many of the level that was begun are left.
    """

    def __init__(self, message: str, runs: int, left: int) -> None:
        self.runs = runs
        self.left = left
        super().__init__(message)
