"""The request registry: every resource request, found by its token, its client token, its resource, and its status.

Here AWS's rules about requests among each other hold: a request token is forgotten after seven days, a client token is
good for 36 hours, and there is one operation at a time on a resource.
"""

from __future__ import annotations

import functools
from collections import defaultdict, deque
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.clock import Entry
from pytest_cloudcontrol.requests.index import StatusIndex
from pytest_cloudcontrol.requests.request import ProgressEvent, Remark, Request
from pytest_cloudcontrol.vocabulary import OperationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.decisions.plans import Pace
    from pytest_cloudcontrol.handlers.protocol import Handler, HandlerInput
    from pytest_cloudcontrol.journal import Journal
    from pytest_cloudcontrol.requests.request import RequestInput
    from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation, Scope

REQUEST_LIFETIME: Final = timedelta(days=7)  # L-24
"""Requests expire after seven days (AWS's guide, "Managing resource operation requests")."""

CLIENT_TOKEN_LIFETIME: Final = timedelta(hours=36)  # I-3
"""A client token is valid for 36 hours once used (the API's documentation of ClientToken)."""


class Registry:
    """All requests of a mocked Cloud Control. Callers hold the clock's lock."""

    def __init__(self, clock: MockClock, journal: Journal, seed: str, most_steps: int) -> None:
        self.requests: list[Request] = []
        self.running: dict[int, Request] = {}
        self.entries: dict[int, Entry] = {}
        """What stands for each running request in the clock's queue, by its order."""
        self.making: dict[int, int] = {}
        """The thread that makes a step of a request with code of the test's own in it, by the request's order."""
        self.stepping: dict[int, int] = {}
        """The thread in which a request's handler works outside the lock, by the request's order."""
        self.version = 0
        """How often anything has changed here."""
        self.came_to_something = 0
        """How many requests have ended otherwise than FAILED."""
        self.at_end: list[Callable[[Sequence[Request]], object]] = []
        """What is to be done as soon as requests have ended or expired."""
        self.ended = False
        """Whether the world has begun anew without these requests: they can be read, but nothing happens to them."""
        self._clock = clock
        self._journal = journal
        self._most_steps = most_steps
        self._deadlines = clock.deadlines  # this world's own: after a reset the clock has others
        self._seed = seed
        self._hooks_tokens = 0
        self._by_scope: defaultdict[Scope, list[Request]] = defaultdict(list)
        self._by_token: dict[str, Request] = {}
        self._by_client_token: dict[tuple[Scope, str], Request] = {}  # I-6
        self._by_resource: defaultdict[tuple[Scope, str, str], dict[int, Request]] = defaultdict(dict)
        self._by_status: defaultdict[Scope, StatusIndex] = defaultdict(StatusIndex)
        self._unexpired: deque[Request] = deque()

    def accept(
        self, given: RequestInput, handler_input: HandlerInput, handler: Handler, pace: Pace, event: ProgressEvent
    ) -> Request:
        """Make a new request with its first event, the immediate answer."""
        order, scope = len(self.requests) + 1, handler_input.scope
        token = as_uuid(self._tokens.getrandbits(128))  # W-12
        request = Request(token, order, given, handler_input, handler, pace, self._most_steps)
        handler_input.request_token = token
        request.record(event)
        self._journal.note(event.event_time, request.request_token, event)
        self.requests.append(request)
        self._by_scope[scope].append(request)
        self.running[order] = request
        self._by_token[token] = request
        if given.client_token is not None:
            self._by_client_token[scope, given.client_token] = request
        self._by_status[scope].add(request, event.operation_status)
        self._mark_busy(request)
        self._unexpired.append(request)
        if len(self._unexpired) == 1:
            self._await_expiry()
        self._changed()
        return request

    def adopt(self, request: Request) -> None:
        """Take in a request as it was in another world, the next after those that are there.

        What is still to be done for it is the runner's business.
        """
        self._tokens.getrandbits(128)  # that of its own, which no other gets
        self.requests.append(request)
        self._by_scope[request.scope].append(request)
        self._by_token[request.request_token] = request
        if not request.expired:
            self._by_status[request.scope].add(request, request.status)
            if request.client_token is not None:
                self._by_client_token[request.scope, request.client_token] = request
            self._unexpired.append(request)
            if len(self._unexpired) == 1:
                self._await_expiry()
        if request.is_running:
            self.running[request.order] = request
            busy_one = request.first_identifier
            if busy_one is not None:
                self._by_resource[request.scope, request.type_name, busy_one][request.order] = request

    @functools.cached_property
    def _tokens(self) -> Random:
        return Random(f"{self._seed}/request tokens")  # a seed costs half a world, and some have no request

    def new_hooks_token(self) -> str:
        """Return a token for the hooks of a request; requests have the same tokens with hooks and without."""
        self._hooks_tokens += 1
        return as_uuid(Random(f"{self._seed}/hooks tokens/{self._hooks_tokens}").getrandbits(128))

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

    def by_token(self, request_token: str) -> Request:
        """Return the request of a token that one of this registry's has."""
        return self._by_token[request_token]

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
            self.note(request, words)

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

    def record(self, request: Request, event: ProgressEvent, by: str = "") -> None:
        """Add an event to a request, and keep every way to find it right.

        Args:
            request: the request.
            event: what has come of it.
            by: what made it so, in words, if it wasn't the handler.
        """
        before = request.last_event
        request.record(event)
        if by:
            request.causes = {**request.causes, len(request.events): by}
        self._journal.note(event.event_time, request.request_token, event, by)
        if event.operation_status is not before.operation_status:
            index = self._by_status[request.scope]
            index.remove(request, before.operation_status)
            index.add(request, event.operation_status)
        if event.operation_status.is_terminal:
            self.came_to_something += event.operation_status is not OperationStatus.FAILED
            self._settle(request)
        elif before.identifier is None and event.identifier is not None:
            self._mark_busy(request)  # a create's handler has made its identifier just now (L-22)
        self._changed()
        if event.operation_status.is_terminal:
            self._tell_of_end([request])

    def cancel(self, request: Request, by: str) -> None:
        """Cancel a running request: an event with the basic members only, and no further handler calls (L-16, L-17).

        The end of a handler call that is under way decides: until then the request is CANCEL_IN_PROGRESS.
        """
        status = OperationStatus.CANCEL_COMPLETE
        if request.under_way is not None:
            status = OperationStatus.CANCEL_IN_PROGRESS
        self.record(request, ProgressEvent(status, self._clock.now(), request.identifier), by)

    def fail(self, request: Request, code: HandlerErrorCode, message: str | None, by: str = "") -> None:
        """Let a running request fail: in words that fit the code for None, and without any for an empty message."""
        words = handler_failure(code) if message is None else message or None
        now, failed = self._clock.now(), OperationStatus.FAILED
        event = ProgressEvent(failed, now, request.identifier, status_message=words, error_code=code)
        self.record(request, event, by)

    def expire(self, request: Request, by: str = "") -> None:
        """Forget a request: no more handler calls, its resource is no longer busy, its client token is free (L-26)."""
        was_running = request.is_running
        self._forget(request, by)
        if was_running:
            self._tell_of_end([request])

    def _forget(self, request: Request, by: str = "") -> None:
        self._by_status[request.scope].remove(request, request.status)
        request.expired = True
        self.note(request, f"expired, by {by}" if by else "expired")
        self.came_to_something += 1
        self._settle(request)
        if request.client_token is not None:
            key = (request.scope, request.client_token)
            if self._by_client_token.get(key) is request:
                del self._by_client_token[key]
        self._changed()

    def abandon(self) -> int:
        """Let the test's own handlers make no more calls, since the mock ends; return of how many requests."""
        if not self.entries:
            return 0
        abandoned = [
            request
            for request in (self.requests[order - 1] for order in self.entries)
            if request.handler.runs_unlocked and (request.order in self.running or request.order not in self.stepping)
        ]
        for request in abandoned:
            if request.order not in self.stepping:  # a call that has only begun never ends
                request.under_way = None
            self._settle(request)
        return len(abandoned)

    def _settle(self, request: Request) -> None:
        """Nothing more will be done for a request, but for a handler call that is under way."""
        if request.under_way is None:
            self.let_go(request)
        self.running.pop(request.order, None)
        busy_one = request.first_identifier  # whatever a handler has called it since
        if busy_one is not None:
            key = (request.scope, request.type_name, busy_one)
            busy = self._by_resource.get(key, {})
            busy.pop(request.order, None)
            if not busy:
                self._by_resource.pop(key, None)

    def let_go(self, request: Request) -> None:
        """Forget what was to be done for a request, and let its handler do so."""
        entry = self.entries.pop(request.order, None)
        if entry is not None:
            entry.withdraw()
        request.take_up_at = request.step_at = None
        closing = request.handler.close(request.handler_input)
        if closing is not None:
            self._clock.defer(closing)
        request.handler_input.forget_state()

    def _mark_busy(self, request: Request) -> None:
        identifier = request.handler_input.identifier
        if identifier is not None:
            key = (request.scope, request.type_name, identifier)
            self._by_resource[key][request.order] = request

    def _tell_of_end(self, requests: Sequence[Request]) -> None:
        for tell in self.at_end:
            tell(requests)

    def _await_expiry(self) -> None:
        """Put the expiry of the oldest request into the clock's queue: one entry, however many requests there are."""
        oldest = self._unexpired[0]
        self._deadlines.add(Entry(oldest.accepted_at + REQUEST_LIFETIME, oldest.order, self._expire_oldest))

    def _expire_oldest(self) -> None:
        now: datetime = self._clock.now()
        ended: list[Request] = []
        while self._unexpired and self._unexpired[0].accepted_at + REQUEST_LIFETIME <= now:  # L-25
            request = self._unexpired.popleft()
            if not request.expired:
                if request.is_running:
                    ended.append(request)
                self._forget(request)
        if ended:  # all together: one that waits for another's end may have expired with it
            self._tell_of_end(ended)
        if self._unexpired:
            self._await_expiry()

    def note(self, request: Request, words: str) -> None:
        """Note in a request's timeline what has happened beside its events."""
        now = self._clock.now()
        request.remarks += (Remark(now, words, len(request.events)),)
        self._journal.note(now, request.request_token, words)

    def _changed(self) -> None:
        self.version += 1
        self._clock.announce()


def handler_failure(code: HandlerErrorCode) -> str:
    """Return words that fit a handler's failure."""
    return f"Handler returned status FAILED (HandlerErrorCode: {code})"


def as_uuid(bits: int) -> str:
    """Return 128 random bits as a UUID of version 4, in its usual form."""
    text = f"{bits & ~(0xF << 76 | 0b11 << 62) | 4 << 76 | 0b10 << 62:032x}"  # uuid.UUID() takes four times as long
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
