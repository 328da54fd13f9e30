"""What a request shows of itself: what was asked, and where it stands. Reading changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pytest_cloudcontrol.documents import parse

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.requests.request import ProgressEvent, Request
    from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation, OperationStatus, Scope


class Reading:
    """What a test reads of a request; a part of ResourceRequest."""

    __slots__ = ("_request",)

    def __init__(self, request: Request) -> None:
        self._request = request

    def __repr__(self) -> str:
        return (
            f"<ResourceRequest {self.operation} {self.type_name} {self.identifier or '(no identifier yet)'} "
            f"{self.status}{' expired' if self.expired else ''} steps={self.steps} {self.request_token}>"
        )

    # ------------------------------------------------------------------ what was asked

    @property
    def request_token(self) -> str:
        """The token that the API's answer carried."""
        return self._request.request_token

    @property
    def type_name(self) -> str:
        """The resource type."""
        return self._request.type_name

    @property
    def operation(self) -> Operation:
        """CREATE, UPDATE or DELETE."""
        return self._request.operation

    @property
    def scope(self) -> Scope:
        """The account and region it was made in, as a pair."""
        return self._request.scope

    @property
    def account_id(self) -> str:
        """The account it was made in."""
        return self.scope.account_id

    @property
    def region(self) -> str:
        """The region it was made in."""
        return self.scope.region

    @property
    def client_token(self) -> str | None:
        """The ClientToken that the caller, or botocore for it, gave; None if there was none."""
        return self._request.client_token

    @property
    def role_arn(self) -> str | None:
        """The RoleArn given, or None."""
        return self._request.input.role_arn

    @property
    def type_version_id(self) -> str | None:
        """The TypeVersionId given, or None."""
        return self._request.input.type_version_id

    @property
    def desired_state(self) -> JSONObject | None:
        """The DesiredState of a create, parsed anew at each reading; None for others."""
        given = self._request.input.desired_state
        document = parse(given) if given is not None else None
        return document if isinstance(document, dict) else None

    @property
    def patch_document(self) -> list[JSONValue] | None:
        """The PatchDocument of an update, parsed anew at each reading; None for others."""
        given = self._request.input.patch_document
        document = parse(given) if given is not None else None
        return document if isinstance(document, list) else None

    # ------------------------------------------------------------------ where it stands

    @property
    def accepted_at(self) -> datetime:
        """When it was accepted, on the mock clock."""
        return self._request.accepted_at

    @property
    def order(self) -> int:
        """Its place among all requests, from 1."""
        return self._request.order

    @property
    def identifier(self) -> str | None:
        """The resource's primary identifier; None as long as the service hasn't made one."""
        return self._request.identifier

    @property
    def events(self) -> tuple[ProgressEvent, ...]:
        """Every progress event so far; the first is the immediate answer."""
        return tuple(self._request.events)

    @property
    def last_event(self) -> ProgressEvent:
        """The event that GetResourceRequestStatus shows."""
        return self._request.last_event

    @property
    def status(self) -> OperationStatus:
        """Where it stands: the last event's status."""
        return self._request.status

    @property
    def error_code(self) -> HandlerErrorCode | None:
        """Why it failed, or None."""
        return self._request.last_event.error_code

    @property
    def status_message(self) -> str | None:
        """The words about its failure, or None."""
        return self._request.last_event.status_message

    @property
    def handler_error(self) -> BaseException | None:
        """What a handler of the test's own raised that isn't HandlerError; None if it didn't."""
        return self._request.handler_error

    @property
    def steps(self) -> int:
        """How many handler calls were made so far."""
        return self._request.steps

    @property
    def next_step_at(self) -> datetime | None:
        """When its next handler call is due; None when there will be none."""
        return self._request.step_at

    @property
    def cancel_at_step(self) -> int | Literal["end"] | None:
        """Instead of which handler call ``cancel(at_step=...)`` will cancel it; None if none is arranged."""
        return self._request.cancel_at_step

    @property
    def expired(self) -> bool:
        """Whether AWS has forgotten it. Its status keeps the last value."""
        return self._request.expired

    @property
    def is_running(self) -> bool:
        """Whether it is still worked on: neither in a terminal status nor expired."""
        return self._request.is_running
