"""Plans: how long requests take. A plan is read when a request is accepted."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.vocabulary import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.decisions.match import Match, Subject

FIRST_DELAY: Final = timedelta(milliseconds=200)
"""From acceptance to the first handler call; recorded were 0.119 s to 0.273 s."""

DELAY: Final = timedelta(seconds=1)
"""Between two handler calls; the callback delays recorded were 1 s, 5 s and 2 s."""

LONGEST: Final = timedelta(days=3650)
"""The longest delay of a plan: far beyond the expiry of the request, and far from the end of mock time."""


class Plan(NamedTuple):
    """What a test has said of how long requests take; None is left to other plans.

    Attributes:
        steps: handler calls until success.
        delay: between two of them.
        first_delay: before the first, from when the request is taken up.
        pending: how long the request is PENDING before it is taken up; True: until its first handler call.
    """

    steps: int | None = None
    delay: timedelta | None = None
    first_delay: timedelta | None = None
    pending: timedelta | bool | None = None


class Pace(NamedTuple):
    """How long one request takes: what its plans say, with nothing left open."""

    steps: int
    delay: timedelta
    first_delay: timedelta
    pending: timedelta | bool


DEFAULT: Final[Mapping[Operation, Pace]] = MappingProxyType(
    {
        # Two handler calls, so that there is a half, where a resource is made or changed; one where it goes.
        Operation.CREATE: Pace(2, DELAY, FIRST_DELAY, pending=False),
        Operation.UPDATE: Pace(2, DELAY, FIRST_DELAY, pending=False),
        Operation.DELETE: Pace(1, DELAY, FIRST_DELAY, pending=False),
    }
)


def pace_of(subject: Subject, plans: list[tuple[Match, Plan]]) -> Pace:
    """Return how long a new request takes: each part from the most specific plan that has it, then from the latest."""
    pace = DEFAULT[subject.operation]
    fitting = [(match, plan) for match, plan in plans if match.matches(subject)]
    for _, plan in sorted(fitting, key=lambda pair: pair[0].specificity):
        pace = Pace(
            pace.steps if plan.steps is None else plan.steps,
            pace.delay if plan.delay is None else plan.delay,
            pace.first_delay if plan.first_delay is None else plan.first_delay,
            pace.pending if plan.pending is None else plan.pending,
        )
    return pace
