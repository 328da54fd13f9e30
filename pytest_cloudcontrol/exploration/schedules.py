"""Schedules: which surprise at which point; in which order they are run, and how a replay line says one.

Every schedule is known by the points of its parent's run. A child adds one option at a later point than its parent's
last surprise, so each set of surprises comes exactly once, and those with the fewest come first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from pytest_cloudcontrol.exploration.errors import ReplayDoesNotFit
from pytest_cloudcontrol.exploration.surprises import CRASH_AFTER, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.exploration.surprises import Surprise
    from pytest_cloudcontrol.exploration.trace import Place, Trace

_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th) (\w+)(?: (\S+))?")
_CALL: Final = re.compile(r"call (\d+) (\w+)")


class Step(NamedTuple):
    """A surprise of a schedule.

    Attributes:
        point: the number of its point among all of the run.
        option: its number among what could happen there.
    """

    point: int
    option: int


class Told(NamedTuple):
    """What a call was answered in a schedule's parent's run."""

    call: int
    answer: str


class Schedule(NamedTuple):
    """A schedule as it is to be run.

    Attributes:
        steps: its surprises, in order.
        told: the call before which the last surprise moves the world on, with its answer in its parent's run, if it is
            a read and another call of that actor follows: with the same answer it goes on like another schedule.
    """

    steps: tuple[Step, ...] = ()
    told: Told | None = None


class Script(Protocol):
    """Says what happens at each point of a run."""

    def choose(self, number: int, place: Place, options: Sequence[Surprise]) -> Surprise | None:
        """Return what happens at a point; None if nothing surprising does."""
        ...


class Planned:
    """The script of a schedule."""

    def __init__(self, schedule: Schedule) -> None:
        self._steps = {step.point: step.option for step in schedule.steps}

    def choose(self, number: int, place: Place, options: Sequence[Surprise]) -> Surprise | None:  # noqa: ARG002  # see Script
        """See Script."""
        option = self._steps.get(number)
        # A run that differs from its parent's may have fewer options there; then the comparison says so.
        return None if option is None or option >= len(options) else options[option]


class Children(NamedTuple):
    """What follows from a run.

    Attributes:
        schedules: with one surprise more, in order.
        pruned: how many weren't made, since they can't differ from others.
    """

    schedules: list[Schedule]
    pruned: int


def children_of(schedule: Schedule, trace: Trace, *, is_cut_short: bool, moves: bool) -> Children:
    """Return the schedules that add one surprise to one that was run.

    Args:
        schedule: what was run.
        trace: what the run did.
        is_cut_short: whether it was ended at its last surprise's own point, since it goes on like another schedule.
        moves: whether the world may move on before a call.
    """
    after = schedule.steps[-1].point if schedule.steps else -1
    schedules: list[Schedule] = []
    pruned = 0
    for number, point in enumerate(trace.asked[after + 1 :], after + 1):
        goes_on = not is_cut_short and trace.last_call.get(point.actor, 0) > point.call > 0
        for option, surprise in enumerate(point.options):
            if surprise.words == CRASH_AFTER and point.is_read and goes_on:
                pruned += 1  # it equals a crash before the next call
                continue
            is_vain = surprise.kind is Kind.MOVED_ON and point.is_read and goes_on
            told = Told(point.call, trace.answers[point.call]) if is_vain else None
            schedules.append(Schedule((*schedule.steps, Step(number, option)), told))
    if moves and not is_cut_short:
        pruned += sum(points > after for points in trace.idle)
    return Children(schedules, pruned)


def replay_line(chosen: Sequence[tuple[Place, Surprise]]) -> str:
    """Return the line that says a schedule."""
    return "; ".join(f"{place.name}: {surprise.words}" for place, surprise in chosen)


class Replayed:
    """The script of a replay line: what happens is found by its place, whatever else there is.

    Args:
        line: the line.

    Raises:
        ReplayDoesNotFit: it isn't one.
    """

    def __init__(self, line: str) -> None:
        self._left: list[tuple[str, str]] = []
        self._seen: list[tuple[Place, Sequence[Surprise]]] = []
        for part in filter(None, (part.strip() for part in line.split(";"))):
            place, colon, words = part.partition(": ")
            if not colon:
                raise ReplayDoesNotFit(
                    f"replay={line!r} is no replay line: {part!r} has no place and what happens there, as in "
                    "'call 3 CreateResource: lost answer; request 1 step 2: CANCELLED'"
                )
            self._left.append((place.strip(), words.strip()))

    @property
    def words(self) -> Sequence[str]:
        """What is to happen, without the places."""
        return [words for _, words in self._left]

    def choose(self, number: int, place: Place, options: Sequence[Surprise]) -> Surprise | None:  # noqa: ARG002  # see Script
        """See Script."""
        self._seen.append((place, options))
        for wanted in self._left:
            if _means(wanted[0], place):
                for option in options:
                    if option.words == wanted[1]:
                        self._left.remove(wanted)
                        return option
        return None

    def check(self) -> None:
        """Check that all has happened.

        Raises:
            ReplayDoesNotFit: something hasn't; the message says what is there now.
        """
        if self._left:
            lines = [f"    {place}: {words}\n        {self._instead(place)}" for place, words in self._left]
            raise ReplayDoesNotFit("\n".join(["the replay doesn't fit this run, in which there is no", *lines]))

    def _instead(self, wanted: str) -> str:
        """Return what there is instead of a place, and where its operation went."""
        there = [options for place, options in self._seen if _means(wanted, place)]
        if there:
            could = dict.fromkeys(option.words for options in there for option in options)
            return f"There could be: {', '.join(could) or 'nothing'}."
        names = list(dict.fromkeys(place.name for place, _ in self._seen))
        call = _CALL.fullmatch(wanted)
        ordinal = _ORDINAL.fullmatch(wanted)
        if call is not None:
            now = [name for name in names if name.startswith(f"call {call[1]} ")]
            is_now = f"Call {call[1]} is {now[0].split()[2]} now" if now else f"There is no call {call[1]} now"
            return f"{is_now}; {_went(names, call[2])}."
        if ordinal is not None:
            return f"{_went(names, ordinal[2])}."
        return f"The places are: {', '.join(names) or 'none'}."


def _went(names: Sequence[str], operation: str) -> str:
    found = [name.removesuffix(f" {operation}") for name in names if name.endswith(f" {operation}")]
    return f"{operation} is {' and '.join(found)}" if found else f"{operation} isn't called"


def _means(wanted: str, place: Place) -> bool:
    """Whether a place of a replay line is a point of the run."""
    if wanted == place.name:
        return True
    ordinal = _ORDINAL.fullmatch(wanted)
    if ordinal is None or ordinal[2] != place.operation:
        return False
    turn = int(ordinal[1])
    return turn == place.turn[0] if ordinal[3] is None else (ordinal[3], turn) == (place.type_name, place.turn[1])
