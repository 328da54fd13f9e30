"""One resource request: what was asked, every progress event so far, and the transitions it knows. Data only.

The status is the last event's, and ``record`` is the only way to add one. It follows TRANSITIONS, so a request can't
be in a state, or come into it by a way, that AWS doesn't know.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.documents import parsed_object
from pytest_cloudcontrol.vocabulary import CANCELLED, TERMINAL, HookStatus, OperationStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.decisions.faults import Cancel, Failure, StepNumber
    from pytest_cloudcontrol.decisions.limits import ConcurrencyLimit
    from pytest_cloudcontrol.decisions.plans import Pace
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.hooks import Invocation
    from pytest_cloudcontrol.handlers.protocol import Handler, HandlerInput
    from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation, Scope

_TO_RUN: Final = frozenset({HookStatus.PENDING, HookStatus.IN_PROGRESS})

_END: Final = TERMINAL - CANCELLED

TRANSITIONS: Final[Mapping[OperationStatus | None, frozenset[OperationStatus]]] = MappingProxyType(
    {
        None: frozenset({OperationStatus.PENDING, OperationStatus.IN_PROGRESS}),
        # Only these two can be cancelled (AWS's guide, L-16); a PENDING request's first handler call may end it.
        OperationStatus.PENDING: frozenset({OperationStatus.IN_PROGRESS}) | _END | CANCELLED,
        OperationStatus.IN_PROGRESS: frozenset({OperationStatus.IN_PROGRESS}) | _END | CANCELLED,
        # A handler call that is under way when the cancel comes may be the one that succeeds or fails.
        OperationStatus.CANCEL_IN_PROGRESS: frozenset({OperationStatus.CANCEL_COMPLETE}) | _END,
        **dict.fromkeys(TERMINAL, frozenset()),
    }
)
"""Which statuses may follow which; None is before the first event."""


NO_CAUSES: Final[Mapping[int, str]] = MappingProxyType({})


class RequestInput(NamedTuple):
    """What the caller asked, member by member as the API has them; two calls asked the same when these are equal.

    They also say which of the three operations it was: only a create has a desired state, only an update a patch.
    """

    type_name: str
    identifier: str | None
    desired_state: str | None
    patch_document: str | None
    type_version_id: str | None
    role_arn: str | None
    client_token: str | None


class ProgressEvent(NamedTuple):
    """Where a request stood at one instant: the API's ProgressEvent.

    Attributes:
        operation_status: the status since then.
        event_time: the instant.
        identifier: the resource's primary identifier, as far as it was known.
        model_text: the resource model as JSON text: in the immediate answer of an update, and of what a handler shows.
        status_message: words about a failure.
        error_code: why the handler failed.
        retry_after: when the handler is called again; only after a call that leaves the request IN_PROGRESS.
    """

    operation_status: OperationStatus
    event_time: datetime
    identifier: str | None = None
    model_text: str | None = None
    status_message: str | None = None
    error_code: HandlerErrorCode | None = None
    retry_after: datetime | None = None

    @property
    def resource_model(self) -> JSONObject | None:
        """The resource model, parsed anew at each reading; None if the event has none."""
        return None if self.model_text is None else parsed_object(self.model_text)


class Remark(NamedTuple):
    """What happened to a request beside its events, for its timeline.

    Attributes:
        at: the instant.
        words: what happened.
        after: how many events the request had by then.
    """

    at: datetime
    words: str
    after: int


class UnderWay(NamedTuple):
    """A handler call that has begun.

    Attributes:
        failure: the rule by which it will fail; None if the handler is to work.
        takes_time: whether it ends later than it began.
        has_worked: whether the handler has done all, and only its success is still to be recorded.
    """

    failure: Failure | None
    takes_time: bool
    has_worked: bool


class Request:
    """The state of one request. What a test holds of it is a ResourceRequest (controls/request.py).

    Attributes:
        request_token: the token that the API's answer carried.
        operation: CREATE, UPDATE or DELETE.
        type_name: the resource type.
        scope: the account and region it belongs to.
        order: its place among all requests, from 1.
        input: what the caller asked.
        handler_input: what its handler is asked, and how far that has come.
        handler: what works on it.
        handler_error: what the handler's code raised, if that wasn't HandlerError.
        under_way: the handler call that has begun and not ended yet.
        hooks: the invocations of hooks before its first handler call, in their order.
        hooks_request_token: the token of these.
        events: every progress event so far; the first is the immediate answer.
        expired: whether AWS has forgotten it. Its status keeps the last value.
        cancel_rule: the test's own ``cancel(at_step=...)``.
        pace: how long it takes, by the plans it was accepted under.
        held_back_by: the limits that are full, as long as it waits for others to end.
        take_up_at: when it is taken up, as long as it is PENDING for a time.
        deadline: when its handler must have ended; None if that doesn't matter.
        step_at: when its next handler call is due; None when there will be none.
        most_steps: how many handler calls it may have in all; one more ends whatever makes it.
        remarks: what happened to it beside its events.
        causes: what has made an event so, by the event's place from 1, where it wasn't the handler.
    """

    __slots__ = (
        "cancel_rule",
        "causes",
        "deadline",
        "events",
        "expired",
        "handler",
        "handler_error",
        "handler_input",
        "held_back_by",
        "hooks",
        "hooks_request_token",
        "input",
        "most_steps",
        "operation",
        "order",
        "pace",
        "remarks",
        "request_token",
        "scope",
        "step_at",
        "take_up_at",
        "type_name",
        "under_way",
    )

    def __init__(
        self,
        request_token: str,
        order: int,
        given: RequestInput,
        handler_input: HandlerInput,
        handler: Handler,
        pace: Pace,
        most_steps: int,
    ) -> None:
        self.request_token = request_token
        # These three never change, and are asked for at every turn.
        self.operation: Operation = handler_input.operation
        self.type_name = given.type_name
        self.scope: Scope = handler_input.scope
        self.order = order
        self.input = given
        self.handler_input = handler_input
        self.handler = handler
        self.handler_error: BaseException | None = None
        self.under_way: UnderWay | None = None
        self.hooks: Sequence[Invocation] = ()
        self.hooks_request_token: str | None = None
        self.events: list[ProgressEvent] = []
        self.expired = False
        self.cancel_rule: Cancel | None = None
        self.pace = pace
        self.held_back_by: tuple[ConcurrencyLimit, ...] = ()
        self.take_up_at: datetime | None = None
        self.deadline: datetime | None = None
        self.step_at: datetime | None = None
        self.most_steps = most_steps
        self.remarks: tuple[Remark, ...] = ()
        self.causes: Mapping[int, str] = NO_CAUSES

    @property
    def client_token(self) -> str | None:
        """The ClientToken that the caller, or botocore for it, gave; None if there was none (W-10)."""
        return self.input.client_token

    @property
    def identifier(self) -> str | None:
        """The resource's primary identifier; None as long as the service hasn't made one."""
        return self.handler_input.identifier

    @property
    def first_identifier(self) -> str | None:
        """The identifier that its first event with one had."""
        return next((event.identifier for event in self.events if event.identifier is not None), None)

    @property
    def next_hook(self) -> Invocation | None:
        """The invocation that is to end next; None if no hook is left to run."""
        return next((hook for hook in self.hooks if hook.status in _TO_RUN), None) if self.hooks else None

    @property
    def steps(self) -> int:
        """How many handler calls were made so far."""
        return self.handler_input.step_number

    @property
    def accepted_at(self) -> datetime:
        """When it was accepted: the instant of the immediate answer."""
        return self.events[0].event_time

    @property
    def last_event(self) -> ProgressEvent:
        """The event that GetResourceRequestStatus shows."""
        return self.events[-1]

    @property
    def status(self) -> OperationStatus:
        """Where it stands: the last event's status."""
        return self.events[-1].operation_status

    @property
    def is_running(self) -> bool:
        """Whether it is still worked on: neither in a terminal status nor expired."""
        return not (self.expired or self.status.is_terminal)

    @property
    def is_under_way(self) -> bool:
        """Whether a handler call has begun that takes time, and hasn't ended yet."""
        return self.under_way is not None and self.under_way.takes_time

    @property
    def cancel_at_step(self) -> StepNumber | None:
        """The handler call instead of which it will be cancelled."""
        rule = self.cancel_rule
        return rule.at_step if rule is not None and rule.is_armed else None

    def record(self, event: ProgressEvent) -> None:
        """Add an event, and with it the status it carries. For the registry, which keeps every way to find it right.

        Raises:
            RuntimeError: no such status can follow the present one. That would be a mistake of this package.
        """
        before = self.events[-1].operation_status if self.events else None
        if self.expired or event.operation_status not in TRANSITIONS[before]:
            state = "has expired" if self.expired else f"is {before}"
            raise RuntimeError(f"request {self.request_token} {state}: {event.operation_status} can't follow")
        self.events.append(event)
