"""What a resource handler is.

AWS works a request off by calling the type's handler until it answers SUCCESS or FAILED. One such call is one *step*.
A handler gets the same Work at every call of a request and leaves its progress there, as plain data: so a world can
be copied and written to a file at any moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Operation, Scope


@dataclass(slots=True)
class Work:
    """What a request asks of its type's handler, and how far the handler has come.

    Attributes:
        model: what the resource is to become: the desired state, or the patched model; empty for a delete.
        names: the top-level properties that the caller wants written, in the order the caller first touched them.
        identifier: the resource's primary identifier; None until a create has made it.
        steps: how many handler calls the whole takes.
        delay: the callback delay between two of them.
        calls: how many were made so far.
    """

    operation: Operation
    resource_type: ResourceType
    scope: Scope
    identifier: str | None
    model: JSONObject
    names: tuple[str, ...]
    steps: int
    delay: timedelta
    calls: int = 0


class Handler(Protocol):
    """Creates, updates, deletes and reads the resources of a type.

    Every method may raise HandlerError.
    """

    def call(self, work: Work, now: datetime, seed: str) -> timedelta | None:
        """Make one handler call.

        Args:
            work: what is asked, and the progress so far.
            now: the instant of the call.
            seed: the request's own; whatever the handler makes up is drawn from it.

        Returns:
            The delay after which to call again, or None when the work has succeeded.
        """
        ...

    def read(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Return the model of a resource, as the type's read handler shows it."""
        ...
