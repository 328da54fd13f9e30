"""Decisions: asked by the world wherever it could go on in more than one way, and answered as a test has arranged it.

There are two such places. Before an API call, and before a handler call, the test's own code may run; and an error, or
an ending, may come instead; of a call also afterwards, so that its answer is lost. How long a request takes is decided
when it is accepted. Exploration (exploration/) puts another object in its place, which chooses.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

from pytest_cloudcontrol.decisions.callbacks import Before, BeforeCall, BeforeStep
from pytest_cloudcontrol.decisions.faults import END, ApiError, Cancel, Expiry, Failure, Rule, StepRule
from pytest_cloudcontrol.decisions.limits import ConcurrencyLimit, RateLimit, Refusal, pass_all
from pytest_cloudcontrol.decisions.plans import DEFAULT, Plan, Timings, pace_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.decisions.arranged import Arranged
    from pytest_cloudcontrol.decisions.faults import StepNumber
    from pytest_cloudcontrol.decisions.match import CallSubject, ReadSubject, RequestSubject
    from pytest_cloudcontrol.decisions.plans import Pace

ORDER: Final = (Cancel, Expiry, Failure)
"""What comes before what at one step."""


class Decisions:
    """Everything that one test has arranged. Callers hold the clock's lock.

    Attributes:
        timings: the ready-made timings, if the test uses them.
        limits: how many requests are worked on at once.
        remembers: whether reads may be asked to leave out what has ended last, so that it has to be known.
        hands_over: whether other tasks may go first, before a task makes an API call.
    """

    remembers = False
    hands_over = False

    def __init__(self) -> None:
        self.timings: Timings | None = None
        self.limits: list[ConcurrencyLimit] = []
        self._plans: list[Plan] = []
        self._before_steps: list[BeforeStep] = []
        self._before_calls: list[BeforeCall] = []
        self._step_rules: list[StepRule] = []
        self._read_rules: list[Failure] = []
        self._call_rules: list[ApiError] = []
        self._rate_limits: list[RateLimit] = []
        self._cancels: list[Cancel] = []

    # ------------------------------------------------------------------ arranged

    def add(self, arranged: Arranged) -> None:
        """Arrange something, after all that is arranged already."""
        match arranged:
            case Plan():
                self._plans.append(arranged)
            case Timings():
                self.timings = arranged
            case ConcurrencyLimit():
                self.limits.append(arranged)
            case BeforeStep():
                self._before_steps.append(arranged)
            case BeforeCall():
                self._before_calls.append(arranged)
            case ApiError():
                self._call_rules.append(arranged)
            case Failure(at_step=None):
                self._read_rules.append(arranged)
            case StepRule():
                self._step_rules.append(arranged)
            case RateLimit():
                self._rate_limits.append(arranged)

    def remove(self, arranged: Arranged) -> None:
        """Take something back; nothing happens if that has been done already."""
        if arranged is self.timings:
            self.timings = None
        kinds: tuple[list[Any], ...] = (
            self._plans,
            self.limits,
            self._before_steps,
            self._before_calls,
            self._step_rules,
            self._read_rules,
            self._call_rules,
            self._rate_limits,
        )
        for kind in kinds:
            if arranged in kind:
                kind.remove(arranged)  # at most one kind has it
        arranged.removed = True  # for what is about to run: it was looked up before

    def add_own(self, cancel: Cancel) -> None:
        """Note what a test has arranged for just one request, which keeps it."""
        self._cancels.append(cancel)

    def forget_own(self, cancel: Cancel) -> None:
        """Forget what was arranged for just one request: the test has ended it otherwise, or has another wish."""
        self._cancels.remove(cancel)

    def unmet(self) -> list[Rule]:
        """Return the rules that never fired, but for optional ones; those of single requests last, in their order."""
        return [rule for rule in self._rules() if rule.is_unmet]

    def armed(self) -> list[Rule | Before]:
        """Return the rules that will still fire, and the callbacks that will still run so many times."""
        callbacks: list[Before] = [*self._before_steps, *self._before_calls]
        rules: list[Rule | Before] = [*self._rules(), *(before for before in callbacks if before.times is not None)]
        return [rule for rule in rules if rule.is_armed]

    def _rules(self) -> Sequence[Rule]:
        cancels = sorted(self._cancels, key=lambda cancel: cancel.order)
        return [*self._step_rules, *self._read_rules, *self._call_rules, *cancels]

    # ------------------------------------------------------------------ asked

    def pace(self, subject: RequestSubject) -> Pace:
        """Return how long a new request takes."""
        if not self._plans and self.timings is None:  # as in most tests, at every request
            return DEFAULT[subject.operation]
        return pace_of(subject, self._plans, self.timings)

    def downstream_plan(self, type_name: str, operations: Collection[str]) -> Plan | None:
        """Return a plan of downstream work for just this type and one of some operations; None if there is none."""
        for plan in self._plans:
            is_of_these = plan.match.operation is None or plan.match.operation in operations
            if plan.downstream and plan.match.type_name == type_name and is_of_these:
                return plan
        return None

    def before_step(self, number: StepNumber, subject: RequestSubject) -> list[BeforeStep]:
        """Return what is to run right before a request's handler call."""
        if not self._before_steps:  # as in most tests, at every step
            return []
        return [
            before
            for before in self._before_steps
            if before.is_armed
            and (before.at_step == number or (before.at_step is None and number != END))
            and before.match.matches(subject)
        ]

    def at_step(
        self,
        number: StepNumber,
        subject: RequestSubject,
        own: Cancel | None,
        kinds: Sequence[type[StepRule]] = ORDER,
    ) -> StepRule | None:
        """Return what comes instead of a request's handler call, counted as fired; None for the call itself.

        A cancel comes before an expiry, and that before a failure; of one kind comes what was arranged first.

        Args:
            number: the handler call's, or the end.
            subject: the request.
            own: what is arranged for just this request, which comes before all else.
            kinds: of which kinds.
        """
        if own is None and not self._step_rules:  # as in most tests, at every step
            return None
        rules = self._step_rules if own is None else [own, *self._step_rules]
        for kind in kinds:
            for rule in rules:
                if isinstance(rule, kind) and rule.at_step == number and rule.is_armed and rule.match.matches(subject):
                    rule.fired += 1
                    return rule
        return None

    def at_hook(self, subject: RequestSubject, number: int) -> str | None:  # noqa: ARG002  # for who chooses
        """Return why a hook's invocation fails, without asking the hook; None to ask it."""
        return None

    def at_read(self, subject: ReadSubject) -> Failure | None:
        """Return the failure that a read or list handler's work is replaced by, counted as fired; None for its work."""
        for rule in self._read_rules:
            if rule.is_armed and rule.match.matches_read(subject):
                rule.fired += 1
                return rule
        return None

    @property
    def runs_before_calls(self) -> bool:
        """Whether anything is to run before any API call."""
        return bool(self._before_calls)

    def before_call(self, subject: CallSubject, done: Collection[BeforeCall]) -> BeforeCall | None:
        """Return what is to run next right before an API call: asked anew, since what has run may arrange more.

        Args:
            subject: the call.
            done: what has run before it.
        """
        for before in self._before_calls:
            if before.is_armed and before not in done and before.match.matches(subject):
                return before
        return None

    @property
    def touches_calls(self) -> bool:
        """Whether an error, or a limit, may come instead of the answer of any API call."""
        return bool(self._call_rules or self._rate_limits)

    def at_call(self, subject: CallSubject) -> ApiError | None:
        """Return the error that an API call is answered with instead, counted as fired; None for its own answer."""
        for rule in self._call_rules:
            if rule.is_armed and rule.match.matches(subject):
                rule.fired += 1
                return rule
        return None

    def let_others_go(self, until: datetime) -> None:
        """Let other threads go on: the caller only waits, until an instant at the latest."""

    async def let_others_go_async(self, until: datetime) -> None:
        """Let other tasks go on; see let_others_go."""

    async def hand_over_async(self, api: str, body: bytes, *, is_retry: bool) -> None:
        """Let other tasks go first, before a task makes an API call."""

    def end_call(self, call: object) -> None:
        """Note that an API call has been answered, or broken off."""

    def undisturbed(self) -> AbstractContextManager[None]:
        """Let nothing be chosen in this thread or task until the block ends; what is arranged holds."""
        return nullcontext()

    def at_limits(self, subject: CallSubject, now: datetime) -> Refusal | None:
        """Return the refusal of an API call that comes too fast; None if all rate limits let it through."""
        return pass_all(self._rate_limits, subject, now)
