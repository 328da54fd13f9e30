"""An exploration's twin by other means: a test's own callbacks have each surprise happen, and nothing is left out.

It knows what may surprise by default, and clients that try once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pytest_cloudcontrol import Api, mock_cloudcontrol
from pytest_cloudcontrol.exploration.explore import START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_cloudcontrol import Call, CloudControl, ResourceRequest

    Chosen = tuple[tuple[int, str], ...]

MOVED_ON: Final = "moved on"
LOST: Final = "lost answer"
THROTTLED: Final = "ThrottlingException"
CANCELLED: Final = "CANCELLED"
FAILED: Final = "FAILED GeneralServiceException"


class Tried(NamedTuple):
    """A schedule that was run: what it is as a replay line, and what came of it."""

    line: str
    outcome: str


class _Run:
    """One run of a program: asks at each point what happens there, and has it happen."""

    def __init__(self, cloudcontrol: CloudControl, chosen: Chosen, *, moves: bool, errors: bool) -> None:
        self.points: list[Sequence[str]] = []
        self.said: list[str] = []
        self._cloudcontrol = cloudcontrol
        self._chosen = dict(chosen)
        self._moves = moves
        self._errors = errors
        self._calls = 0
        for api in Api:
            cloudcontrol.before(self._at_call, api=api)
        cloudcontrol.before(lambda request: self._at_step(request, request.steps + 1))
        cloudcontrol.before(lambda request: self._at_step(request, "end"), at_step="end")

    def _ask(self, place: str, options: Sequence[str]) -> str:
        happens = self._chosen.get(len(self.points), "")
        self.points.append(options)
        if happens:
            self.said.append(f"{place}: {happens}")
        return happens

    def _at_call(self, call: Call) -> None:
        self._calls += 1
        happens = MOVED_ON
        while happens == MOVED_ON:
            is_due = self._moves and any(request.next_step_at for request in self._cloudcontrol.requests)
            happens = self._ask(
                f"call {self._calls} {call.operation}", [*[MOVED_ON] * is_due, *[LOST, THROTTLED] * self._errors]
            )
            if happens == MOVED_ON:
                self._cloudcontrol.step()
        if happens == LOST:
            self._cloudcontrol.add_error("ReadTimeoutError", after=True)
        elif happens == THROTTLED:
            self._cloudcontrol.add_error(THROTTLED)

    def _at_step(self, request: ResourceRequest, step: int | Literal["end"]) -> None:
        number = list(self._cloudcontrol.requests).index(request) + 1
        happens = self._ask(f"request {number} step {step}", [CANCELLED, FAILED])
        if happens == CANCELLED:
            request.cancel(at_step=step)
        elif happens == FAILED:
            request.fail("GeneralServiceException")


def brute_force(
    program: Callable[[CloudControl], object], levels: int, *, moves: bool = True, errors: bool = True
) -> Iterator[Tried]:
    """Yield every schedule with at most so many surprises, in an exploration's order, the plain one first."""
    level: list[Chosen] = [()]
    with mock_cloudcontrol(start=START) as cloudcontrol:
        for _ in range(levels + 1):
            following: list[Chosen] = []
            for chosen in level:
                cloudcontrol.reset()
                run = _Run(cloudcontrol, chosen, moves=moves, errors=errors)
                outcome = str(program(cloudcontrol))
                yield Tried("; ".join(run.said), outcome)
                first = chosen[-1][0] + 1 if chosen else 0
                later = enumerate(run.points[first:], first)
                following += [(*chosen, (number, option)) for number, options in later for option in options]
            level = following
