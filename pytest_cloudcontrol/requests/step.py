"""One step: what the test wants run before it, then either what comes instead, or one call of the resource handler.

A step decides under the clock's lock, works, and records under the lock. The test's own code runs outside it, so it may
call Cloud Control from any thread: callbacks always, and the work of a handler that says so (``runs_unlocked``). The
memory handler's work is done under the lock together with the rest: a step of its is one change, and no thread ever
sees a resource without the event that tells of it.

Callbacks run *before* the step: whatever they do to the request has happened when the step is made, and a request that
they ended gets no step. What ends a request while its handler works takes effect at once, and the handler's answer is
dropped; only a cancel waits for it.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from pytest_cloudcontrol.decisions.callbacks import RunningCallbacks
from pytest_cloudcontrol.decisions.faults import Cancel, Expiry, Failure
from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.requests.no_progress import never_ends
from pytest_cloudcontrol.requests.request import ProgressEvent
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, OperationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from pytest_cloudcontrol.clock import MockClock, Unlocked
    from pytest_cloudcontrol.decisions.callbacks import BeforeStep
    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.handlers.protocol import Handler
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.requests.request import Request


Outcome: TypeAlias = "timedelta | HandlerError | None"
"""What a handler call came to: the delay until the next one, a failure, or None for success."""


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
        handler: Handler,
        seed: str,
        schedule: Callable[[Request, datetime], None],
    ) -> None:
        self._clock = clock
        self._registry = registry
        self._decisions = decisions
        self._handler = handler
        self._seed = seed
        self._schedule = schedule
        self._running_callbacks = RunningCallbacks(clock.lock)

    def make(self, request: Request) -> Unlocked:
        """Make a request's next step. The caller holds the lock, and without it does what is returned to be done.

        Raises:
            NoProgressError: the request has had as many steps as it may. The next one stays due.
        """
        number = request.steps + 1
        if number > request.most_steps:
            self._leave_due(request)
            raise never_ends(request)
        callbacks = self._decisions.before_step(number, request)
        unlocked = partial(self._make_after, callbacks, request, number) if callbacks else self._decide(request, number)
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

    def _make_after(self, callbacks: Sequence[BeforeStep], request: Request, number: int) -> None:
        """Run what the test wants run before a step, then make the step if it is still to be made."""
        try:
            for before in callbacks:
                self._running_callbacks.run(before, (before.match, before.at_step, request.order, number), request)
        except BaseException:  # pytest's outcomes and NoProgressError are no Exceptions; whoever moved on sees it
            with self._clock.lock:
                self._leave_due(request)
            raise
        with self._clock.lock:
            unlocked = self._decide(request, number) if request.steps == number - 1 else None
        if unlocked is not None:
            unlocked()

    def _leave_due(self, request: Request) -> None:
        """Put a step that is still to be made back into the clock's queue."""
        entry = self._registry.entries.get(request.order)
        if self._is_worked_on(request) and request.step_at is not None and entry and not entry.pending:
            self._schedule(request, request.step_at)

    def _decide(self, request: Request, number: int) -> Unlocked:
        """Do what comes instead of a handler call; else let the handler work, or return that for the caller to do."""
        if not self._is_worked_on(request):
            return None
        rule = self._decisions.at_step(number, request, request.cancel_rule)
        if isinstance(rule, Cancel):
            self._registry.cancel(request, rule.cause)
        elif isinstance(rule, Expiry):
            self._registry.expire(request, rule.cause)
        else:
            request.handler_request.step_number = number
            if isinstance(rule, Failure):
                self._registry.fail(request, rule.error_code, rule.message, rule.cause)
            elif self._handler.runs_unlocked:
                self._registry.stepping[request.order] = threading.get_ident()
                return partial(self._work_unlocked, request)
            else:
                self._record(request, self._work(request))
        return None

    def _work_unlocked(self, request: Request) -> None:
        """Let the handler work outside the lock; what it answers counts unless the request was ended meanwhile."""
        outcome = self._work(request)
        with self._clock.lock:
            self._end_of_work(request)
            if self._is_worked_on(request):
                self._record(request, outcome)

    def _work(self, request: Request) -> Outcome:
        """Let the handler work, and return what came of it.

        A handler that breaks, with an exception that isn't HandlerError, has failed its request too; the exception goes
        on to whoever made the step.
        """
        try:
            return self._handler.call(
                request.handler_request, self._clock.now(), f"{self._seed}/{request.request_token}"
            )
        except HandlerError as failure:
            return failure
        except BaseException:  # of what kind it is, is for whoever made the step
            with self._clock.lock:
                self._end_of_work(request)
                if self._is_worked_on(request):
                    self._registry.fail(request, HandlerErrorCode.INTERNAL_FAILURE, None)
            raise

    def _end_of_work(self, request: Request) -> None:
        """Note that a request's handler is at work no more, and let go of what is over."""
        self._registry.stepping.pop(request.order, None)
        if not self._is_worked_on(request):
            request.handler_request.forget_state()
        self._clock.announce()

    def _record(self, request: Request, outcome: Outcome) -> None:
        now = self._clock.now()
        if outcome is None:
            self._registry.record(request, ProgressEvent(OperationStatus.SUCCESS, now, request.identifier))  # L-9
        elif isinstance(outcome, HandlerError):  # L-13
            self._registry.fail(request, outcome.error_code, outcome.message)
        elif request.status is OperationStatus.CANCEL_IN_PROGRESS:
            self._registry.cancel(request, "")
        else:
            again = now + outcome  # L-4
            event = ProgressEvent(OperationStatus.IN_PROGRESS, now, request.identifier, retry_after=again)
            self._registry.record(request, event)
            self._schedule(request, again)

    def _is_worked_on(self, request: Request) -> bool:
        return request.order in self._registry.running and not self._registry.ended
