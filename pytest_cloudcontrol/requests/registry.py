"""The request registry: every resource request, found by its token, its client token, its resource, and its status.

Here AWS's rules about requests among each other hold: a request token is forgotten after seven days, a client token is
good for 36 hours, and there is one operation at a time on a resource.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.clock import Due
from pytest_cloudcontrol.requests.index import StatusIndex
from pytest_cloudcontrol.requests.request import ResourceRequest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from pytest_cloudcontrol.clock import Timekeeper
    from pytest_cloudcontrol.handlers.protocol import Work
    from pytest_cloudcontrol.requests.request import Asked, ProgressEvent
    from pytest_cloudcontrol.requests.runner import Runner
    from pytest_cloudcontrol.vocabulary import Operation, OperationStatus, Scope

REQUEST_LIFETIME: Final = timedelta(days=7)
"""Requests expire after seven days (AWS's guide, "Managing resource operation requests")."""

CLIENT_TOKEN_LIFETIME: Final = timedelta(hours=36)
"""A client token is valid for 36 hours once used (the API's documentation of ClientToken)."""


class Registry:
    """All requests of a mocked Cloud Control. Callers hold the clock's lock."""

    def __init__(self, clock: Timekeeper, seed: str) -> None:
        self.requests: list[ResourceRequest] = []
        self.running: dict[int, ResourceRequest] = {}
        self.version = 0
        """How often anything has changed here."""
        self._clock = clock
        self._tokens = Random(f"{seed}/request tokens")
        self._by_token: dict[str, ResourceRequest] = {}
        self._by_client_token: dict[tuple[Scope, str], ResourceRequest] = {}
        self._by_resource: dict[tuple[Scope, str, str], dict[int, ResourceRequest]] = {}
        self._by_status: dict[Scope, StatusIndex] = {}
        self._unexpired: deque[ResourceRequest] = deque()

    def accept(
        self,
        runner: Runner,
        asked: Asked,
        scope: Scope,
        client_token: str | None,
        work: Work,
        event: ProgressEvent,
    ) -> ResourceRequest:
        """Make a new request with its first event, the immediate answer."""
        order = len(self.requests) + 1
        token = as_uuid(self._tokens.getrandbits(128))
        request = ResourceRequest(runner, token, order, asked, scope, client_token, work, event.event_time)
        request.record(event)
        self.requests.append(request)
        self.running[order] = request
        self._by_token[token] = request
        if client_token is not None:
            self._by_client_token[scope, client_token] = request
        self._by_status.setdefault(scope, StatusIndex()).add(request)
        self._mark_busy(request)
        self._unexpired.append(request)
        if len(self._unexpired) == 1:
            self._await_expiry()
        self._changed()
        return request

    def find(self, scope: Scope, request_token: str) -> ResourceRequest | None:
        """Return the request that AWS would still know by a token, in an account and region."""
        request = self._by_token.get(request_token)
        return request if request is not None and request.scope == scope and not request.expired else None

    def of_token(self, request_token: str) -> ResourceRequest | None:
        """Return the request of a token, wherever it was made and even when it has expired."""
        return self._by_token.get(request_token)

    def of_client_token(self, scope: Scope, client_token: str) -> ResourceRequest | None:
        """Return the request that a client token still stands for."""
        request = self._by_client_token.get((scope, client_token))
        if request is None or request.expired or self._clock.now() - request.accepted_at >= CLIENT_TOKEN_LIFETIME:
            return None
        return request

    def running_on(self, scope: Scope, type_name: str, identifier: str) -> ResourceRequest | None:
        """Return the oldest request that is working on a resource."""
        busy = self._by_resource.get((scope, type_name, identifier))
        return next(iter(busy.values())) if busy else None

    def newest_first(
        self,
        scope: Scope,
        operations: Collection[Operation],
        statuses: Collection[OperationStatus],
        before: int | None = None,
    ) -> Iterator[ResourceRequest]:
        """Yield the unexpired requests of an account and region with one of these operations and statuses.

        Args:
            scope: the account and region.
            operations: the operations wanted.
            statuses: the statuses wanted.
            before: the order of a request; only older ones are yielded.
        """
        index = self._by_status.get(scope)
        return index.newest_first(operations, statuses, before) if index else iter(())

    def record(self, request: ResourceRequest, event: ProgressEvent) -> None:
        """Add an event to a request, and keep every way to find it right."""
        before = request.status
        request.record(event)
        if request.status is not before:
            index = self._by_status[request.scope]
            index.remove(request, before)
            index.add(request)
        if event.operation_status.is_terminal:
            self._rest(request)
        self._changed()

    def identify(self, request: ResourceRequest, identifier: str | None) -> None:
        """Note the identifier that a create's handler has made: from now on its resource is busy."""
        if identifier is not None and request.identifier is None:
            request.identifier = identifier
            self._mark_busy(request)

    def expire(self, request: ResourceRequest) -> None:
        """Forget a request: no more handler calls, its resource is no longer busy, its client token is free."""
        self._by_status[request.scope].remove(request, request.status)
        request.expired = True
        self._rest(request)
        if request.client_token is not None:
            key = (request.scope, request.client_token)
            if self._by_client_token.get(key) is request:
                del self._by_client_token[key]
        self._changed()

    def _rest(self, request: ResourceRequest) -> None:
        """Nothing more will be done for a request."""
        if request.due is not None:
            request.due.withdraw()
        request.due = request.take_up_at = request.call_at = request.work = None
        self.running.pop(request.order, None)
        if request.identifier is not None:
            key = (request.scope, request.type_name, request.identifier)
            busy = self._by_resource.get(key, {})
            busy.pop(request.order, None)
            if not busy:
                self._by_resource.pop(key, None)

    def _mark_busy(self, request: ResourceRequest) -> None:
        if request.identifier is not None:
            key = (request.scope, request.type_name, request.identifier)
            self._by_resource.setdefault(key, {})[request.order] = request

    def _await_expiry(self) -> None:
        """Put the expiry of the oldest request into the clock's queue: one entry, however many requests there are."""
        oldest = self._unexpired[0]
        self._clock.deadlines.add(Due(oldest.accepted_at + REQUEST_LIFETIME, oldest.order, self._expire_oldest))

    def _expire_oldest(self) -> None:
        now: datetime = self._clock.now()
        while self._unexpired and self._unexpired[0].accepted_at + REQUEST_LIFETIME <= now:
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
