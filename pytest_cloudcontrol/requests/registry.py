"""The request registry: every resource request, found by its token, its client token, its resource, and its status.

Here AWS's rules about requests among each other hold: a request token is forgotten after seven days, a client token is
good for 36 hours, and there is one operation at a time on a resource.
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.clock import Entry
from pytest_cloudcontrol.requests.index import StatusIndex
from pytest_cloudcontrol.requests.request import ProgressEvent, Remark, Request
from pytest_cloudcontrol.vocabulary import OperationStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.handlers.protocol import HandlerRequest
    from pytest_cloudcontrol.requests.request import RequestInput
    from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation, Scope

REQUEST_LIFETIME: Final = timedelta(days=7)  # L-24
"""Requests expire after seven days (AWS's guide, "Managing resource operation requests")."""

CLIENT_TOKEN_LIFETIME: Final = timedelta(hours=36)  # I-3
"""A client token is valid for 36 hours once used (the API's documentation of ClientToken)."""


class Registry:
    """All requests of a mocked Cloud Control. Callers hold the clock's lock."""

    def __init__(self, clock: MockClock, seed: str, most_steps: int) -> None:
        self.requests: list[Request] = []
        self.running: dict[int, Request] = {}
        self.entries: dict[int, Entry] = {}
        """What stands for each running request in the clock's queue, by its order."""
        self.making: dict[int, int] = {}
        """The thread that makes a step of a request with code of the test's own in it, by the request's order."""
        self.stepping: dict[int, int] = {}
        """The thread whose step has come to a handler that works outside the lock, by the request's order."""
        self.version = 0
        """How often anything has changed here."""
        self.came_to_something = 0
        """How many requests have ended otherwise than FAILED."""
        self.ended = False
        """Whether the world has begun anew without these requests: they can be read, but nothing happens to them."""
        self._clock = clock
        self._most_steps = most_steps
        self._deadlines = clock.deadlines  # this world's own: after a reset the clock has others
        self._tokens = Random(f"{seed}/request tokens")
        self._by_scope: defaultdict[Scope, list[Request]] = defaultdict(list)
        self._by_token: dict[str, Request] = {}
        self._by_client_token: dict[tuple[Scope, str], Request] = {}  # I-6
        self._by_resource: defaultdict[tuple[Scope, str, str], dict[int, Request]] = defaultdict(dict)
        self._by_status: defaultdict[Scope, StatusIndex] = defaultdict(StatusIndex)
        self._unexpired: deque[Request] = deque()

    def accept(self, given: RequestInput, handler_request: HandlerRequest, event: ProgressEvent) -> Request:
        """Make a new request with its first event, the immediate answer."""
        order, scope = len(self.requests) + 1, handler_request.scope
        token = as_uuid(self._tokens.getrandbits(128))  # W-12
        request = Request(token, order, given, handler_request, self._most_steps)
        request.record(event)
        self.requests.append(request)
        self._by_scope[scope].append(request)
        self.running[order] = request
        self._by_token[token] = request
        if given.client_token is not None:
            self._by_client_token[scope, given.client_token] = request
        self._by_status[scope].add(request)
        self._mark_busy(request)
        self._unexpired.append(request)
        if len(self._unexpired) == 1:
            self._await_expiry()
        self._changed()
        return request

    def made_in(self, scope: Scope | None) -> list[Request]:
        """Return the requests of an account and region, or of all, oldest first: the list itself, for reading."""
        return self.requests if scope is None else self._by_scope.get(scope, [])

    def find(self, scope: Scope, request_token: str) -> Request | None:
        """Return the request that AWS would still know by a token, in an account and region."""
        request = self._by_token.get(request_token)
        return request if request is not None and request.scope == scope and not request.expired else None

    def of_token(self, request_token: str) -> Request | None:
        """Return the request of a token, wherever it was made and even when it has expired."""
        return self._by_token.get(request_token)

    def of_client_token(self, scope: Scope, client_token: str) -> Request | None:
        """Return the request that a client token still stands for (I-3, C-2)."""
        request = self._by_client_token.get((scope, client_token))
        if request is None or request.expired or self._clock.now() - request.accepted_at >= CLIENT_TOKEN_LIFETIME:
            return None
        return request

    def running_on(self, scope: Scope, type_name: str, identifier: str) -> Request | None:
        """Return the oldest request that is working on a resource."""
        busy = self._by_resource.get((scope, type_name, identifier))
        return next(iter(busy.values())) if busy else None

    def remark(self, scope: Scope, type_name: str, identifier: str, words: str) -> None:
        """Note with the requests that are working on a resource what somebody else has done to it."""
        for request in self._by_resource.get((scope, type_name, identifier), {}).values():
            request.remarks += (Remark(self._clock.now(), words, len(request.events)),)

    def newest_first(
        self,
        scope: Scope,
        operations: Collection[Operation],
        statuses: Collection[OperationStatus],
        before: int | None = None,
    ) -> Iterator[Request]:
        """Yield the unexpired requests of an account and region with one of these operations and statuses.

        Args:
            scope: the account and region.
            operations: the operations wanted.
            statuses: the statuses wanted.
            before: the order of a request; only older ones are yielded.
        """
        index = self._by_status.get(scope)
        return index.newest_first(operations, statuses, before) if index else iter(())

    def record(self, request: Request, event: ProgressEvent) -> None:
        """Add an event to a request, and keep every way to find it right."""
        before = request.last_event
        request.record(event)
        if event.operation_status is not before.operation_status:
            index = self._by_status[request.scope]
            index.remove(request, before.operation_status)
            index.add(request)
        if event.operation_status.is_terminal:
            self.came_to_something += event.operation_status is not OperationStatus.FAILED
            self._settle(request)
        elif before.identifier is None and event.identifier is not None:
            self._mark_busy(request)  # a create's handler has made its identifier just now (L-22)
        self._changed()

    def cancel(self, request: Request) -> None:
        """Cancel a running request: an event with the basic members only, and no further handler calls (L-16, L-17).

        The end of a handler call that is under way decides: until then the request is CANCEL_IN_PROGRESS.
        """
        status = OperationStatus.CANCEL_COMPLETE
        if request.order in self.stepping:
            status = OperationStatus.CANCEL_IN_PROGRESS
        self.record(request, ProgressEvent(status, self._clock.now(), request.identifier))

    def fail(self, request: Request, code: HandlerErrorCode, message: str | None) -> None:
        """Let a running request fail: in words that fit the code for None, and without any for an empty message."""
        words = f"Handler returned status FAILED (HandlerErrorCode: {code})" if message is None else message or None
        now, failed = self._clock.now(), OperationStatus.FAILED
        self.record(request, ProgressEvent(failed, now, request.identifier, status_message=words, error_code=code))

    def expire(self, request: Request) -> None:
        """Forget a request: no more handler calls, its resource is no longer busy, its client token is free (L-26)."""
        self._by_status[request.scope].remove(request, request.status)
        request.expired = True
        self.came_to_something += 1
        self._settle(request)
        if request.client_token is not None:
            key = (request.scope, request.client_token)
            if self._by_client_token.get(key) is request:
                del self._by_client_token[key]
        self._changed()

    def _settle(self, request: Request) -> None:
        """Nothing more will be done for a request."""
        entry = self.entries.pop(request.order, None)
        if entry is not None:
            entry.withdraw()
        request.take_up_at = request.step_at = None
        if request.order not in self.stepping:  # else its handler is still at work
            request.handler_request.forget_state()
        self.running.pop(request.order, None)
        if request.identifier is not None:
            key = (request.scope, request.type_name, request.identifier)
            busy = self._by_resource.get(key, {})
            busy.pop(request.order, None)
            if not busy:
                self._by_resource.pop(key, None)

    def _mark_busy(self, request: Request) -> None:
        identifier = request.identifier
        if identifier is not None:
            key = (request.scope, request.type_name, identifier)
            self._by_resource[key][request.order] = request

    def _await_expiry(self) -> None:
        """Put the expiry of the oldest request into the clock's queue: one entry, however many requests there are."""
        oldest = self._unexpired[0]
        self._deadlines.add(Entry(oldest.accepted_at + REQUEST_LIFETIME, oldest.order, self._expire_oldest))

    def _expire_oldest(self) -> None:
        now: datetime = self._clock.now()
        while self._unexpired and self._unexpired[0].accepted_at + REQUEST_LIFETIME <= now:  # L-25
            request = self._unexpired.popleft()
            if not request.expired:
                self.expire(request)
        if self._unexpired:
            self._await_expiry()

    def _changed(self) -> None:
        self.version += 1
        self._clock.announce()


def as_uuid(bits: int) -> str:
    """Return 128 random bits as a UUID of version 4, in its usual form."""
    text = f"{bits & ~(0xF << 76 | 0b11 << 62) | 4 << 76 | 0b10 << 62:032x}"  # uuid.UUID() takes four times as long
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
