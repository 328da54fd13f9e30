"""Measuring: rounds of several subjects in turn, so that a machine that changes its speed does so for all of them."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Figure:
    """One figure, and the most that it may be."""

    name: str
    value: float
    ceiling: float
    unit: str = ""

    def __str__(self) -> str:
        verdict = "" if self.value <= self.ceiling else "   ABOVE THE CEILING"
        return f"{self.name:<78} {self.value:>9.2f} {self.unit:<4} (at most {self.ceiling:g}){verdict}"


class Taken:
    """What each subject took in every round.

    Args:
        seconds: by the subject's name, round by round.
    """

    def __init__(self, seconds: Mapping[str, list[float]]) -> None:
        self._seconds = seconds

    def __getitem__(self, name: str) -> float:
        """Return the median seconds of a subject."""
        return median(self._seconds[name])

    def ratio(self, one: str, other: str) -> float:
        """Return the median of what one took against another in the same round: the machine was as fast for both."""
        return median(mine / its for mine, its in zip(self._seconds[one], self._seconds[other], strict=True))


def seconds_each(subjects: Mapping[str, Callable[[], float]], rounds: int) -> Taken:
    """Return what each subject took in interleaved rounds, the first of which isn't counted.

    Args:
        subjects: by name, what does its work once and returns the seconds that the part to be measured took.
        rounds: how often each is run.
    """
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(rounds + 1):
        for name, subject in subjects.items():
            seconds = subject()
            if number:
                taken[name].append(seconds)
    return Taken(taken)


def seconds_of(function: Callable[[], object], times: int) -> float:
    """Return the mean seconds of one call of a function, with garbage collection on, as users run.

    What was left before is collected first, so that nobody pays for another's garbage.
    """
    gc.collect()
    start = time.perf_counter()
    for _ in range(times):
        function()
    return (time.perf_counter() - start) / times
