"""Catches botocore's calls to Cloud Control, and lets every other call pass.

The place is ``botocore.endpoint.Endpoint``, in the class: so clients and sessions made before, inside and after, custom
endpoints and every partition's hosts are caught, in any thread, with and without moto. The original method goes on
doing its work (events, parsing, history); it only sees an endpoint whose ``_send`` asks the backend. A Stubber answers
earlier, and so it wins, as it does against AWS.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

import botocore.endpoint
import botocore.exceptions
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError

from pytest_cloudcontrol.service.errors import NetworkError
from pytest_cloudcontrol.transport.api_model import server_faults
from pytest_cloudcontrol.transport.processes import NotInThisProcess
from pytest_cloudcontrol.transport.wire import ENDPOINT_PREFIX, scope_of, target_of, written
from pytest_cloudcontrol.vocabulary import NetworkFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.awsrequest import AWSPreparedRequest
    from botocore.endpoint import Endpoint
    from botocore.exceptions import BotoCoreError
    from botocore.hooks import BaseEventHooks
    from botocore.model import OperationModel

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches
    from pytest_cloudcontrol.transport.wire import Response
    from pytest_cloudcontrol.vocabulary import Scope


def put_in(patches: Patches, backend: Backend) -> None:
    """Answer calls to Cloud Control."""

    def answering(original: Method) -> Method:
        def do_get_response(
            endpoint: Endpoint | MockedEndpoint,
            request: AWSPreparedRequest,
            operation_model: OperationModel,
            context: Context,
        ) -> object:
            is_mocked = patches.are_in and operation_model.service_model.endpoint_prefix == ENDPOINT_PREFIX
            if not is_mocked or isinstance(endpoint, MockedEndpoint):  # by the mock of a forked process, over this one
                return original(endpoint, request, operation_model, context)
            if backend.is_elsewhere:
                raise NotInThisProcess
            return original(MockedEndpoint(endpoint, backend, context), request, operation_model, context)

        return do_get_response

    patches.replace(botocore.endpoint.Endpoint, "_do_get_response", answering)


class Context(Protocol):
    """What botocore knows of a call besides the request."""

    def get(self, name: str, /) -> Mapping[str, object] | None:
        """Return one part of it."""
        ...


class Body:
    """The body of an answer, as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        """Yield the whole body."""
        yield self._content


class EmitterWithoutMoto:
    """A client's events, without what moto answers for a service that it doesn't have: 404."""

    def __init__(self, emitter: BaseEventHooks) -> None:
        self._emitter = emitter


class MockedEmitter(EmitterWithoutMoto):
    """Those of a client of botocore's."""

    def emit(self, event_name: str, **named: object) -> list[tuple[object, object]]:
        """Emit an event, and return what its handlers answered."""
        answers: list[tuple[object, object]] = self._emitter.emit(event_name, **named)
        return [answer for answer in answers if not is_of_moto(answer[0])]


class EndpointView:
    """An endpoint as the original method sees it: the same, but for what it sends to and whom it tells first.

    Args:
        endpoint: the endpoint.
        backend: what answers.
        context: what botocore knows of the call.

    Attributes:
        without_moto: the kind of its events.
    """

    __slots__ = ("_backend", "_context", "_endpoint", "_event_emitter")  # one is made for each call

    without_moto: ClassVar[type[EmitterWithoutMoto]]

    def __init__(self, endpoint: Endpoint, backend: Backend, context: Context) -> None:
        self._endpoint = endpoint
        self._backend = backend
        self._context = context
        emitter: BaseEventHooks = getattr(endpoint, "_event_emitter")  # noqa: B009  # private, and read on purpose
        self._event_emitter = self.without_moto(emitter) if "moto" in sys.modules else emitter

    def __getattr__(self, name: str) -> object:
        return getattr(self._endpoint, name)


class MockedEndpoint(EndpointView):
    """An endpoint of botocore's whose calls the backend answers."""

    __slots__ = ()

    without_moto = MockedEmitter

    def _send(self, request: AWSPreparedRequest) -> AWSResponse:
        status, headers, body = answered(self._backend, request, self._context)
        # botocore takes any mapping, and makes a HeadersDict of it; botocore-stubs asks for another class of its own.
        return AWSResponse(request.url, status, headers, Body(body))  # type: ignore[arg-type]


class Asked(NamedTuple):
    """What a call asks the backend.

    Attributes:
        target: the operation's name.
        body: the call's JSON text.
        scope: the caller's account and region.
    """

    target: str
    body: bytes
    scope: Scope


def asked_by(backend: Backend, request: AWSPreparedRequest) -> Asked:
    """Return what a call asks the backend."""
    scope = scope_of(request.headers, request.url, backend.accounts, backend.default_scope)
    return Asked(target_of(request.headers), _body_of(request), scope)


def is_retry(context: Context) -> bool:
    """Whether botocore tries a call again by itself."""
    retries = context.get("retries") or {}
    return retries.get("attempt", 1) != 1


def answered(backend: Backend, request: AWSPreparedRequest, context: Context) -> Response:
    """Return the backend's answer to a call.

    Raises:
        BotoCoreError: what the network does instead.
    """
    answer = backend.answer(*asked_by(backend, request), is_retry=is_retry(context))
    if isinstance(answer.error, NetworkError):
        raise _exception_of(answer.error, request)
    return written(answer, server_faults())


def is_of_moto(handler: object) -> bool:
    """Whether a handler of an event is moto's."""
    return type(handler).__module__.partition(".")[0] == "moto"


def _exception_of(error: NetworkError, request: AWSPreparedRequest) -> BotoCoreError:
    """Return the exception that botocore's HTTP session raises for what the network does."""
    if error.code == NetworkFault.CONNECTION_CLOSED:
        return ConnectionClosedError(request=request, endpoint_url=request.url, error=error)
    kind: type[BotoCoreError] = getattr(botocore.exceptions, error.code)
    return kind(endpoint_url=request.url, error=error)


def _body_of(request: AWSPreparedRequest) -> bytes:
    """Return a request's body; botocore has several kinds."""
    body: object = request.body
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else bytes(body) if isinstance(body, bytearray) else b""
