"""The schedule: when a request is taken up, when its steps are due, and which step of all comes first."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pytest_cloudcontrol.clock import Entry
from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.requests.request import ProgressEvent
from pytest_cloudcontrol.requests.step import Steps
from pytest_cloudcontrol.vocabulary import OperationStatus

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.protocol import Handler, HandlerRequest
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.requests.request import Request, RequestInput
    from pytest_cloudcontrol.vocabulary import Scope


class Runner:
    """Works off the requests of one world; after a reset, which begins another world, it does nothing any more."""

    def __init__(self, clock: MockClock, registry: Registry, decisions: Decisions, handler: Handler, seed: str) -> None:
        self._clock = clock
        self._queue = clock.work  # this world's own: after a reset the clock has another one
        self._registry = registry
        self._decisions = decisions
        self._steps = Steps(clock, registry, decisions, handler, seed, self._schedule)

    def accept(self, given: RequestInput, handler_request: HandlerRequest, shown: JSONObject | None = None) -> Request:
        """Make a new request and schedule its first step; ``shown`` is the immediate answer's ResourceModel (L-10)."""
        now, pace = self._clock.now(), self._decisions.pace(handler_request)
        handler_request.planned_steps, handler_request.delay = pace.steps, pace.delay
        status = OperationStatus.PENDING if pace.pending else OperationStatus.IN_PROGRESS  # L-1, L-2
        model = compact(shown) if shown is not None else None
        event = ProgressEvent(status, now, handler_request.identifier, model)
        request = self._registry.accept(given, handler_request, event)
        if isinstance(pace.pending, timedelta) and pace.pending:
            request.take_up_at = now + pace.pending
            request.step_at = request.take_up_at + pace.first_delay
            self._enqueue(request, Entry(request.take_up_at, request.order, partial(self._take_up, request)))
        else:
            self._schedule(request, now + pace.first_delay)
        return request

    def step(self, request: Request) -> bool:
        """Go to a request's next step and make it; False if there is none: it isn't running any more by then.

        A step of it that another thread is making is waited for.
        """
        registry = self._registry
        with self._clock.lock:
            if not registry.ended:
                self._clock.note_act()
                if request.order in registry.stepping:
                    self._clock.wait_for(lambda: request.order not in registry.stepping or registry.ended)
                if request.take_up_at is not None:
                    self.go_to(request, request.take_up_at)
                if request.step_at is not None:
                    self.go_to(request, request.step_at)
            if registry.ended or not request.is_running or request.order in registry.stepping:
                return False
            self._withdraw(request)
            unlocked = self._steps.make(request)
        if unlocked is not None:
            unlocked()
        return True

    def earliest_entry(self) -> Entry | None:
        """Return the entry of the work that is due first."""
        return self._queue.head()

    def overdue(self) -> list[Request]:
        """Return the requests whose work was left overdue, in the order in which it will be done."""
        now, requests = self._clock.now(), self._registry.requests
        late = [entry for entry in self._registry.entries.values() if entry.pending and entry.at <= now]
        return [requests[entry.order - 1] for entry in sorted(late)]

    def step_earliest(self, scope: Scope | None = None) -> Request | None:
        """Make the earliest due step of any request, in one account and region or in all; None if nothing is due."""
        while True:
            with self._clock.lock:
                request = None if self._registry.ended else self._earliest(scope)
            if request is None:
                return None
            if self.step(request):
                return request

    def go_to(self, request: Request, instant: datetime) -> None:
        """Go to an instant for one request, leaving what is due of others overdue; take it up if it is time."""
        with self._clock.lock:
            if self._registry.ended:
                return
            self._clock.jump_to(max(instant, self._clock.now()))
            if request.take_up_at is not None and request.take_up_at <= self._clock.now():
                self._withdraw(request)
                self._take_up(request)

    def _earliest(self, scope: Scope | None) -> Request | None:
        """Return the request whose step is due first; those whose work falls due before are taken up on the way."""
        requests = self._registry.requests
        while (entry := self._earliest_entry_in(scope)) is not None:
            request = requests[entry.order - 1]
            if request.take_up_at is None:
                return request
            self.go_to(request, request.take_up_at)  # a taking up isn't a step
        return None

    def _earliest_entry_in(self, scope: Scope | None) -> Entry | None:
        if scope is None:
            return self._queue.head()
        entries, requests = self._registry.entries.items(), self._registry.requests
        there = (entry for order, entry in entries if entry.pending and requests[order - 1].scope == scope)
        return min(there, default=None)

    def _schedule(self, request: Request, at: datetime) -> None:
        request.step_at = at
        self._enqueue(request, Entry(at, request.order, partial(self._steps.make, request)))

    def _enqueue(self, request: Request, entry: Entry) -> None:
        self._registry.entries[request.order] = entry
        self._queue.add(entry)

    def _withdraw(self, request: Request) -> None:
        self._registry.entries[request.order].withdraw()

    def _take_up(self, request: Request) -> None:
        with self._clock.lock:
            if request.is_running and request.take_up_at is not None:
                request.take_up_at = None
                event = ProgressEvent(OperationStatus.IN_PROGRESS, self._clock.now(), request.identifier)
                self._registry.record(request, event)
                if request.step_at is not None:
                    self._schedule(request, request.step_at)
