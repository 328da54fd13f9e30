"""Decisions: asked by the world wherever it could go on in more than one way, and answered as a test has arranged it.

There are two such places. Before an API call, and before a handler call, the test's own code may run; and an error, or
an ending, may come instead. How long a request takes is decided when it is accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.decisions.callbacks import BeforeCall, BeforeStep
from pytest_cloudcontrol.decisions.faults import ApiError
from pytest_cloudcontrol.decisions.plans import DEFAULT, pace_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_cloudcontrol.decisions.faults import Cancel, Rule, StepRule
    from pytest_cloudcontrol.decisions.match import Match, Subject
    from pytest_cloudcontrol.decisions.plans import Pace, Plan


class Decisions:
    """Everything that one test has arranged. Callers hold the clock's lock."""

    def __init__(self) -> None:
        self._plans: list[tuple[Match, Plan]] = []
        self._before_steps: list[BeforeStep] = []
        self._before_calls: list[BeforeCall] = []
        self._step_rules: list[StepRule] = []
        self._call_rules: list[ApiError] = []
        self._cancels: list[Cancel] = []

    # ------------------------------------------------------------------ arranged

    def add_plan(self, match: Match, plan: Plan) -> None:
        """Arrange how long matching requests take."""
        self._plans.append((match, plan))

    def add_before(self, before: BeforeStep | BeforeCall) -> None:
        """Arrange for code to run before handler calls, or before API calls."""
        if isinstance(before, BeforeStep):
            self._before_steps.append(before)
        else:
            self._before_calls.append(before)

    def add_rule(self, rule: StepRule | ApiError) -> None:
        """Arrange what comes instead of a handler call, or of an API call."""
        if isinstance(rule, ApiError):
            self._call_rules.append(rule)
        else:
            self._step_rules.append(rule)

    def add_own(self, cancel: Cancel) -> None:
        """Note what a test has arranged for just one request, which keeps it."""
        self._cancels.append(cancel)

    def forget_own(self, cancel: Cancel) -> None:
        """Forget what was arranged for just one request: the test has ended it otherwise, or has another wish."""
        self._cancels.remove(cancel)

    def unmet(self) -> list[Rule]:
        """Return the rules that never fired, but for optional ones; those of single requests last, in their order."""
        cancels = sorted(self._cancels, key=lambda cancel: cancel.order)
        rules: list[Rule] = [*self._step_rules, *self._call_rules, *cancels]
        return [rule for rule in rules if rule.is_unmet]

    # ------------------------------------------------------------------ asked

    def pace(self, subject: Subject) -> Pace:
        """Return how long a new request takes."""
        return pace_of(subject, self._plans) if self._plans else DEFAULT[subject.operation]

    def before_step(self, number: int, subject: Subject) -> list[BeforeStep]:
        """Return what is to run right before a request's handler call."""
        if not self._before_steps:  # as in most tests, at every step
            return []
        return [
            before
            for before in self._before_steps
            if before.at_step in (None, number) and before.match.matches(subject)
        ]

    def at_step(self, number: int, subject: Subject, own: Cancel | None) -> StepRule | None:
        """Return what comes instead of a request's handler call, counted as fired; None for the call itself.

        Args:
            number: the handler call's, from 1.
            subject: the request.
            own: what is arranged for just this request, which comes first.
        """
        if own is None and not self._step_rules:  # as in most tests, at every step
            return None
        for rule in self._step_rules if own is None else (own, *self._step_rules):
            if rule.at_step == number and rule.is_armed and rule.match.matches(subject):
                rule.fired += 1
                return rule
        return None

    def before_call(self, api: str, type_name: Callable[[], object]) -> Iterable[BeforeCall]:
        """Return what is to run right before an API call; what is arranged while that runs, too.

        Args:
            api: the operation.
            type_name: returns the resource type that the call names; asked only where that matters.
        """
        if not self._before_calls:  # as in most tests, at every call
            return ()
        return (
            before
            for before in self._before_calls
            if before.api == api and (before.type_name is None or before.type_name == type_name())
        )

    def at_call(self, api: str) -> ApiError | None:
        """Return the error that an API call is answered with instead, counted as fired; None for its own answer."""
        for rule in self._call_rules:
            if rule.is_armed and rule.api in (None, api):
                rule.fired += 1
                return rule
        return None
