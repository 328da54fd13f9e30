"""The plain model of the request registry: lists and dictionaries, searched from one end to the other.

It says what AWS's rules and the design of this mock make of every call and every act of a test. It knows nothing of the
package: statuses and error codes are written out, the clock is a variable, and what is due is found by looking at
every request.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

Scope: TypeAlias = tuple[str, str]
Values: TypeAlias = dict[str, str | None]

# Written out, so that the table in the package is checked too.
LEGAL: Final = {
    "PENDING": {"IN_PROGRESS", "SUCCESS", "FAILED", "CANCEL_COMPLETE"},
    "IN_PROGRESS": {"IN_PROGRESS", "SUCCESS", "FAILED", "CANCEL_COMPLETE"},
    "SUCCESS": set[str](),
    "FAILED": set[str](),
    "CANCEL_COMPLETE": set[str](),
}

TERMINAL: Final = frozenset({"SUCCESS", "FAILED", "CANCEL_COMPLETE"})
REQUEST_LIFETIME: Final = timedelta(days=7)
CLIENT_TOKEN_LIFETIME: Final = timedelta(hours=36)


class RequestInput(NamedTuple):
    """What a call asks: of a create the properties' values, of an update the new ones, where None removes."""

    operation: str
    name: str
    values: tuple[tuple[str, str | None], ...] = ()


class Event(NamedTuple):
    """A progress event."""

    status: str
    time: datetime
    error_code: str | None = None
    retry_after: datetime | None = None


class Plan(NamedTuple):
    """How long requests take."""

    steps: int | None = None
    delay: timedelta = timedelta(seconds=1)
    first_delay: timedelta = timedelta(seconds=0.2)
    pending: timedelta | bool = False


@dataclass(eq=False)
class Request:
    """What is known of one request."""

    token: str
    client_token: str
    scope: Scope
    asked: RequestInput
    changes: list[tuple[str, str | None]]
    accepted_at: datetime
    calls: int
    delay: timedelta
    take_up_at: datetime | None
    step_at: datetime | None
    events: list[Event] = field(default_factory=list)
    steps: int = 0
    cancel_at: int | None = None
    expired: bool = False

    def __repr__(self) -> str:
        return f"<{self.asked.operation} {self.asked.name} {self.status} {self.token[:8]}>"

    @property
    def status(self) -> str:
        """The last event's."""
        return self.events[-1].status

    @property
    def running(self) -> bool:
        """Whether anything can still happen to it."""
        return not self.expired and self.status not in TERMINAL

    @property
    def due(self) -> datetime | None:
        """When it is taken up or its handler is called next."""
        return self.take_up_at or self.step_at


class Model:
    """A world: its time, its requests, and what exists."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.plan = Plan()
        self.requests: list[Request] = []
        self.resources: defaultdict[Scope, dict[str, dict[str, str]]] = defaultdict(dict)

    # Calls

    def answer(self, scope: Scope, asked: RequestInput, client_token: str) -> Request | str | None:
        """Say how a call is answered: with a known request, with an error's code, or (None) with a new request."""
        for request in reversed(self.requests):
            if (request.scope, request.client_token) == (scope, client_token):
                if request.expired or self.now - request.accepted_at >= CLIENT_TOKEN_LIFETIME:
                    break
                return request if request.asked == asked else "ClientTokenConflictException"
        current = self.resources[scope].get(asked.name)
        if asked.operation == "UPDATE" and current is None:
            return "ResourceNotFoundException"
        if any(request.running for request in self.on(scope, asked.name)):
            return "ConcurrentOperationException"
        if asked.operation != "UPDATE" or current is None:
            return None
        if any(value is None and name not in current for name, value in asked.values):
            return "ValidationException"
        return None

    def accept(self, token: str, client_token: str, scope: Scope, asked: RequestInput) -> Request:
        """Take a new request in."""
        current = self.resources[scope].get(asked.name, {}) if asked.operation == "UPDATE" else {}
        changes = [(name, value) for name, value in asked.values if current.get(name) != value]
        steps, delay, first_delay, pending = self.plan
        waits = pending if isinstance(pending, timedelta) else timedelta(0)
        request = Request(
            token,
            client_token,
            scope,
            asked,
            changes,
            self.now,
            steps or (1 if asked.operation == "DELETE" else 2),
            delay,
            self.now + waits if waits else None,
            self.now + waits + first_delay,
        )
        request.events.append(Event("PENDING" if pending else "IN_PROGRESS", self.now))
        self.requests.append(request)
        return request

    def on(self, scope: Scope, name: str) -> list[Request]:
        """Return every request there was on a resource."""
        return [request for request in self.requests if (request.scope, request.asked.name) == (scope, name)]

    def listed(self, scope: Scope, operations: list[str], statuses: list[str]) -> list[Request]:
        """Return what ListResourceRequests shows."""
        return [
            request
            for request in reversed(self.requests)
            if request.scope == scope
            and not request.expired
            and (not operations or request.asked.operation in operations)
            and (not statuses or request.status in statuses)
        ]

    # Time

    def advance(self, target: datetime) -> None:
        """Do what falls due until an instant, each at its own."""
        while (request := self.earliest()) is not None and request.due is not None and request.due <= target:
            self.make(request)
        self.pass_time(target)

    def step(self) -> Request | None:
        """Do what falls due until a handler call was made; return whose it was."""
        while (request := self.earliest()) is not None:
            if self.make(request):
                return request
        return None

    def earliest(self) -> Request | None:
        """Return the running request on which something is due first; of several the one accepted first."""
        running = [request for request in self.requests if request.running]
        return min(running, key=lambda request: request.due or self.now, default=None)

    def make(self, request: Request) -> bool:
        """Take a request up or make its next handler call, unless it expires before; say whether a call was made."""
        if request.due is not None:
            self.pass_time(request.due)
        if request.expired:
            return False
        if request.take_up_at is not None:
            request.take_up_at = None
            request.events.append(Event("IN_PROGRESS", self.now))
            return False
        self.call(request)
        return True

    def pass_time(self, target: datetime) -> None:
        """Let time pass, and requests expire; time never runs backwards."""
        self.now = max(self.now, target)
        for request in self.requests:
            if not request.expired and self.now - request.accepted_at >= REQUEST_LIFETIME:
                request.expired = True

    # What happens to a request

    def end(self, request: Request, status: str, error_code: str | None = None) -> None:
        """Bring a request into a terminal status."""
        request.events.append(Event(status, self.now, error_code))
        request.step_at = request.take_up_at = None

    def call(self, request: Request) -> None:
        """Make a handler call."""
        if request.cancel_at == request.steps + 1:
            request.cancel_at = None
            self.end(request, "CANCEL_COMPLETE")
            return
        request.steps += 1
        error_code = self.work(request)
        if error_code is not None:
            self.end(request, "FAILED", error_code)
        elif request.steps == request.calls:
            self.end(request, "SUCCESS")
        else:
            request.step_at = self.now + request.delay
            request.events.append(Event("IN_PROGRESS", self.now, None, request.step_at))

    def work(self, request: Request) -> str | None:
        """Do one handler call's part of the work; return the error code if the handler fails."""
        shelf, name = self.resources[request.scope], request.asked.name
        if request.asked.operation == "CREATE" and request.steps == 1:
            if name in shelf:
                return "AlreadyExists"
            shelf[name] = {}
        if name not in shelf:
            return "NotFound"
        if request.asked.operation == "DELETE":
            if request.steps == request.calls:
                del shelf[name]
            return None
        for number, (key, value) in enumerate(request.changes):
            if self.call_of(number, len(request.changes), request.calls) == request.steps:
                if value is None:
                    shelf[name].pop(key, None)
                else:
                    shelf[name][key] = value
        return None

    @staticmethod
    def call_of(number: int, count: int, calls: int) -> int:
        """Return which of several handler calls writes one of so many changes: deal them out, then close the ranks."""
        hands = [0] * calls
        for dealt in range(count):
            hands[dealt % calls] += 1
        owners = [call for call, size in enumerate(hands, 1) for _ in range(size)]
        return owners[number]
