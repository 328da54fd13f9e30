"""One step: what the test wants run before it, then either what comes instead, or one call of the resource handler.

A handler call begins, and ends: at once, or as much later as the plan's ``step_time`` says. Callbacks and rules are
looked at when it begins; the handler works, and the event is recorded, when it ends. In between it is *under way*: a
cancel waits for its end, and what else ends the request takes effect at once, with the handler's answer dropped.

A step decides under the clock's lock, works, and records under the lock. The test's own code runs outside it, so it may
call Cloud Control from any thread: callbacks always, and the work of a handler that says so (``runs_unlocked``). The
memory handler's work is done under the lock together with the rest: a step of its is one change, and no thread ever
sees a resource without the event that tells of it.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.decisions.callbacks import RunningCallbacks
from pytest_cloudcontrol.decisions.faults import END, Cancel, Expiry, Failure
from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.handlers.protocol import HandlerBroke, HandlerError
from pytest_cloudcontrol.requests.contract import Contract
from pytest_cloudcontrol.requests.hook_invocations import HookInvocations
from pytest_cloudcontrol.requests.no_progress import never_ends
from pytest_cloudcontrol.requests.request import ProgressEvent, UnderWay
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, OperationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock, Unlocked
    from pytest_cloudcontrol.decisions.callbacks import BeforeStep
    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.decisions.faults import StepNumber, StepRule
    from pytest_cloudcontrol.handlers.chosen import Handlers
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.requests.request import Request


Outcome: TypeAlias = "timedelta | HandlerError | None"
"""What a handler call came to: the delay until the next one, a failure, or None for success."""

_WORKING: Final = UnderWay(failure=None, takes_time=False, has_worked=False)


class Steps:
    """Makes the steps of one world's requests.

    Args:
        schedule: schedules a request's next step at an instant.
    """

    def __init__(
        self,
        clock: MockClock,
        registry: Registry,
        decisions: Decisions,
        handlers: Handlers,
        seed: str,
        schedule: Callable[[Request, datetime], None],
    ) -> None:
        self._clock = clock
        self._registry = registry
        self._decisions = decisions
        self._seed = seed
        self._schedule = schedule
        self._contract = Contract(handlers)
        self._running_callbacks = RunningCallbacks(clock.lock)
        self._hook_invocations = HookInvocations(clock, registry, decisions, schedule, handlers.problems)

    def make(self, request: Request) -> Unlocked:
        """Make a request's next step, or end the one that is under way.

        The caller holds the lock, and without it does what is returned to be done.

        Raises:
            NoProgressError: the request has had as many steps as it may. The next one stays due.
        """
        if request.under_way is not None:
            return self._noting_who(request, self._end(request))
        if request.hooks and (invocation := request.next_hook) is not None:
            return self._noting_who(request, self._hook_invocations.make(request, invocation))
        if request.deadline is not None and request.deadline <= self._clock.now():
            self._time_out(request)
            return None
        number = request.steps + 1
        if number > request.most_steps:
            self._leave_due(request)
            raise never_ends(request)
        callbacks = self._decisions.before_step(number, request)
        if callbacks:
            return self._noting_who(request, partial(self._begin_after, callbacks, request, number))
        unlocked = self._begin(request, number)
        return None if unlocked is None else self._noting_who(request, unlocked)

    def begin_next_hook(self, request: Request) -> None:
        """Note that the first hook of a request has been invoked, if it has one. The caller holds the lock."""
        self._hook_invocations.begin_next(request)

    # ------------------------------------------------------------------ the test's own code

    def _noting_who(self, request: Request, unlocked: Unlocked) -> Unlocked:
        """Note, while code of the test's own runs in a step, which thread makes it: others may wait for its end."""
        if unlocked is None:
            return None
        making = self._registry.making
        outer = making.get(request.order)
        making[request.order] = threading.get_ident()  # still under the lock: whoever comes next sees who makes it
        return partial(self._make_the_rest, request, unlocked, outer)

    def _make_the_rest(self, request: Request, unlocked: Callable[[], object], outer: int | None) -> None:
        """Make what is left of a step outside the lock; others that wait for the step are told of its end."""
        making = self._registry.making
        try:
            unlocked()
        finally:
            with self._clock.lock:
                if outer is None:
                    making.pop(request.order, None)
                else:  # a callback has stepped its own request
                    making[request.order] = outer
                self._clock.announce()

    def _begin_after(self, callbacks: Sequence[BeforeStep], request: Request, number: int) -> None:
        """Run what the test wants run before a step, then make the step if it is still to be made."""
        self._run(callbacks, request, number)
        with self._clock.lock:
            is_still_to_be_made = request.steps == number - 1 and request.under_way is None
            unlocked = self._begin(request, number) if is_still_to_be_made else None
        if unlocked is not None:
            unlocked()

    def _run(self, callbacks: Sequence[BeforeStep], request: Request, number: StepNumber) -> None:
        try:
            for before in callbacks:
                self._running_callbacks.run(before, (before.match, before.at_step, request.order, number), request)
        except BaseException:  # pytest's outcomes and NoProgressError are no Exceptions; whoever moved on sees it
            with self._clock.lock:
                self._leave_due(request)
            raise

    def _leave_due(self, request: Request) -> None:
        """Put a step that is still to be made, or to be ended, back into the clock's queue."""
        entry = self._registry.entries.get(request.order)
        if self._is_worked_on(request) and request.step_at is not None and entry and not entry.pending:
            self._schedule(request, request.step_at)

    # ------------------------------------------------------------------ a call begins

    def _begin(self, request: Request, number: int) -> Unlocked:
        """Do what comes instead of a handler call; else begin it, and end it if it takes no time."""
        if not self._is_worked_on(request):
            return None
        cancel, rule = None, self._decisions.at_step(number, request, request.cancel_rule)
        if rule is not None and not isinstance(rule, Failure):
            if not (isinstance(rule, Cancel) and rule.during):
                self._end_as(request, rule)
                return None
            # The call is made, and may be one that fails.
            cancel, rule = rule, self._decisions.at_step(number, request, None, (Failure,))
        given = request.handler_input
        given.step_number = number
        if number == 1 and (given.has_time_out or self._decisions.timings is not None):
            request.deadline = self._clock.now() + given.resource_type.timeout(given.operation)
        if rule is None and not given.step_time and not request.handler.runs_unlocked:
            return self._come_to(request, self._work(request))  # one change: nobody sees it under way
        takes_time = bool(given.step_time)
        request.under_way = _WORKING
        if takes_time or rule is not None:
            failure = rule if isinstance(rule, Failure) else None
            request.under_way = UnderWay(failure=failure, takes_time=takes_time, has_worked=False)
        if cancel is not None:
            self._registry.cancel(request, cancel.cause)
        if not takes_time:
            return self._end(request)
        now = self._clock.now()
        if request.status is OperationStatus.PENDING:
            self._registry.record(request, ProgressEvent(OperationStatus.IN_PROGRESS, now, request.identifier))
        self._contract.check_call(request, given.step_time)
        end = now + given.step_time
        self._schedule(request, end if request.deadline is None else min(end, request.deadline))
        return None

    # ------------------------------------------------------------------ and ends

    def _end(self, request: Request) -> Unlocked:
        """End the handler call that is under way: as a rule says, or by letting the handler work."""
        under_way = request.under_way
        if under_way is None or under_way.has_worked:
            return self._finish(request, None)
        if under_way.takes_time and request.deadline is not None and request.deadline <= self._clock.now():
            request.under_way = None
            self._time_out(request)
            return None
        if under_way.failure is not None:
            return self._finish(request, under_way.failure)
        if not request.handler.runs_unlocked:
            return self._finish(request, self._work(request))
        self._registry.stepping[request.order] = threading.get_ident()
        return partial(self._work_unlocked, request)

    def _work_unlocked(self, request: Request) -> None:
        """Let the handler work outside the lock; what it answers counts unless the request was ended meanwhile."""
        begun = self._clock.now()
        outcome = self._work(request)
        now = self._clock.now()
        is_late = now > begun and request.deadline is not None and request.deadline <= now
        if now > begun:  # its code has waited
            self._contract.check_call(request, request.handler_input.step_time + (now - begun))
        if outcome is None and not is_late and self._is_worked_on(request):
            self._contract.check(request)  # before anybody is told, and could come between
        with self._clock.lock:
            self._registry.stepping.pop(request.order, None)
            self._clock.announce()
            if is_late:
                self._time_out(request)
            unlocked = self._finish(request, outcome)
        if unlocked is not None:
            unlocked()

    def _work(self, request: Request) -> Outcome:
        """Let the handler work, and return what came of it.

        What its code raises that is no Exception, such as an outcome of pytest's, has failed the request too, and goes
        on to whoever made the step.
        """
        try:
            return request.handler.call(
                request.handler_input, self._clock.now(), f"{self._seed}/{request.request_token}"
            )
        except HandlerBroke as broken:
            request.handler_error = broken.error
            return broken
        except HandlerError as failure:
            return failure
        except BaseException as error:
            with self._clock.lock:
                self._registry.stepping.pop(request.order, None)
                request.handler_error = error
                self._finish(request, HandlerError(HandlerErrorCode.INTERNAL_FAILURE, ""))
                self._clock.announce()
            raise

    def _finish(self, request: Request, outcome: Outcome | Failure) -> Unlocked:
        """Record what a handler call came to; the test's own code may run before its success is."""
        if not self._is_worked_on(request):  # it was ended meanwhile: what the handler answers is dropped
            request.under_way = None
            self._registry.let_go(request)
            return None
        return self._come_to(request, outcome)

    def _come_to(self, request: Request, outcome: Outcome | Failure) -> Unlocked:
        """Record the outcome of a request that is still worked on; see _finish."""
        if outcome is None:
            has_worked = request.under_way is not None and request.under_way.has_worked
            callbacks = [] if has_worked else self._decisions.before_step(END, request)
            if callbacks:
                request.under_way = UnderWay(failure=None, takes_time=False, has_worked=True)
                return partial(self._finish_after, callbacks, request)
        request.under_way = None
        self._record(request, outcome)
        return None

    def _finish_after(self, callbacks: Sequence[BeforeStep], request: Request) -> None:
        """Run what the test wants run when all is done, before anybody is told."""
        self._run(callbacks, request, END)
        with self._clock.lock:
            if request.under_way is not None:  # or a callback has stepped its own request
                self._finish(request, None)

    def _record(self, request: Request, outcome: Outcome | Failure) -> None:
        if isinstance(outcome, timedelta):
            self._go_on(request, outcome)
        elif outcome is None:
            self._succeed(request)
        elif isinstance(outcome, Failure):
            self._end_as(request, outcome)
        else:  # L-13
            self._registry.fail(request, outcome.error_code, outcome.message)

    def _go_on(self, request: Request, delay: timedelta) -> None:
        """Let the handler be called again after a delay, unless the request was cancelled meanwhile."""
        if request.status is OperationStatus.CANCEL_IN_PROGRESS:
            self._registry.cancel(request, "")
            return
        now = self._clock.now()
        again = now + delay  # L-4
        self._registry.record(request, _event(OperationStatus.IN_PROGRESS, now, request, again))
        self._schedule(request, again if request.deadline is None else min(again, request.deadline))

    def _time_out(self, request: Request) -> None:
        """Let a request fail whose handler has not ended in the time that its type's schema gives it (T-1)."""
        if self._is_worked_on(request):
            code, words = HandlerErrorCode.NOT_STABILIZED, "Exceeded attempts to wait"
            self._contract.check_time_out(request)
            self._registry.fail(request, code, words, "the time-out in the type's schema")

    def _succeed(self, request: Request) -> None:
        """End a request whose handler has done all: with success, or as a rule says instead."""
        rule = self._decisions.at_step(END, request, request.cancel_rule)
        if rule is not None:
            self._end_as(request, rule)
        else:
            self._registry.record(request, _event(OperationStatus.SUCCESS, self._clock.now(), request))  # L-9

    def _end_as(self, request: Request, rule: StepRule) -> None:
        """End a request as a rule says."""
        match rule:
            case Cancel():
                self._registry.cancel(request, rule.cause)
            case Expiry():
                self._registry.expire(request, rule.cause)
            case Failure():
                self._registry.fail(request, rule.error_code, rule.message, rule.cause)

    def _is_worked_on(self, request: Request) -> bool:
        return request.order in self._registry.running and not self._registry.ended


def _event(
    status: OperationStatus, now: datetime, request: Request, retry_after: datetime | None = None
) -> ProgressEvent:
    """Return the event of a handler call that has gone well."""
    given = request.handler_input
    model_text = None if given.resource_model is None else compact(given.resource_model)
    return ProgressEvent(status, now, given.identifier, model_text, retry_after=retry_after)
