"""One resource request: what was asked, every progress event so far, and the transitions it knows.

The status is the last event's, and ``record`` is the only way to add one. It follows TRANSITIONS, so a request can't
be in a state, or come into it by a way, that AWS doesn't know.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.decisions.match import Subject
from pytest_cloudcontrol.documents import JSONObject, parse
from pytest_cloudcontrol.errors import IllegalTransition
from pytest_cloudcontrol.vocabulary import OperationStatus, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_cloudcontrol.clock import Due
    from pytest_cloudcontrol.decisions.faults import Cancel
    from pytest_cloudcontrol.documents import JSONValue
    from pytest_cloudcontrol.handlers.protocol import Work
    from pytest_cloudcontrol.requests.runner import Runner
    from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation

PENDING, IN_PROGRESS, SUCCESS, FAILED, CANCEL_IN_PROGRESS, CANCEL_COMPLETE = OperationStatus
_END: Final[frozenset[OperationStatus]] = frozenset()

TRANSITIONS: Final[Mapping[OperationStatus | None, frozenset[OperationStatus]]] = MappingProxyType(
    {
        None: frozenset({PENDING, IN_PROGRESS}),
        # Only these two can be cancelled (AWS's guide); a PENDING request's first handler call may end it.
        PENDING: frozenset({IN_PROGRESS, SUCCESS, FAILED, CANCEL_IN_PROGRESS, CANCEL_COMPLETE}),
        IN_PROGRESS: frozenset({IN_PROGRESS, SUCCESS, FAILED, CANCEL_IN_PROGRESS, CANCEL_COMPLETE}),
        CANCEL_IN_PROGRESS: frozenset({CANCEL_COMPLETE}),
        SUCCESS: _END,
        FAILED: _END,
        CANCEL_COMPLETE: _END,
    }
)
"""Which statuses may follow which; None is before the first event."""


class Asked(NamedTuple):
    """What the caller asked, member by member as the API has them; two calls asked the same when these are equal."""

    operation: Operation
    type_name: str
    identifier: str | None
    desired_state: str | None
    patch_document: str | None
    type_version_id: str | None
    role_arn: str | None


class ProgressEvent(NamedTuple):
    """Where a request stood at one instant: the API's ProgressEvent.

    Attributes:
        operation_status: the status since then.
        event_time: the instant.
        identifier: the resource's primary identifier, as far as it was known.
        resource_model: JSON text; only in the immediate answer of an update.
        status_message: words about a failure.
        error_code: why the handler failed.
        retry_after: when the handler is called again; only after a call that leaves the request IN_PROGRESS.
    """

    operation_status: OperationStatus
    event_time: datetime
    identifier: str | None = None
    resource_model: str | None = None
    status_message: str | None = None
    error_code: HandlerErrorCode | None = None
    retry_after: datetime | None = None


class ResourceRequest:
    """A request of the code under test, and the handle by which a test moves it.

    ``step``, ``run``, ``fail``, ``cancel`` and ``expire`` return the request itself, so a schedule is one line:
    ``cloudcontrol.requests.last.cancel(at_step=2).run()``.

    Attributes:
        request_token: the token that the API's answer carried.
        scope: the account and region it belongs to.
        client_token: the ClientToken that the caller, or botocore for it, gave; None if there was none.
        accepted_at: when it was accepted.
        order: its place among all requests, from 1.
        identifier: the resource's primary identifier; None as long as the service hasn't made one.
        expired: whether AWS has forgotten it. Its status keeps the last value.
        steps: how many handler calls were made so far.
    """

    __slots__ = (
        "_asked",
        "_events",
        "_runner",
        "accepted_at",
        "call_at",
        "cancel_rule",
        "client_token",
        "due",
        "expired",
        "identifier",
        "order",
        "request_token",
        "scope",
        "steps",
        "take_up_at",
        "work",
    )

    def __init__(
        self,
        runner: Runner,
        request_token: str,
        order: int,
        asked: Asked,
        scope: Scope,
        client_token: str | None,
        work: Work,
        accepted_at: datetime,
    ) -> None:
        self._runner = runner
        self._asked = asked
        self.request_token = request_token
        self.order = order
        self.scope = scope
        self.client_token = client_token
        self.work: Work | None = work
        self.accepted_at = accepted_at
        self.identifier = work.identifier
        self._events: list[ProgressEvent] = []
        self.steps = 0
        self.expired = False
        self.cancel_rule: Cancel | None = None
        self.take_up_at: datetime | None = None
        self.call_at: datetime | None = None
        self.due: Due | None = None

    def __repr__(self) -> str:
        return (
            f"<ResourceRequest {self.operation} {self.type_name} {self.identifier or '(no identifier yet)'} "
            f"{self.status}{' expired' if self.expired else ''} steps={self.steps} {self.request_token}>"
        )

    @property
    def asked(self) -> Asked:
        """What the caller asked, as the API's members."""
        return self._asked

    @property
    def type_name(self) -> str:
        """The resource type."""
        return self._asked.type_name

    @property
    def operation(self) -> Operation:
        """CREATE, UPDATE or DELETE."""
        return self._asked.operation

    @property
    def account_id(self) -> str:
        """The account it was made in."""
        return self.scope.account_id

    @property
    def region(self) -> str:
        """The region it was made in."""
        return self.scope.region

    @property
    def role_arn(self) -> str | None:
        """The RoleArn given, or None."""
        return self._asked.role_arn

    @property
    def type_version_id(self) -> str | None:
        """The TypeVersionId given, or None."""
        return self._asked.type_version_id

    @property
    def desired_state(self) -> JSONObject | None:
        """The DesiredState of a create, parsed anew at each reading; None for others."""
        document = parse(self._asked.desired_state) if self._asked.desired_state is not None else None
        return document if isinstance(document, dict) else None

    @property
    def patch_document(self) -> list[JSONValue] | None:
        """The PatchDocument of an update, parsed anew at each reading; None for others."""
        document = parse(self._asked.patch_document) if self._asked.patch_document is not None else None
        return document if isinstance(document, list) else None

    @property
    def events(self) -> tuple[ProgressEvent, ...]:
        """Every progress event so far; the first is the immediate answer."""
        return tuple(self._events)

    @property
    def last_event(self) -> ProgressEvent:
        """The event that GetResourceRequestStatus shows."""
        return self._events[-1]

    @property
    def status(self) -> OperationStatus:
        """Where it stands: the last event's status."""
        return self._events[-1].operation_status

    @property
    def error_code(self) -> HandlerErrorCode | None:
        """Why it failed, or None."""
        return self._events[-1].error_code

    @property
    def status_message(self) -> str | None:
        """The words about its failure, or None."""
        return self._events[-1].status_message

    @property
    def next_step_at(self) -> datetime | None:
        """When its next handler call is due; None when there will be none."""
        return self.call_at

    @property
    def cancel_at_step(self) -> int | None:
        """The handler call instead of which it will be cancelled."""
        rule = self.cancel_rule
        return rule.at_step if rule is not None and rule.is_armed else None

    @property
    def subject(self) -> Subject:
        """What plans, rules and callbacks tell it by."""
        return Subject(self.type_name, self.operation, self.identifier)

    @property
    def is_running(self) -> bool:
        """Whether it is still worked on: neither in a terminal status nor expired."""
        return not (self.expired or self.status.is_terminal)

    def step(self) -> ResourceRequest:
        """Make exactly one handler call, of this request only.

        The clock moves to the call's due time if that is later. Calls of other requests that came due on the way become
        overdue: they are made by the next movement of the clock, by ``cloudcontrol.step()`` or by their own ``step()``.
        A PENDING request is taken up and gets its first call.

        Raises:
            IllegalTransition: the request isn't running any more.
        """
        return self._runner.step(self)

    def run(self, max_steps: int | None = None) -> ResourceRequest:
        """Make handler calls until the request has come to a terminal status or has expired; it may have come already.

        Args:
            max_steps: how many at most; the option ``max_steps`` by default.

        Raises:
            StatusNotReached: so many were not enough.
            IllegalTransition: the request has expired.
        """
        return self._runner.run(self, max_steps)

    def run_until(self, status: OperationStatus | str, max_steps: int | None = None) -> ResourceRequest:
        """Make handler calls until the request has a status; it may have it already.

        Args:
            status: an OperationStatus or its string.
            max_steps: how many calls at most; the option ``max_steps`` by default.

        Raises:
            StatusNotReached: another terminal status came first, the request expired, or the calls were not enough.
            OptionError: there is no such status.
        """
        return self._runner.run_until(self, status, max_steps)

    def fail(self, error_code: HandlerErrorCode | str, message: str | None = None) -> ResourceRequest:
        """Let the request fail now. What its handler calls did stays.

        Args:
            error_code: a HandlerErrorCode or its string.
            message: the event's StatusMessage; words that fit the code by default.

        Raises:
            IllegalTransition: the request isn't running any more.
            OptionError: there is no such code.
        """
        return self._runner.fail(self, error_code, message)

    def cancel(self, at_step: int | None = None) -> ResourceRequest:
        """Cancel the request, as CancelResourceRequest does, now or later. What its handler calls did stays.

        Args:
            at_step: cancel instead of making that handler call, 1 being the first: ``at_step=3`` leaves what two
                calls did. None cancels now. If the call is never reached, the test fails at its end.

        Raises:
            IllegalTransition: the request has succeeded, failed or expired, or has made that call already.
            OptionError: at_step isn't a positive whole number.
        """
        return self._runner.cancel(self, at_step)

    def expire(self) -> ResourceRequest:
        """Let AWS forget the request, as it does seven days after acceptance, but this one only and now.

        Raises:
            IllegalTransition: it has expired already.
        """
        return self._runner.expire(self)

    def record(self, event: ProgressEvent) -> None:
        """Add an event, and with it the status it carries. For the runner and the registry.

        Raises:
            IllegalTransition: no such status can follow the present one.
        """
        before = self._events[-1].operation_status if self._events else None
        if self.expired or event.operation_status not in TRANSITIONS[before]:
            state = "it has expired" if self.expired else f"it is {before}, and {event.operation_status} can't follow"
            raise IllegalTransition(self, f"record {event.operation_status} of", state)
        self._events.append(event)
