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
    from datetime import timedelta

    from pytest_cloudcontrol.handlers.chosen import Handlers
    from pytest_cloudcontrol.requests.request import Request


class Contract:
    """Looks at what handlers have come to. Its reads are no API calls, and use up no rule."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self._problems = handlers.problems

    def check(self, request: Request) -> None:
        """Look at a success that is about to be recorded, without the lock: reading may run the test's own code."""
        handler = _written(request)
        if handler is None:
            return
        name = _name(handler, request)
        identifier_before = request.first_identifier  # of its events: made by an earlier call, or named by the caller
        if request.identifier is None:
            self._problems.tell(f"{name} has succeeded without setting request.identifier")
            return
        if identifier_before not in (None, request.identifier):
            changed = f"from {identifier_before!r} to {request.identifier!r}"
            self._problems.tell(f"{name} has changed the primary identifier {changed}: it never changes")
        if HandlerOperation.READ in request.handler_input.resource_type.handlers:
            self._check_read(request, name)

    def check_call(self, request: Request, takes: timedelta) -> None:
        """Look at how long a call takes on the mock clock, by a plan or since its code waits."""
        handler = _written(request)
        if handler is not None:
            handler.check_time(request.operation, takes, f" (request {request.request_token})")

    def check_time_out(self, request: Request) -> None:
        """Look at a request that its time-out has ended."""
        handler = _written(request)
        if handler is not None and handler.has_time_out and not handler.may_raise:
            minutes = request.handler_input.resource_type.timeout(request.operation).total_seconds() / 60
            limit = f"the {minutes:g} minutes that the type's schema gives it"
            way_out = "return FAILED before, or let timeoutInMinutes be longer"
            self._problems.tell(f"{_name(handler, request)} hasn't ended in {limit}: {way_out}")

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


def _written(request: Request) -> WrittenHandler | None:
    handler = request.handler.handler if isinstance(request.handler, VeilingHandler) else request.handler
    return handler if isinstance(handler, WrittenHandler) else None


def _name(handler: WrittenHandler, request: Request) -> str:
    return f"{handler.name(request.operation)} (request {request.request_token})"
