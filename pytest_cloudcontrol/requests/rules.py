"""What a test has arranged beforehand: plans, which say how long requests take, and rules, which stop some of them.

A plan is read when a request is accepted. A rule fires instead of a handler call; one that never fires is an error of
the test, and told at its end.
"""

from __future__ import annotations

import inspect
import threading
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from pytest_cloudcontrol.vocabulary import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol.requests.request import Asked, ResourceRequest
    from pytest_cloudcontrol.vocabulary import HandlerErrorCode

    StepCallback: TypeAlias = Callable[[ResourceRequest], object] | Callable[[], object]

Argument = TypeVar("Argument")

FIRST_DELAY: Final = timedelta(milliseconds=200)
"""From acceptance to the first handler call; recorded were 0.119 s to 0.273 s."""

DELAY: Final = timedelta(seconds=1)
"""Between two handler calls; the callback delays recorded were 1 s, 5 s and 2 s."""

LONGEST: Final = timedelta(days=3650)
"""The longest delay of a plan: far beyond the expiry of the request, and far from the end of mock time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long requests take.

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


DEFAULT_PLANS: Final[Mapping[Operation, Plan]] = MappingProxyType(
    {
        # Two handler calls, so that there is a half, where a resource is made or changed; one where it goes.
        Operation.CREATE: Plan(2, DELAY, FIRST_DELAY),
        Operation.UPDATE: Plan(2, DELAY, FIRST_DELAY),
        Operation.DELETE: Plan(1, DELAY, FIRST_DELAY),
    }
)


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests are meant; None matches all."""

    type_name: str | None = None
    operation: Operation | None = None
    identifier: str | None = None

    def matches(self, asked: Asked, identifier: str | None) -> bool:
        """Whether a request is among them."""
        return (
            (self.type_name is None or self.type_name == asked.type_name)
            and (self.operation is None or self.operation is asked.operation)
            and (self.identifier is None or self.identifier == identifier)
        )

    @property
    def specificity(self) -> int:
        """How narrow it is: naming the type weighs more than naming the operation."""
        return 2 * (self.type_name is not None) + (self.operation is not None)


class Effect(Enum):
    """What a rule does instead of a handler call."""

    FAILURE = "add_failure"
    CANCEL = "add_cancel"
    EXPIRY = "add_expiry"


@dataclass(slots=True)
class Rule:
    """One failure, cancellation or expiry to come."""

    effect: Effect
    match: Match
    at_step: int
    times: int
    optional: bool
    error_code: HandlerErrorCode | None = None
    message: str | None = None
    fired: int = 0

    def __str__(self) -> str:
        given = [f"{self.error_code.value!r}"] if self.error_code is not None else []
        named = {
            "type_name": self.match.type_name,
            "operation": self.match.operation,
            "identifier": self.match.identifier,
        }
        given += [f"{name}={str(value)!r}" for name, value in named.items() if value is not None]
        given.append(f"at_step={self.at_step}")
        if self.times != 1:
            given.append(f"times={self.times}")
        return f"{self.effect.value}({', '.join(given)})"


@dataclass(frozen=True, slots=True)
class Before:
    """The test's own code, to be run right before a handler call."""

    callback: StepCallback
    match: Match
    at_step: int | None

    def run(self, request: ResourceRequest) -> None:
        """Run it, with the request if it takes an argument."""
        call_back(self.callback, request)


class RunningCallbacks(threading.local):
    """The callbacks that are running in this thread: one that causes what it runs before isn't run again for that."""

    def __init__(self) -> None:
        self._running: list[object] = []

    def run(self, key: object, callback: Callable[[Argument], object], argument: Argument) -> None:
        """Run a callback, unless it is running already under the same key."""
        if key in self._running:
            return
        self._running.append(key)
        try:
            callback(argument)
        finally:
            self._running.remove(key)


class Rules:
    """Everything that one test has arranged."""

    def __init__(self) -> None:
        self._plans: list[tuple[Match, Plan]] = []
        self._rules: list[Rule] = []
        self._before: list[Before] = []

    def add_plan(self, match: Match, plan: Plan) -> None:
        """Arrange how long matching requests take."""
        self._plans.append((match, plan))

    def add_rule(self, rule: Rule) -> None:
        """Arrange that a matching request ends otherwise."""
        self._rules.append(rule)

    def add_before(self, before: Before) -> None:
        """Arrange for code to run before handler calls."""
        self._before.append(before)

    def plan_for(self, asked: Asked) -> Plan:
        """Return the plan of a new request: each parameter from the most specific plan that has it, then the latest."""
        merged = DEFAULT_PLANS[asked.operation]
        if not self._plans:
            return merged
        fitting = [(match, plan) for match, plan in self._plans if match.matches(asked, asked.identifier)]
        for _, plan in sorted(fitting, key=lambda pair: pair[0].specificity):
            merged = Plan(
                merged.steps if plan.steps is None else plan.steps,
                merged.delay if plan.delay is None else plan.delay,
                merged.first_delay if plan.first_delay is None else plan.first_delay,
                merged.pending if plan.pending is None else plan.pending,
            )
        return merged

    def take(self, request: ResourceRequest, step: int) -> Rule | None:
        """Return the first rule that comes instead of a request's handler call, and count it as fired."""
        for rule in self._rules:
            if (
                rule.fired < rule.times
                and rule.at_step == step
                and rule.match.matches(request.asked, request.identifier)
            ):
                rule.fired += 1
                return rule
        return None

    def before(self, request: ResourceRequest, step: int) -> list[Before]:
        """Return what is to run right before a request's handler call."""
        return [
            before
            for before in self._before
            if before.at_step in (None, step) and before.match.matches(request.asked, request.identifier)
        ]

    def unfired(self) -> list[Rule]:
        """Return the rules that never fired, but for optional ones."""
        return [rule for rule in self._rules if not rule.fired and not rule.optional]


def call_back(callback: Callable[..., object], argument: object) -> None:
    """Call the test's own code: with the argument if it takes one, as pytest's hooks do, else without."""
    try:
        inspect.signature(callback).bind(argument)
    except TypeError:
        callback()
    except ValueError:  # a callable of C without a signature
        callback(argument)
    else:
        callback(argument)
