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


def seconds_each(subjects: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each subject over interleaved rounds, the first of which isn't counted.

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
    return {name: median(values) for name, values in taken.items()}


def seconds_of(function: Callable[[], object], times: int) -> float:
    """Return the mean seconds of one call of a function, with garbage collection on, as users run.

    What was left before is collected first, so that nobody pays for another's garbage.
    """
    gc.collect()
    start = time.perf_counter()
    for _ in range(times):
        function()
    return (time.perf_counter() - start) / times
