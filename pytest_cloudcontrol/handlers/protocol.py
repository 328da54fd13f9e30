"""What a resource handler is.

AWS works a request off by calling the type's handler until it answers SUCCESS or FAILED. One such call is one *step*.
A handler gets the same HandlerRequest at every call of a request and leaves its progress there, as plain data: so a
world can be copied and written to a file at any moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from pytest_cloudcontrol.arguments import word
from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.vocabulary import HandlerErrorCode

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Operation, Scope


class HandlerError(Exception, Portable):
    """A resource handler fails: the request ends as FAILED, or a read answers the exception of the code's name.

    Attributes:
        error_code: one of HandlerErrorCode.
        message: the event's StatusMessage.
    """

    def __init__(self, error_code: str, message: str) -> None:
        self.error_code = word(HandlerErrorCode, error_code, "error_code")
        self.message = message
        super().__init__(f"{self.error_code}: {message}")


@dataclass(slots=True, eq=False)
class HandlerRequest:
    """What a request asks of its type's handler, and how far the handler has come.

    Attributes:
        operation: CREATE, UPDATE or DELETE.
        resource_type: the type of the resource.
        scope: the account and region.
        identifier: the resource's primary identifier; None until a create has made it.
        desired_state: what the resource is to become: for an update the patched model, for a delete nothing.
        properties: the top-level properties that the caller wants written, in the order the caller first touched them.
        planned_steps: how many handler calls the whole takes, by the plans it was accepted under.
        delay: the callback delay between two of them.
        step_number: the number of the handler call that is made now, or was made last: 0 before the first.
    """

    operation: Operation
    resource_type: ResourceType
    scope: Scope
    identifier: str | None
    desired_state: JSONObject
    properties: tuple[str, ...]
    planned_steps: int = 1
    delay: timedelta = timedelta(0)
    step_number: int = 0

    @property
    def type_name(self) -> str:
        """The resource type's name."""
        return self.resource_type.type_name

    def forget_state(self) -> None:
        """Let go of what was to be made: nothing more will be."""
        self.desired_state, self.properties = {}, ()


class Handler(Protocol):
    """Creates, updates, deletes and reads the resources of a type.

    Every method may raise HandlerError.
    """

    @property
    def runs_unlocked(self) -> bool:
        """Whether ``call`` runs code that may itself call Cloud Control, from any thread; then no lock is held.

        Otherwise the whole step is one change: nobody sees a resource without the event that tells of it.
        """
        ...

    def call(self, request: HandlerRequest, now: datetime, seed: str) -> timedelta | None:
        """Make one handler call.

        Args:
            request: what is asked, and the progress so far.
            now: the instant of the call.
            seed: the request's own; whatever the handler makes up is drawn from it.

        Returns:
            The delay after which to call again, or None when the work has succeeded.
        """
        ...

    def read(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Return the model of a resource, as the type's read handler shows it."""
        ...
