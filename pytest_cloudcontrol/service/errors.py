"""The errors that the service answers: their codes, their place in AWS's name spaces, and the words recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.vocabulary import HandlerErrorCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_cloudcontrol.handlers.protocol import HandlerError

VALIDATION: Final = "ValidationException"
SERIALIZATION: Final = "SerializationException"
UNKNOWN_OPERATION: Final = "UnknownOperationException"

_READ_ERRORS: Final = {
    # The read handler's code, and the exception that GetResource and ListResources answer for it. Where the API models
    # an exception of the code's name it is that one; these have none of just their name.
    HandlerErrorCode.ACCESS_DENIED: "AccessDeniedException",
    HandlerErrorCode.NOT_FOUND: "ResourceNotFoundException",
    HandlerErrorCode.INTERNAL_FAILURE: "HandlerInternalFailureException",
    HandlerErrorCode.GENERAL_SERVICE_EXCEPTION: "GeneralServiceException",
    HandlerErrorCode.SERVICE_TIMEOUT: "HandlerFailureException",
    HandlerErrorCode.UNAUTHORIZED_TAGGING_OPERATION: "HandlerFailureException",
}


class ServiceError(Exception, Portable):
    """A call is answered with an error.

    Attributes:
        code: the exception's name, without its name space.
        message: the words.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")


class ReadFailure(ServiceError):
    """A read handler has failed.

    Attributes:
        varying: the token in the words, which is another one every time.
    """

    def __init__(self, code: str, message: str, varying: str) -> None:
        super().__init__(code, message)
        self.varying = varying


def comparable(error: ServiceError) -> str:
    """Return an error as text, without what differs at every call: errors of the same text are the same answer."""
    text = str(error)
    return text.replace(error.varying, "") if isinstance(error, ReadFailure) else text


def validation(message: str) -> ServiceError:
    """Return a ValidationException, which the API doesn't model."""
    return ServiceError(VALIDATION, message)


def type_not_found(type_name: str) -> ServiceError:
    """Return the error for a type that doesn't exist (O-1)."""
    return ServiceError("TypeNotFoundException", f"The type '{type_name}' cannot be found.")


def request_token_not_found(request_token: str) -> ServiceError:
    """Return the error for a request token that is unknown (L-20) or has expired (L-24)."""
    return ServiceError("RequestTokenNotFoundException", f"Request with token {request_token} was not found")


def of_handler(type_name: str, error: HandlerError, request_token: str) -> ServiceError:
    """Return the error of a call in which the type's read handler failed.

    Args:
        type_name: the resource type.
        error: what the handler raised.
        request_token: a token for the message; it belongs to no request, as recorded (L-14).
    """
    code = _READ_ERRORS.get(error.error_code) or f"{error.error_code}Exception"
    words = f": {error.message}" if error.message else ""
    detail = f"(HandlerErrorCode: {error.error_code}, RequestToken: {request_token})"
    return ReadFailure(code, f"{type_name} Handler returned status FAILED{words} {detail}", request_token)  # O-23


_UNMODELLED: Final = (VALIDATION, "AccessDeniedException", "ThrottlingException")


def known_codes(modelled: Iterable[str]) -> list[str]:
    """Return the names of all errors that the service answers, given those that the API models."""
    return sorted({*modelled, *_UNMODELLED})


def answered_codes(modelled: Iterable[str]) -> list[str]:
    """Return the names of all errors that a call may have been answered with."""
    return sorted({*known_codes(modelled), SERIALIZATION, UNKNOWN_OPERATION, *_READ_ERRORS.values()})


def usual_message(code: str) -> str:
    """Return words for an error that a test has arranged without any."""
    return "Rate exceeded" if code == "ThrottlingException" else f"{code} (arranged by the test)"  # W-8
