"""The contract of AWS's resource handlers, as far as one success of a test's own handler can breach it.

After a create or an update a read finds the resource, after a delete it doesn't; a create has made the primary
identifier, and nothing ever changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.handlers.veils import VeilingHandler
from pytest_cloudcontrol.handlers.written import WrittenHandler
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, HandlerOperation, Operation

if TYPE_CHECKING:
    from pytest_cloudcontrol.handlers.chosen import Handlers
    from pytest_cloudcontrol.requests.request import Request


class Contract:
    """Looks at what handlers have come to. Its reads are no API calls, and use up no rule."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self._problems = handlers.problems

    def check(self, request: Request) -> None:
        """Look at a success that is about to be recorded, without the lock: reading may run the test's own code."""
        handler = request.handler.handler if isinstance(request.handler, VeilingHandler) else request.handler
        if not isinstance(handler, WrittenHandler):
            return
        name = f"{handler.name(request.operation)} (request {request.request_token})"
        identifier_before = request.first_identifier  # of its events: made by an earlier call, or named by the caller
        if request.identifier is None:
            self._problems.tell(f"{name} has succeeded without setting request.identifier")
            return
        if identifier_before not in (None, request.identifier):
            changed = f"from {identifier_before!r} to {request.identifier!r}"
            self._problems.tell(f"{name} has changed the primary identifier {changed}: it never changes")
        if HandlerOperation.READ in request.handler_input.resource_type.handlers:
            self._check_read(request, name)

    def _check_read(self, request: Request, name: str) -> None:
        try:
            self._handlers.read(request.handler_input.resource_type, request.scope, request.identifier or "")
        except HandlerError as error:
            is_there = error.error_code is not HandlerErrorCode.NOT_FOUND
        else:
            is_there = True
        if request.operation is Operation.DELETE and is_there:
            self._problems.tell(f"{name} has succeeded, but a read still finds {request.identifier!r}")
        elif request.operation is not Operation.DELETE and not is_there:
            self._problems.tell(f"{name} has succeeded, but a read doesn't find {request.identifier!r}")
