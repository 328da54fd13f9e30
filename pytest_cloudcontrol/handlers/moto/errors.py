"""What AWS's handlers make of the errors of the services that they call: one of the 16 handler error codes."""

from __future__ import annotations

import re
from typing import Final

from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation

_CODES: Final = (
    (
        r"AlreadyExists|AlreadyOwnedByYou|AlreadyInUse|EntityAlreadyExists|ResourceExists|Duplicate|NameExists",
        HandlerErrorCode.ALREADY_EXISTS,
    ),
    (r"NotFound|NoSuch|NonExistent|DoesNotExist|DoesntExist", HandlerErrorCode.NOT_FOUND),
    (r"LimitExceeded|TooMany|QuotaExceeded|ExceedsLimit", HandlerErrorCode.SERVICE_LIMIT_EXCEEDED),
    (r"AccessDenied|UnauthorizedOperation|NotAuthorized", HandlerErrorCode.ACCESS_DENIED),
    (r"Throttl|RequestLimit|SlowDown", HandlerErrorCode.THROTTLING),
    (r"InUse|Conflict|DependencyViolation|NotEmpty|OperationAborted", HandlerErrorCode.RESOURCE_CONFLICT),
    (
        r"Invalid|Validation|Malformed|Missing|Unsupported|BadRequest|ParamValidation|OutOfRange|IncorrectState",
        HandlerErrorCode.INVALID_REQUEST,
    ),
    (r"InternalFailure|InternalError|ServiceUnavailable", HandlerErrorCode.SERVICE_INTERNAL_ERROR),
)
"""Parts of a service's error codes, the first that fits."""

_TAKEN_AT_CREATE: Final = re.compile("InUse|Conflict")
"""What DynamoDB, Kinesis and Lambda say where AWS's handlers say that the resource exists."""


def handler_error_code(code: str, operation: Operation | None) -> HandlerErrorCode:
    """Return the handler's error code for a service's.

    Args:
        code: the service's, such as ``NoSuchBucket``.
        operation: what the handler is doing; None is reading.
    """
    if operation is Operation.CREATE and _TAKEN_AT_CREATE.search(code):
        return HandlerErrorCode.ALREADY_EXISTS
    found = (handler_code for part, handler_code in _CODES if re.search(part, code))
    return next(found, HandlerErrorCode.GENERAL_SERVICE_EXCEPTION)
