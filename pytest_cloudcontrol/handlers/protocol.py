"""What a resource handler is.

AWS works a request off by calling the type's handler until it answers SUCCESS or FAILED. One such call is one *step*.
A handler gets the same HandlerInput at every call of a request. The default one leaves its progress there, as plain
data, so that a world can be copied and written to a file at any moment; one that a test has written (written.py) is a
generator, suspended between two calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_cloudcontrol.arguments import text, word
from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.vocabulary import HandlerErrorCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pytest_cloudcontrol.clock import Unlocked
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import HandlerOperation, Operation, Scope


class HandlerError(Exception, Portable):
    """A resource handler fails: the request ends as FAILED, or a read answers the exception of the code's name.

    Attributes:
        error_code: one of HandlerErrorCode.
        message: the event's StatusMessage; words that fit the code for None, and no member at all if it is empty.
    """

    def __init__(self, error_code: HandlerErrorCode | str, message: str | None = None) -> None:
        self.error_code = word(HandlerErrorCode, error_code, "error_code")
        self.message = None if message is None else text(message, "message")
        super().__init__(f"{self.error_code}: {message}" if message else self.error_code.value)


class HandlerBroke(HandlerError):
    """The code of a handler raised something else than HandlerError, or did what no handler may.

    Attributes:
        error: what it raised.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(HandlerErrorCode.INTERNAL_FAILURE, "")  # AWS has sent no words with it (L-10)
        self.error = error


@dataclass(slots=True, eq=False)
class HandlerInput:
    """What a request asks of its type's handler, and how far the handler has come.

    Attributes:
        operation: CREATE, UPDATE or DELETE.
        resource_type: the type of the resource.
        scope: the account and region.
        identifier: the resource's primary identifier; None until a create has made it.
        desired_state: what the resource is to become: for an update the patched model, for a delete nothing.
        properties: the top-level properties that the caller wants written, in the order the caller first touched them.
        previous_state: what the resource was, for a handler of the test's own.
        request_token: the request's token.
        role_arn: the caller's RoleArn, or None.
        client_token: the caller's ClientToken, or None.
        planned_steps: how many handler calls the whole takes, by the plans it was accepted under.
        first_delay: the time before the first one.
        delay: the callback delay between two of them.
        delays: these delays one by one, where they aren't the same.
        step_time: how long one of them takes.
        step_number: the number of the handler call that is made now, or was made last: 0 before the first.
        worked: how many calls of the default handler have done their part.
        made: the identifier of what the default handler has made, which copies of this share.
        resource_model: what the request's next events show as the resource's model, for a handler of the test's own.
        has_time_out: whether the time-out in the type's schema ends the request, whatever the test has arranged.
    """

    operation: Operation
    resource_type: ResourceType
    scope: Scope
    identifier: str | None
    desired_state: JSONObject
    properties: tuple[str, ...]
    previous_state: JSONObject | None = None
    request_token: str = ""
    role_arn: str | None = None
    client_token: str | None = None
    planned_steps: int = 1
    first_delay: timedelta = timedelta(0)
    delay: timedelta = timedelta(0)
    delays: tuple[timedelta, ...] = ()
    step_time: timedelta = timedelta(0)
    step_number: int = 0
    worked: int = 0
    made: list[str] = field(default_factory=list)
    resource_model: JSONObject | None = None
    has_time_out: bool = False

    @property
    def type_name(self) -> str:
        """The resource type's name."""
        return self.resource_type.type_name

    @property
    def next_delay(self) -> timedelta:
        """The delay after the default handler's latest call."""
        return self.delays[self.worked - 1] if self.delays else self.delay

    def forget_state(self) -> None:
        """Let go of what was to be made: nothing more will be."""
        self.desired_state, self.properties, self.previous_state, self.resource_model = {}, (), None, None


class ReadInput(NamedTuple):
    """What a read or a list asks of its type's handler.

    Attributes:
        operation: READ or LIST.
        resource_type: the type of the resource.
        scope: the account and region.
        identifier: the resource's primary identifier; None for a list.
        desired_state: the properties that the identifier says, or the list's ResourceModel.
        next_token: where a list goes on that pages itself; None at its beginning.
    """

    operation: HandlerOperation
    resource_type: ResourceType
    scope: Scope
    identifier: str | None
    desired_state: JSONObject
    next_token: str | None = None

    @property
    def type_name(self) -> str:
        """The resource type's name."""
        return self.resource_type.type_name


class Listed(NamedTuple):
    """A resource that a list handler has found.

    Attributes:
        identifier: its primary identifier.
        model: what the handler shows of it; None if it is to be read.
    """

    identifier: str
    model: JSONObject | None


class Listing(NamedTuple):
    """What a list handler has found.

    Attributes:
        found: the resources: all, or a page of a handler that pages itself.
        is_page: whether it is such a page.
        next_token: where that handler goes on; None at its end.
    """

    found: Sequence[Listed]
    is_page: bool = False
    next_token: str | None = None


class Handler(Protocol):
    """Works off the requests of a type; a call of it may raise HandlerError."""

    @property
    def runs_unlocked(self) -> bool:
        """Whether it runs code that may itself call Cloud Control, from any thread; then no lock is held.

        Otherwise the whole step is one change: nobody sees a resource without the event that tells of it.
        """
        ...

    def call(self, given: HandlerInput, now: datetime, seed: str) -> timedelta | None:
        """Make one handler call.

        Args:
            given: what is asked, and the progress so far.
            now: the instant of the call.
            seed: the request's own; whatever the handler makes up is drawn from it.

        Returns:
            The delay after which to call again, or None when the work has succeeded.
        """
        ...

    def close(self, given: HandlerInput) -> Unlocked:
        """Let go of what the calls of a request have left open; return what is to be done for it without the lock."""
        ...

    def place(self, given: HandlerInput) -> str | None:
        """Return where the code of a handler stands between two calls of a request; None if it stands nowhere."""
        ...
