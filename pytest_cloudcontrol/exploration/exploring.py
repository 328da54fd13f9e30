"""Every schedule, those with the fewest surprises first: so the first failure needs no shrinking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.exploration.errors import ScenarioDiffers, TooManySchedules
from pytest_cloudcontrol.exploration.schedules import Planned, Schedule, children_of, replay_line
from pytest_cloudcontrol.exploration.surprises import Kind
from pytest_cloudcontrol.exploration.trace import first_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_cloudcontrol.exploration.runs import Ran, Runs
    from pytest_cloudcontrol.exploration.schedules import Children
    from pytest_cloudcontrol.exploration.trace import Trace

_WAY_OUT: Final = (
    "What to do: give a larger max_runs, fewer surprises, or switch kinds of surprises off "
    "(cancels, failures, errors, moves, interleavings); shards=N of the marker divides them."
)


@dataclass(frozen=True, slots=True)
class Exploration:
    """What an exploration has covered; all of it has passed.

    Attributes:
        runs: how many schedules were run, the plain one included.
        points: at how many points of the plain run something could have happened.
        pruned: how many schedules weren't run to their end, since they can't differ from others that were.
        schedules: the replay line of each schedule that was run, in order, without the plain one.
        surprises: how many surprises were tried, by their kind.
    """

    runs: int
    points: int
    pruned: int
    schedules: Sequence[str]
    surprises: Mapping[str, int]

    def __str__(self) -> str:
        tried = ", ".join(f"{count} {kind}" for kind, count in self.surprises.items() if count)
        return (
            f"{self.runs} schedule{'' if self.runs == 1 else 's'} at {self.points} "
            f"point{'' if self.points == 1 else 's'} ({tried or 'no surprises'}), {self.pruned} pruned"
        )


class Parent(NamedTuple):
    """A schedule that was run and has children."""

    schedule: Schedule
    trace: Trace
    children: Sequence[Schedule]


class Exploring:
    """Runs the schedules of one exploration.

    Args:
        runs: runs the scenario.
        levels: how many surprises a schedule has at most.
        moves: whether the world may move on before a call.
        max_runs: how many schedules are run at most.
        shard: which of how many parts is run: a schedule is in the part of its first surprise.
        tell: told after each run how many there were, and how many there will be at least.
        fail: makes an exception of a schedule's failure; given the run and how many schedules have passed.
    """

    def __init__(
        self,
        runs: Runs,
        levels: int,
        max_runs: int,
        fail: Callable[[Ran, int], BaseException],
        *,
        moves: bool,
        shard: tuple[int, int] = (0, 1),
        tell: Callable[[int, int], None] | None = None,
    ) -> None:
        self._runs = runs
        self._levels = levels
        self._moves = moves
        self._max_runs = max_runs
        self._shard = shard
        self._tell = tell
        self._fail = fail
        self._made = self._pruned = 0
        self._schedules: list[str] = []
        self._surprises: Counter[Kind] = Counter()
        self._level_sizes: list[int] = []

    def explore(self) -> Exploration:
        """Run all schedules.

        Raises:
            ScenarioDiffers: the scenario isn't the same from run to run.
            TooManySchedules: there are more than max_runs.
        """
        try:
            return self._explore()
        except KeyboardInterrupt as interrupt:
            had = "1 schedule had" if self._made == 1 else f"{self._made} schedules had"
            interrupt.add_note(f"Cloud Control: {had} been run, and had passed")
            raise

    def _explore(self) -> Exploration:
        plain = self._run(Schedule())
        again = self._runs.run(Planned(Schedule()))
        _compare(plain.trace, again.trace, "the plain run, without any surprise, was made twice")
        parents: list[Parent] = []
        if self._levels:
            children = children_of(Schedule(), plain.trace, is_cut_short=False, moves=self._moves)
            index, shards = self._shard
            parents.append(Parent(Schedule(), plain.trace, children.schedules[index::shards]))
            self._pruned += children.pruned if index == 0 else 0
        for level in range(1, self._levels + 1):
            parents = self._run_level(level, parents)
        surprises = {kind.value: self._surprises[kind] for kind in Kind}
        return Exploration(self._made, plain.trace.places, self._pruned, tuple(self._schedules), surprises)

    def _run_level(self, level: int, parents: Sequence[Parent]) -> list[Parent]:
        """Run every schedule with so many surprises, and return those that have children."""
        size = sum(len(parent.children) for parent in parents)
        self._level_sizes.append(size)
        expected, done = self._made + size, 0
        following: list[Parent] = []
        for parent in parents:
            for schedule in parent.children:
                if self._made >= self._max_runs:
                    raise self._too_many(level, size - done)
                ran = self._run(schedule, parent)
                done += 1
                if self._tell is not None:
                    self._tell(self._made, expected)
                if level < self._levels:
                    children = self._children(schedule, ran)
                    following.append(Parent(schedule, ran.trace, children.schedules))
        return following

    def _children(self, schedule: Schedule, ran: Ran) -> Children:
        children = children_of(schedule, ran.trace, is_cut_short=ran.is_vain, moves=self._moves)
        self._pruned += children.pruned
        return children

    def _run(self, schedule: Schedule, parent: Parent | None = None) -> Ran:
        """Run one schedule; what it did until its last surprise is compared with its parent's run."""
        ran = self._runs.run(Planned(schedule), schedule.told)
        if parent is not None:
            until = parent.trace.ends[schedule.steps[-1].point]
            asked = ((parent.trace.asked[step.point], step.option) for step in schedule.steps)
            line = replay_line([(point.place, point.options[option]) for point, option in asked])
            _compare(parent.trace, ran.trace, f"until its last surprise, {line!r} went another way than before", until)
        if ran.is_vain:
            self._pruned += 1
            return ran
        if ran.error is not None:
            raise self._fail(ran, self._made)
        self._made += 1
        if schedule.steps:
            self._schedules.append(replay_line(ran.chosen))
            self._surprises.update(surprise.kind for _, surprise in ran.chosen)
        return ran

    def _too_many(self, level: int, left: int) -> TooManySchedules:
        surprises = f"{level} surprise{'' if level == 1 else 's'}"
        passed = "1 schedule was run, and has" if self._made == 1 else f"{self._made} schedules were run, and have"
        but = f"max_runs={self._max_runs} leaves {left} of the {self._level_sizes[-1]} with {surprises}."
        lines = [f"{passed} passed, but {but}", *self._further(level), _WAY_OUT]
        return TooManySchedules("\n".join(lines), self._made, left)

    def _further(self, level: int) -> list[str]:
        """Return how many schedules further levels would take, as far as that can be told."""
        if len(self._level_sizes) < 2:
            return []
        first, size = self._level_sizes[0], self._level_sizes[1]
        options = 2 * size / first + 1  # if they were the same everywhere, as in n over k
        lines = []
        for further in range(3, self._levels + 1):
            size = int(size * max(options - further + 1, 0) / further)
            if further > level:
                lines.append(f"Those with {further} would be about {size}.")
        return lines


def _compare(before: Trace, now: Trace, what: str, until: int | None = None) -> None:
    difference = first_difference(before, now, until)
    if difference is not None:
        raise ScenarioDiffers(what, *difference)
