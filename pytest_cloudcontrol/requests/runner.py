"""Makes requests move: schedules their handler calls on the clock, makes them, and stops them.

One handler call is one step. Everything that changes a request happens under the clock's lock; only the test's own
callbacks run outside it, so they may call Cloud Control from any thread. They run *before* the step: whatever they do
to the request has happened when the step is made, and a request that they ended gets no step.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import text, whole_number, word
from pytest_cloudcontrol.clock import Due
from pytest_cloudcontrol.decisions.callbacks import RunningCallbacks
from pytest_cloudcontrol.decisions.faults import Cancel, Expiry, Failure
from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.errors import HandlerError, IllegalTransition, StatusNotReached
from pytest_cloudcontrol.requests.request import ProgressEvent, ResourceRequest
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, OperationStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pytest_cloudcontrol.clock import Rest, Timekeeper
    from pytest_cloudcontrol.decisions.callbacks import BeforeStep
    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.decisions.plans import Pace
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.protocol import Handler, Work
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.requests.request import Asked
    from pytest_cloudcontrol.vocabulary import Scope


class Runner:
    """Works off the requests of one mocked Cloud Control."""

    def __init__(
        self, clock: Timekeeper, registry: Registry, decisions: Decisions, handler: Handler, seed: str, max_steps: int
    ) -> None:
        self._clock = clock
        self._registry = registry
        self._decisions = decisions
        self._handler = handler
        self._seed = seed
        self._max_steps = max_steps
        self._running_callbacks = RunningCallbacks()
        self.ended = False
        """Whether the world has begun anew without this runner's requests."""

    # ------------------------------------------------------------------ from the service, which holds the lock

    def accept(
        self, asked: Asked, scope: Scope, client_token: str | None, work: Work, pace: Pace, shown: JSONObject | None
    ) -> ResourceRequest:
        """Make a new request and schedule its first handler call; ``shown`` is the immediate answer's ResourceModel."""
        now = self._clock.now()
        event = ProgressEvent(
            OperationStatus.PENDING if pace.pending else OperationStatus.IN_PROGRESS,
            now,
            work.identifier,
            compact(shown) if shown is not None else None,
        )
        request = self._registry.accept(self, asked, scope, client_token, work, event)
        if isinstance(pace.pending, timedelta) and pace.pending:
            request.take_up_at = now + pace.pending
            request.call_at = request.take_up_at + pace.first_delay
            self._enqueue(request, Due(request.take_up_at, request.order, partial(self._take_up, request)))
        else:
            self._schedule(request, now + pace.first_delay)
        return request

    def cancel_now(self, request: ResourceRequest) -> None:
        """Cancel a running request: a final event with the basic members only, and no further handler calls."""
        event = ProgressEvent(OperationStatus.CANCEL_COMPLETE, self._clock.now(), request.identifier)
        self._registry.record(request, event)

    # ------------------------------------------------------------------ from the test

    def step(self, request: ResourceRequest) -> ResourceRequest:
        """See ResourceRequest.step."""
        self._refuse_unless_running(request, "step")
        if not self._step(request):
            self._refuse_unless_running(request, "step")  # any more: it has expired before its call was due
        return request

    def run(self, request: ResourceRequest, max_steps: int | None) -> ResourceRequest:
        """See ResourceRequest.run."""
        limit = self._limit(max_steps)
        if request.status.is_terminal and not request.expired and not self.ended:
            return request
        self._refuse_unless_running(request, "run")
        for _ in range(limit):
            self._step(request)
            if not request.is_running:
                return request
        raise self._not_enough(request, "come to an end", limit)

    def run_until(
        self, request: ResourceRequest, status: OperationStatus | str, max_steps: int | None
    ) -> ResourceRequest:
        """See ResourceRequest.run_until."""
        wanted = word(OperationStatus, status, "status")
        limit = self._limit(max_steps)
        for made in range(limit + 1):
            if request.status is wanted:
                return request
            if not request.is_running:
                state = "has expired" if request.expired else f"is {request.status}"
                raise StatusNotReached(request, f"the request {state} and will never be {wanted}", ())
            if wanted is OperationStatus.IN_PROGRESS and request.take_up_at is not None:
                self._go_to(request, request.take_up_at)
            elif made < limit:
                self._step(request)
        raise self._not_enough(request, f"become {wanted}", limit)

    def fail(
        self, request: ResourceRequest, error_code: HandlerErrorCode | str, message: str | None
    ) -> ResourceRequest:
        """See ResourceRequest.fail."""
        code = word(HandlerErrorCode, error_code, "error_code")
        message = None if message is None else text(message, "message")
        self._clock.touch()
        with self._clock.lock:
            self._refuse_unless_running(request, "fail")
            self._forget_cancel(request)
            self._fail_now(request, code, message)
        return request

    def cancel(self, request: ResourceRequest, at_step: int | None) -> ResourceRequest:
        """See ResourceRequest.cancel."""
        self._clock.touch()
        with self._clock.lock:
            if at_step is None:
                if request.status is OperationStatus.CANCEL_COMPLETE and not request.expired:
                    return request  # idempotent, as CancelResourceRequest is
                self._refuse_unless_running(request, "cancel")
                self._forget_cancel(request)
                self.cancel_now(request)
            else:
                whole_number(at_step, "at_step")
                self._refuse_unless_running(request, f"cancel at step {at_step}")
                if at_step <= request.steps:
                    reason = f"at_step={at_step}, but handler call {request.steps} has been made already"
                    raise IllegalTransition(request, f"cancel at step {at_step}", reason)
                request.cancel_rule = self._decisions.cancel_at(request.request_token, at_step)
        return request

    def expire(self, request: ResourceRequest) -> ResourceRequest:
        """See ResourceRequest.expire."""
        self._clock.touch()
        with self._clock.lock:
            if request.expired or self.ended:
                self._refuse_unless_running(request, "expire")
            self._forget_cancel(request)
            self._registry.expire(request)
        return request

    def _forget_cancel(self, request: ResourceRequest) -> None:
        request.cancel_rule = None
        self._decisions.forget_cancel(request.request_token)

    def step_any(self, scope: Scope | None = None) -> ResourceRequest | None:
        """Make the earliest due handler call of any request, in one account and region or in all."""
        while True:
            with self._clock.lock:
                request = self._earliest(scope)
            if request is None:
                return None
            if self._step(request):
                return request

    def run_until_idle(self, max_steps: int, scope: Scope | None = None) -> int:
        """Make handler calls until nothing is due any more, and return how many they were."""
        whole_number(max_steps, "max_steps")
        for made in range(max_steps):
            if self.step_any(scope) is None:
                return made
        with self._clock.lock:
            running = [request for request in self._registry.running.values() if scope in (None, request.scope)]
        if not running:
            return max_steps
        are = "request is" if len(running) == 1 else "requests are"
        message = f"{max_steps} handler calls were not enough: {len(running)} {are} still running"
        raise StatusNotReached(None, message, running)

    # ------------------------------------------------------------------ one step

    def _earliest(self, scope: Scope | None) -> ResourceRequest | None:
        """Return the request whose handler call is due first."""
        running = self._registry.running.values()
        if scope is not None:
            running_there = [request for request in running if request.scope == scope]
            return min(running_there, key=_due_then_accepted, default=None)
        while (due := self._clock.work.head()) is not None:
            request = self._registry.requests[due.order - 1]
            if request.take_up_at is None:
                return request
            self._go_to(request, request.take_up_at)  # a taking up isn't a handler call
        return None

    def _enqueue(self, request: ResourceRequest, due: Due) -> None:
        request.due = due
        self._clock.work.add(due)

    def _schedule(self, request: ResourceRequest, at: datetime) -> None:
        request.call_at = at
        self._enqueue(request, Due(at, request.order, partial(self._begin_call, request)))

    def _step(self, request: ResourceRequest) -> bool:
        """Go to a request's next handler call and make it; False if the request isn't running any more by then."""
        if self.ended:
            self._refuse_unless_running(request, "step")
        with self._clock.lock:
            self._clock.touch()
            if request.take_up_at is not None:
                self._go_to(request, request.take_up_at)
            if request.call_at is not None:
                self._go_to(request, request.call_at)
            if not request.is_running:
                return False
            if request.due is not None:
                request.due.withdraw()
            rest = self._begin_call(request)
        if rest is not None:
            rest()
        return True

    def _go_to(self, request: ResourceRequest, instant: datetime) -> None:
        """Go to an instant for one request, leaving what is due of others overdue; take it up if it is time."""
        with self._clock.lock:
            self._clock.jump_to(max(instant, self._clock.now()))
            if request.take_up_at is not None and request.take_up_at <= self._clock.now():
                if request.due is not None:
                    request.due.withdraw()
                self._take_up(request)

    def _take_up(self, request: ResourceRequest) -> None:
        with self._clock.lock:
            if request.is_running and request.take_up_at is not None:
                request.take_up_at = None
                event = ProgressEvent(OperationStatus.IN_PROGRESS, self._clock.now(), request.identifier)
                self._registry.record(request, event)
                if request.call_at is not None:
                    self._schedule(request, request.call_at)

    def _begin_call(self, request: ResourceRequest) -> Rest:
        """Make the next handler call, under the lock; with code of the test's to run before it, return all of it."""
        number = request.steps + 1
        callbacks = self._decisions.before_step(number, request.subject) if self._decisions.before_steps else []
        if callbacks:
            return partial(self._call_after, callbacks, request, number)
        if request.is_running:
            self._call(request, number)
        return None

    def _call_after(self, callbacks: Sequence[BeforeStep], request: ResourceRequest, number: int) -> None:
        """Run what the test wants run before a handler call, then make the call if it is still to be made."""
        try:
            for before in callbacks:
                self._running_callbacks.run((before, request.order, number), before.callback, request)
        except BaseException:
            with self._clock.lock:
                due = request.due
                if request.is_running and request.call_at is not None and due is not None and not due.pending:
                    self._schedule(request, request.call_at)  # the call is still to be made
            raise
        with self._clock.lock:
            if request.is_running and not self.ended and request.steps == number - 1:
                self._call(request, number)

    def _call(self, request: ResourceRequest, number: int) -> None:
        rule = self._decisions.at_step(number, request.subject, request.request_token)
        if isinstance(rule, Cancel):
            self.cancel_now(request)
        elif isinstance(rule, Expiry):
            self._registry.expire(request)
        else:
            request.steps = number
            if isinstance(rule, Failure):
                self._fail_now(request, rule.error_code, rule.message)
            else:
                self._let_handler_work(request)

    def _let_handler_work(self, request: ResourceRequest) -> None:
        work = request.work
        if work is None:
            raise IllegalTransition(request, "step", "its work is done")
        now = self._clock.now()
        try:
            delay = self._handler.call(work, now, f"{self._seed}/{request.request_token}")
        except HandlerError as error:
            self._registry.identify(request, work.identifier)
            self._fail_now(request, error.error_code, error.message)
            return
        self._registry.identify(request, work.identifier)
        if delay is None:
            self._registry.record(request, ProgressEvent(OperationStatus.SUCCESS, now, request.identifier))
        else:
            event = ProgressEvent(OperationStatus.IN_PROGRESS, now, request.identifier, retry_after=now + delay)
            self._registry.record(request, event)
            self._schedule(request, now + delay)

    def _fail_now(self, request: ResourceRequest, code: HandlerErrorCode, message: str | None) -> None:
        if message is None:
            message = f"Handler returned status FAILED (HandlerErrorCode: {code})"
        event = ProgressEvent(
            OperationStatus.FAILED, self._clock.now(), request.identifier, status_message=message, error_code=code
        )
        self._registry.record(request, event)

    # ------------------------------------------------------------------ refusals

    def _refuse_unless_running(self, request: ResourceRequest, action: str) -> None:
        if self.ended:
            raise IllegalTransition(request, action, "cloudcontrol.reset() has begun a new world, without this request")
        if request.expired:
            raise IllegalTransition(request, action, "it has expired, and AWS has forgotten it")
        if request.status.is_terminal:
            raise IllegalTransition(request, action, f"it is {request.status} already, which is terminal")

    def _limit(self, max_steps: int | None) -> int:
        return self._max_steps if max_steps is None else whole_number(max_steps, "max_steps")

    def _not_enough(self, request: ResourceRequest, aim: str, limit: int) -> StatusNotReached:
        message = (
            f"{limit} handler calls were not enough for the request to {aim}: give a larger max_steps than {limit}"
        )
        return StatusNotReached(request, message, ())


def _due_then_accepted(request: ResourceRequest) -> tuple[datetime, int]:
    if request.call_at is None:
        raise IllegalTransition(request, "step", "nothing of it is due")
    return request.call_at, request.order
