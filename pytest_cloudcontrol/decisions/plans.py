"""Plans: how long requests take. A plan is read when a request is accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.decisions.arranged import Arranged, written
from pytest_cloudcontrol.vocabulary import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.decisions.match import Match, RequestSubject

FIRST_DELAY: Final = timedelta(milliseconds=200)
"""From acceptance to the first handler call; recorded were 0.119 s to 0.273 s."""

DELAY: Final = timedelta(seconds=1)
"""Between two handler calls; the callback delays recorded were 1 s, 5 s and 2 s."""

LONGEST: Final = timedelta(days=3650)
"""The longest delay of a plan: far beyond the expiry of the request, and far from the end of mock time."""


@dataclass(slots=True, kw_only=True, eq=False)
class Plan(Arranged):
    """What a test has said of how long requests take; None is left to other plans. It fires for each request it paces.

    Attributes:
        match: which requests.
        steps: handler calls until success.
        delay: between two of them.
        first_delay: before the first, from when the request is taken up.
        pending: how long the request is PENDING before it is taken up; True: until its first handler call.
        downstream: whether the service does the work by itself, and the handler only watches it.
        step_time: how long one handler call takes.
        consistent_after: how long after the request's end reads show what it did.
    """

    match: Match
    steps: int | None = None
    delay: timedelta | None = None
    first_delay: timedelta | None = None
    pending: timedelta | bool | None = None
    downstream: bool | None = None
    step_time: timedelta | None = None
    consistent_after: timedelta | None = None

    def given(self) -> list[str]:
        """Return the arguments that the test wrote."""
        paces = {name: getattr(self, name) for name in PLANNED}
        return [
            *filter(None, [str(self.match)]),
            *(f"{name}={written(value)}" for name, value in paces.items() if value is not None),
        ]

    def __str__(self) -> str:
        return f"plan({', '.join(self.given())})"


class Pace(NamedTuple):
    """How long one request takes: what its plans say, with nothing left open."""

    steps: int
    delay: timedelta
    first_delay: timedelta
    pending: timedelta | bool
    downstream: bool = False
    step_time: timedelta = timedelta(0)
    consistent_after: timedelta = timedelta(0)
    delays: tuple[timedelta, ...] = ()
    """The times between its handler calls where they aren't the same, as recorded ones aren't; no plan says them."""


PLANNED: Final = tuple(name for name in Pace._fields if name != "delays")
"""The parts that a plan may have."""

DEFAULT: Final[Mapping[Operation, Pace]] = MappingProxyType(
    {
        # Two handler calls, so that there is a half, where a resource is made or changed; one where it goes.
        Operation.CREATE: Pace(2, DELAY, FIRST_DELAY, pending=False),
        Operation.UPDATE: Pace(2, DELAY, FIRST_DELAY, pending=False),
        Operation.DELETE: Pace(1, DELAY, FIRST_DELAY, pending=False),
    }
)


@dataclass(slots=True, kw_only=True, eq=False)
class Timings(Arranged):
    """Ready-made paces, in place of the defaults: what a test plans itself comes before them, whenever it does.

    Attributes:
        paces: by type and operation.
    """

    paces: Mapping[tuple[str, Operation], Pace]

    def pace(self, subject: RequestSubject) -> Pace:
        """Return how long a new request takes, which is the default if nothing is known of such ones."""
        return self.paces.get((subject.type_name or "", subject.operation), DEFAULT[subject.operation])

    def __str__(self) -> str:
        return "use_aws_timings()"


def pace_of(subject: RequestSubject, plans: list[Plan], timings: Timings | None) -> Pace:
    """Return how long a new request takes.

    Each part is from the most specific plan that has it, then from the latest; what no plan says, the timings do, and
    else the defaults.
    """
    latest_first = reversed([plan for plan in plans if plan.match.matches(subject)])
    narrowest_first = sorted(latest_first, key=lambda plan: -plan.match.specificity)
    default = DEFAULT[subject.operation]
    timed = default if timings is None else timings.pace(subject)
    planned = {}
    for name in PLANNED:
        plan = next((plan for plan in narrowest_first if getattr(plan, name) is not None), None)
        if plan is not None:
            planned[name] = plan
    for plan in narrowest_first:
        plan.fired += plan in planned.values()
    if planned.keys() & {"steps", "delay"}:
        timed = timed._replace(delays=())
    if timings is not None:
        unplanned = Pace._fields - planned.keys()
        timings.fired += any(getattr(timed, name) != getattr(default, name) for name in unplanned)
    return timed._replace(**{name: getattr(plan, name) for name, plan in planned.items()})
