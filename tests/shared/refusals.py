"""What is told to whom something is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

ERROR_CODES: Final = (
    "AccessDeniedException, AlreadyExistsException, ClientTokenConflictException, ConcurrentModificationException, "
    "ConcurrentOperationException, ConnectTimeoutError, ConnectionClosedError, EndpointConnectionError, "
    "ExpiredTokenException, GeneralServiceException, HandlerFailureException, HandlerInternalFailureException, "
    "IncompleteSignatureException, InternalFailure, InvalidCredentialsException, InvalidRequestException, "
    "InvalidSignatureException, MissingAuthenticationTokenException, NetworkFailureException, NotAuthorized, "
    "NotStabilizedException, NotUpdatableException, OptInRequired, PrivateTypeException, ReadTimeoutError, "
    "RequestEntityTooLargeException, RequestExpired, RequestTimeoutException, RequestTokenNotFoundException, "
    "ResourceConflictException, ResourceNotFoundException, SerializationException, ServiceInternalErrorException, "
    "ServiceLimitExceededException, ServiceUnavailable, ThrottlingException, TypeNotFoundException, "
    "UnknownOperationException, UnrecognizedClientException, UnsupportedActionException, ValidationException"
)
"""The codes that ``add_error`` takes, as its errors list them."""


def already_active(holder: str) -> str:
    """Return what is told to who wants a second mock, given who holds the first."""
    return (
        f"a mocked Cloud Control is active already, by {holder}, and two can't be at once: use the one there is "
        "(the fixture `cloudcontrol`, or what `with mock_cloudcontrol() as cloudcontrol` gave), "
        "cloudcontrol.scope() for another account or region, or cloudcontrol.reset() to begin anew"
    )


class Refusal(NamedTuple):
    """What a refused call was told."""

    code: str
    message: str
    http_status: int


def refusal(call: Callable[..., object], **members: object) -> Refusal:
    """Make a call that is refused, and return what it was told."""
    with pytest.raises(ClientError) as caught:
        call(**members)
    response = caught.value.response
    return Refusal(
        response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]
    )


def hidden(keyword: str, pointer: str = "") -> str:
    """Return the line of a keyword whose words AWS doesn't show."""
    return f"#{pointer}: failed validation constraint for keyword [{keyword}]"
