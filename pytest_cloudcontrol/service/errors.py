"""The errors that the service answers, and the words recorded of them; unmodelled.py has those of the API's frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.service.unmodelled import THROTTLING, UNMODELLED, VALIDATION
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, NetworkFault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_cloudcontrol.handlers.protocol import HandlerError

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

_NETWORK_FAULTS: Final = frozenset(fault.value for fault in NetworkFault)


class ServiceError(Exception, Portable):
    """A call is answered with an error.

    Attributes:
        code: the exception's name, without its name space.
        message: the words.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}" if message else str(code))


class NetworkError(ServiceError):
    """A call gets no answer, because of what the network does. There are no words: those are the client library's.

    Attributes:
        code: the name of botocore's exception for it.
    """

    def __init__(self, fault: NetworkFault) -> None:
        super().__init__(fault, "")


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


def throttled() -> ServiceError:
    """Return the error of a call beyond what a rate limit allows (W-8)."""
    return arranged(THROTTLING, None)


def arranged(code: str, message: str | None) -> ServiceError:
    """Return an error that a test has arranged, in its usual words if it was given none."""
    if code in _NETWORK_FAULTS:
        return NetworkError(NetworkFault(code))
    return ServiceError(code, usual_message(code) if message is None else message)


def usual_message(code: str) -> str:
    """Return words for an error that a test has arranged without any."""
    known = UNMODELLED[code].words if code in UNMODELLED else None
    return f"{code} (arranged by the test)" if known is None else known


def known_codes(modelled: Iterable[str]) -> list[str]:
    """Return the names of all errors that a test may arrange, given those that the API models."""
    return sorted({*modelled, *UNMODELLED, *_NETWORK_FAULTS})


def answered_codes(modelled: Iterable[str]) -> list[str]:
    """Return the names of all errors that a call may have been answered with."""
    return sorted({*known_codes(modelled), *_READ_ERRORS.values()})
