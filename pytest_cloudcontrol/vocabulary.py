"""The words of Cloud Control API that tests and this package share; each is its own string, as the API writes it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Word(StrEnum):
    """A word of the API. It is shown as the text that it is, so that a failing comparison reads like one of texts."""

    def __repr__(self) -> str:
        return repr(self.value)


class Api(Word):
    """The eight operations of the API."""

    CANCEL_RESOURCE_REQUEST = "CancelResourceRequest"
    CREATE_RESOURCE = "CreateResource"
    DELETE_RESOURCE = "DeleteResource"
    GET_RESOURCE = "GetResource"
    GET_RESOURCE_REQUEST_STATUS = "GetResourceRequestStatus"
    LIST_RESOURCE_REQUESTS = "ListResourceRequests"
    LIST_RESOURCES = "ListResources"
    UPDATE_RESOURCE = "UpdateResource"


class Operation(Word):
    """What a resource request does to its resource."""

    CREATE = "CREATE"
    DELETE = "DELETE"
    UPDATE = "UPDATE"


class HandlerOperation(Word):
    """What a resource handler is called for. The first three make requests, the others answer at once."""

    CREATE = "CREATE"
    DELETE = "DELETE"
    UPDATE = "UPDATE"
    READ = "READ"
    LIST = "LIST"


class OperationStatus(Word):
    """Where a resource request stands. SUCCESS, FAILED and CANCEL_COMPLETE are terminal."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    CANCEL_IN_PROGRESS = "CANCEL_IN_PROGRESS"
    CANCEL_COMPLETE = "CANCEL_COMPLETE"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more will happen to a request of this status."""
        return self in TERMINAL


class HookStatus(Word):
    """How far a hook's invocation has come."""

    PENDING = "HOOK_PENDING"
    IN_PROGRESS = "HOOK_IN_PROGRESS"
    COMPLETE_SUCCEEDED = "HOOK_COMPLETE_SUCCEEDED"
    COMPLETE_FAILED = "HOOK_COMPLETE_FAILED"
    FAILED = "HOOK_FAILED"

    @property
    def is_failure(self) -> bool:
        """Whether it has ended otherwise than well."""
        return self in (HookStatus.COMPLETE_FAILED, HookStatus.FAILED)


class HookFailureMode(Word):
    """What a hook's failure means to the request: its end, or nothing but a warning."""

    FAIL = "FAIL"
    WARN = "WARN"


TERMINAL: Final = frozenset({OperationStatus.SUCCESS, OperationStatus.FAILED, OperationStatus.CANCEL_COMPLETE})  # L-3
CANCELLED: Final = frozenset({OperationStatus.CANCEL_IN_PROGRESS, OperationStatus.CANCEL_COMPLETE})


class HandlerErrorCode(Word):
    """Why a resource handler failed: the ErrorCode of a FAILED progress event."""

    NOT_UPDATABLE = "NotUpdatable"
    INVALID_REQUEST = "InvalidRequest"
    ACCESS_DENIED = "AccessDenied"
    UNAUTHORIZED_TAGGING_OPERATION = "UnauthorizedTaggingOperation"
    INVALID_CREDENTIALS = "InvalidCredentials"
    ALREADY_EXISTS = "AlreadyExists"
    NOT_FOUND = "NotFound"
    RESOURCE_CONFLICT = "ResourceConflict"
    THROTTLING = "Throttling"
    SERVICE_LIMIT_EXCEEDED = "ServiceLimitExceeded"
    NOT_STABILIZED = "NotStabilized"
    GENERAL_SERVICE_EXCEPTION = "GeneralServiceException"
    SERVICE_INTERNAL_ERROR = "ServiceInternalError"
    SERVICE_TIMEOUT = "ServiceTimeout"
    NETWORK_FAILURE = "NetworkFailure"
    INTERNAL_FAILURE = "InternalFailure"


class NetworkFault(Word):
    """What the network may do to a call, by the names of botocore's exceptions."""

    CONNECT_TIMEOUT = "ConnectTimeoutError"
    CONNECTION_CLOSED = "ConnectionClosedError"
    ENDPOINT_CONNECTION = "EndpointConnectionError"
    READ_TIMEOUT = "ReadTimeoutError"

    @property
    def is_before_sending(self) -> bool:
        """Whether no connection was made, so that the call can't have been carried out."""
        return self in {NetworkFault.CONNECT_TIMEOUT, NetworkFault.ENDPOINT_CONNECTION}


class Scope(NamedTuple):
    """An account in a region: resources, requests and client tokens of one are unknown to every other."""

    account_id: str
    region: str
