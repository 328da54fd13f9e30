"""Calls to Cloud Control over HTTP: what comes as AWS's own front end would take it is answered by the backend."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exceptions import NoProgressError
from pytest_cloudcontrol.server.connections import Connections
from pytest_cloudcontrol.server.messages import Reply
from pytest_cloudcontrol.service.errors import NetworkError, ServiceError
from pytest_cloudcontrol.service.service import Answer
from pytest_cloudcontrol.service.unmodelled import SERIALIZATION, UNKNOWN_OPERATION, UNMODELLED
from pytest_cloudcontrol.transport.api_model import server_faults
from pytest_cloudcontrol.transport.wire import ENDPOINT_PREFIX, is_signed, scope_of, target_of, written

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.server.messages import Incoming

LARGEST: Final = 1024 * 1024
"""How many bytes the body of a call may have, and a document of the control API: but a state is as large as it is."""

_TARGET: Final = "cloudapiservice"
_CONTENT_TYPE: Final = "application/x-amz-json-1.0"
_SIGNED: Final = re.compile(ENDPOINT_PREFIX, re.IGNORECASE)
_PRESIGNED: Final = re.compile(rf"X-Amz-Credential=[^&]*{ENDPOINT_PREFIX}", re.IGNORECASE)
_RETRY: Final = re.compile(r"\battempt=([0-9]{1,9})")


class NoAnswer(Exception):
    """The network loses an answer, as a test has arranged it: the connection is closed instead."""


def is_call(incoming: Incoming) -> bool:
    """Whether a request means Cloud Control, however malformed it is: by its target, its signature, or its host."""
    target, host = incoming.get("X-Amz-Target") or "", incoming.get("Host") or ""
    return (
        _TARGET in target.lower()
        or _SIGNED.search(incoming.get("Authorization") or "") is not None
        or _PRESIGNED.search(incoming["QUERY_STRING"]) is not None
        or host.lower().startswith(ENDPOINT_PREFIX)
    )


class Calls:
    """Answers calls from one backend.

    Args:
        backend: the backend.
        loops_end: whether a loop over a connection ends that would never end.
    """

    def __init__(self, backend: Backend, *, loops_end: bool) -> None:
        self._backend = backend
        self._connections = Connections(loops_end=loops_end)

    def reply(self, incoming: Incoming) -> Reply:
        """Answer a call.

        Raises:
            NoAnswer: the test has arranged that there is none.
        """
        backend = self._backend
        try:
            _check(incoming)
            url = f"http://{incoming.get('Host') or ''}"
            answer = backend.answer(
                target_of(incoming),
                incoming.body(),
                scope_of(incoming, url, backend.accounts, backend.default_scope),
                is_retry=_is_retry(incoming),
                connection=self._connections.of(incoming),
            )
        except ServiceError as error:
            answer = self._refusal(error)
        except NoProgressError as error:
            backend.raised_elsewhere(error)
            answer = self._refusal(ServiceError(type(error).__name__, str(error)))
        except BaseException as error:  # of the test's own code: a callback, a handler
            backend.raised_elsewhere(error)
            answer = self._refusal(ServiceError("InternalFailure", f"{type(error).__name__}: {error}"))
        if isinstance(answer.error, NetworkError):
            raise NoAnswer
        status, headers, body = written(answer, server_faults())
        content_type = headers.pop("Content-Type")
        return Reply(status, content_type, body, tuple(headers.items()))

    def _refusal(self, error: ServiceError) -> Answer:
        with self._backend.clock.lock:
            return Answer(b"", error, self._backend.world.new_uuid(), self._backend.clock.now())


def _check(incoming: Incoming) -> None:
    """Refuse what never comes as far as the service.

    Raises:
        ServiceError: it is such.
    """
    if incoming.length > LARGEST:
        raise ServiceError("RequestEntityTooLargeException", f"The body of the call has more than {LARGEST} bytes")
    if incoming["REQUEST_METHOD"] != "POST" or incoming["PATH_INFO"] != "/":
        raise ServiceError(UNKNOWN_OPERATION, "Every operation of CloudApiService is a POST to /")
    authorization = incoming.get("Authorization")
    if authorization is None:
        missing = "MissingAuthenticationTokenException"
        raise ServiceError(missing, UNMODELLED[missing].words or "")
    if not is_signed(incoming):
        words = f"Authorization header requires 'Credential' parameter. Authorization={authorization}"
        raise ServiceError("IncompleteSignatureException", words)
    given = (incoming.get("Content-Type") or "").partition(";")[0].strip().lower()
    if given != _CONTENT_TYPE:
        raise ServiceError(SERIALIZATION, f"The Content-Type of the call is {given!r}, and not {_CONTENT_TYPE!r}")


def _is_retry(incoming: Incoming) -> bool:
    """Whether an SDK repeats the call by itself, as the newer ones say."""
    attempt = _RETRY.search(incoming.get("amz-sdk-request") or "")
    return attempt is not None and int(attempt[1]) > 1
