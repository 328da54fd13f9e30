"""Decisions: asked by the world wherever it could go on in more than one way, and answered as a test has arranged it.

There are two such places. Before an API call, and before a handler call, the test's own code may run; and an error, or
an ending, may come instead. How long a request takes is decided when it is accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.decisions.faults import ApiError, Cancel
from pytest_cloudcontrol.decisions.match import Match
from pytest_cloudcontrol.decisions.plans import DEFAULT, pace_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.decisions.callbacks import BeforeCall, BeforeStep
    from pytest_cloudcontrol.decisions.faults import Rule, StepRule
    from pytest_cloudcontrol.decisions.match import Subject
    from pytest_cloudcontrol.decisions.plans import Pace, Plan


class Decisions:
    """Everything that one test has arranged. Callers hold the clock's lock.

    Attributes:
        before_steps: what runs before handler calls.
        before_calls: what runs before API calls.
        step_rules: what comes instead of handler calls.
        call_rules: what comes instead of API calls.
    """

    def __init__(self) -> None:
        self.before_steps: list[BeforeStep] = []
        self.before_calls: list[BeforeCall] = []
        self.step_rules: list[StepRule] = []
        self.call_rules: list[ApiError] = []
        self._plans: list[tuple[Match, Plan]] = []
        self._cancels: dict[str, Cancel] = {}

    # ------------------------------------------------------------------ arranged

    def add_plan(self, match: Match, plan: Plan) -> None:
        """Arrange how long matching requests take."""
        self._plans.append((match, plan))

    def cancel_at(self, request_token: str, step: int) -> Cancel:
        """Arrange that one request is cancelled instead of a handler call; an earlier such arrangement is forgotten."""
        cancel = self._cancels[request_token] = Cancel(match=Match(), at_step=step, request_token=request_token)
        return cancel

    def forget_cancel(self, request_token: str) -> None:
        """Forget what was arranged for one request: the test has ended it otherwise."""
        self._cancels.pop(request_token, None)

    def unmet(self) -> list[Rule]:
        """Return the rules that never fired, but for optional ones."""
        rules: list[Rule] = [*self.step_rules, *self.call_rules, *self._cancels.values()]
        return [rule for rule in rules if rule.is_unmet]

    # ------------------------------------------------------------------ asked

    def pace(self, subject: Subject) -> Pace:
        """Return how long a new request takes."""
        return pace_of(subject, self._plans) if self._plans else DEFAULT[subject.operation]

    def before_step(self, number: int, subject: Subject) -> list[BeforeStep]:
        """Return what is to run right before a request's handler call."""
        return [
            before for before in self.before_steps if before.at_step in (None, number) and before.match.matches(subject)
        ]

    def at_step(self, number: int, subject: Subject, request_token: str) -> StepRule | None:
        """Return what comes instead of a request's handler call, counted as fired; None for the call itself.

        What is arranged for this very request comes first.
        """
        cancel = self._cancels.get(request_token)
        for rule in self.step_rules if cancel is None else (cancel, *self.step_rules):
            if rule.at_step == number and rule.is_armed and rule.match.matches(subject):
                rule.fired += 1
                return rule
        return None

    def before_call(self, api: str, type_name: object) -> list[BeforeCall]:
        """Return what is to run right before an API call."""
        return [before for before in self.before_calls if before.api == api and before.type_name in (None, type_name)]

    def at_call(self, api: str) -> ApiError | None:
        """Return the error that an API call is answered with instead, counted as fired; None for its own answer."""
        for rule in self.call_rules:
            if rule.is_armed and rule.api in (None, api):
                rule.fired += 1
                return rule
        return None
