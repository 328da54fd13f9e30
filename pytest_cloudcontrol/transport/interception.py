"""Catches botocore's calls to Cloud Control while a mock is active, and lets every other call pass.

The place is ``botocore.endpoint.Endpoint``, in the class: so clients and sessions made before, inside and after, custom
endpoints and every partition's hosts are caught, in any thread, with and without moto. The original method goes on
doing its work (events, parsing, history); it only sees an endpoint whose ``_send`` asks the mock. A Stubber answers
earlier, and so it wins, as it does against AWS.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import botocore.endpoint
import botocore.retries.bucket
import botocore.session
import botocore.signers
import botocore.waiter
from botocore.credentials import Credentials
from botocore.exceptions import CapacityNotAvailableError

from pytest_cloudcontrol.errors import AlreadyActive
from pytest_cloudcontrol.transport.environment import FAKE_KEYS, surroundings
from pytest_cloudcontrol.transport.patches import Patches
from pytest_cloudcontrol.transport.sleeping import Sleeper, Sleeping, TimeModule
from pytest_cloudcontrol.transport.wire import body_of, response_of, scope_of, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.endpoint import Endpoint
    from botocore.hooks import BaseEventHooks
    from botocore.model import OperationModel, ServiceModel
    from botocore.retries.bucket import TokenBucket
    from botocore.session import Session
    from botocore.signers import RequestSigner
    from botocore.waiter import Waiter

    from pytest_cloudcontrol.clock import Timekeeper
    from pytest_cloudcontrol.options import Options
    from pytest_cloudcontrol.requests.request import ResourceRequest
    from pytest_cloudcontrol.service.service import Service
    from pytest_cloudcontrol.vocabulary import Scope

    Method: TypeAlias = Callable[..., object]

_ENDPOINT_PREFIX: Final = "cloudcontrolapi"


class Mock(Protocol):
    """What the transport needs to know of the mock that is active."""

    @property
    def options(self) -> Options:
        """What it was made with."""
        ...

    @property
    def timekeeper(self) -> Timekeeper:
        """What keeps the time in which Cloud Control's clients sleep."""
        ...

    @property
    def service(self) -> Service:
        """What answers."""
        ...

    @property
    def requests(self) -> Sequence[ResourceRequest]:
        """All requests."""
        ...

    @property
    def accounts(self) -> Mapping[str, str]:
        """The account of each access key that was handed out."""
        ...

    @property
    def default_scope(self) -> Scope:
        """The account and region of every other caller."""
        ...


class _Slot:
    """The one piece of global state: which mock is active in this process, since botocore's classes are global too."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.active: Interception | None = None


_SLOT: Final = _Slot()


@contextmanager
def intercepting(mock: Mock) -> Iterator[None]:
    """Let a mock answer all calls to Cloud Control until the block ends.

    Raises:
        AlreadyActive: another mock does so now.
    """
    interception = Interception(mock)
    with _SLOT.lock:
        if _SLOT.active is not None:
            raise AlreadyActive
        _SLOT.active = interception
    with ExitStack() as stack:
        stack.callback(_leave)
        stack.enter_context(surroundings(mock.default_scope.region))
        stack.callback(interception.end)
        interception.begin()
        yield


def _leave() -> None:
    with _SLOT.lock:
        _SLOT.active = None


class Interception:
    """The patches of one active mock."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.sleeping = Sleeping(
            mock.timekeeper, lambda: mock.requests, lambda: mock.service.slept(), mock.options.seed
        )
        self._patches = Patches()
        self._ended = False

    def begin(self) -> None:
        """Put the patches in."""
        replace = self._patches.replace
        replace(botocore.endpoint.Endpoint, "_do_get_response", self._answering)
        replace(botocore.endpoint.Endpoint, "_needs_retry", self._retrying)
        replace(botocore.signers.RequestSigner, "get_auth_instance", self._signing)
        replace(botocore.session.Session, "get_credentials", self._credentials)
        replace(botocore.session.Session, "get_config_variable", self._profile)
        replace(botocore.waiter.Waiter, "wait", self._waiting)
        replace(botocore.retries.bucket.TokenBucket, "acquire", self._limiting)
        replace(botocore.endpoint, "time", self._time_module)
        replace(botocore.waiter, "time", self._time_module)

    def end(self) -> None:
        """Take the patches out; one that somebody else has wrapped since does nothing any more."""
        self._ended = True
        self._patches.undo()
        self.mock.timekeeper.close()

    def _is_mocked(self, operation_model: OperationModel) -> bool:
        return not self._ended and operation_model.service_model.endpoint_prefix == _ENDPOINT_PREFIX

    def _answering(self, original: Method) -> Method:
        thread = self.sleeping.thread

        def do_get_response(
            endpoint: Endpoint, request: AWSPreparedRequest, operation_model: OperationModel, context: Context
        ) -> object:
            before = thread.sleeper
            try:
                if self._is_mocked(operation_model):
                    # The adaptive retry mode waits, if at all, in a handler of the event before-send.
                    thread.sleeper = Sleeper.RETRY
                    return original(MockedEndpoint(endpoint, self, context), request, operation_model, context)
                # Another service's call inside a callback of one to Cloud Control sleeps for real.
                thread.sleeper = Sleeper.OTHER
                return original(endpoint, request, operation_model, context)
            finally:
                thread.sleeper = before

        return do_get_response

    def _retrying(self, original: Method) -> Method:
        thread = self.sleeping.thread

        def needs_retry(
            endpoint: Endpoint, attempts: int, operation_model: OperationModel, *arguments: object, **named: object
        ) -> object:
            before = thread.sleeper
            thread.sleeper = Sleeper.RETRY if self._is_mocked(operation_model) else Sleeper.OTHER
            thread.attempts = attempts
            try:
                return original(endpoint, attempts, operation_model, *arguments, **named)
            finally:
                thread.sleeper = before

        return needs_retry

    def _signing(self, original: Method) -> Method:
        """Sign with fake keys where there are none, or where they would be refreshed, which takes the network."""

        def get_auth_instance(signer: RequestSigner, signing_name: str, *arguments: object, **named: object) -> object:
            if not self._ended and signing_name == _ENDPOINT_PREFIX and type(_credentials(signer)) is not Credentials:
                return original(MockedSigner(signer), signing_name, *arguments, **named)
            return original(signer, signing_name, *arguments, **named)

        return get_auth_instance

    def _credentials(self, original: Method) -> Method:
        """Give a session without credentials the environment's fake keys, without looking for others or keeping them.

        Looking may ask a process or the network, and what a session finds here it would keep after the mock has ended.
        """

        def get_credentials(session: Session, *arguments: object, **named: object) -> object:
            if self._ended or getattr(session, "_credentials", None) is not None:
                return original(session, *arguments, **named)
            return Credentials(*(os.environ.get(name, fake) for name, fake in FAKE_KEYS.items()))

        return get_credentials

    def _profile(self, original: Method) -> Method:
        """Let no AWS_PROFILE count that is set while the mock is active; one that the session was made with does."""

        def get_config_variable(session: Session, name: str, *arguments: object, **named: object) -> object:
            if name == "profile" and not self._ended:
                return session.instance_variables().get("profile")
            return original(session, name, *arguments, **named)

        return get_config_variable

    def _waiting(self, original: Method) -> Method:
        thread = self.sleeping.thread

        def wait(waiter: Waiter, **named: object) -> object:
            before = thread.sleeper
            is_mocked = not self._ended and _waits_for_cloudcontrol(waiter)
            thread.sleeper = Sleeper.WAITER if is_mocked else Sleeper.OTHER
            try:
                return original(waiter, **named)
            finally:
                thread.sleeper = before

        return wait

    def _limiting(self, original: Method) -> Method:
        """Let the retry mode ``adaptive``, which waits on a condition of its own, wait on the mock clock."""

        def acquire(bucket: TokenBucket, amount: int = 1, block: bool = True) -> object:
            if not block or self.sleeping.thread.sleeper is not Sleeper.RETRY:
                return original(bucket, amount, block)
            try:
                return original(bucket, amount, block=False)
            except CapacityNotAvailableError:
                missing = amount - bucket.available_capacity
                self.sleeping.sleep(missing / bucket.max_rate, Sleeper.RETRY)
                return True

        return acquire

    def _time_module(self, original: ModuleType) -> TimeModule:
        return TimeModule(original, self.sleeping)


class Context(Protocol):
    """What botocore knows of a call besides the request."""

    def get(self, name: str, /) -> Mapping[str, object] | None:
        """Return one part of it."""
        ...


class MockedEndpoint:
    """An endpoint as the original method sees it: the same, but for what it sends to and whom it tells first."""

    def __init__(self, endpoint: Endpoint, interception: Interception, context: Context) -> None:
        self._endpoint = endpoint
        self._interception = interception
        self._context = context
        if "moto" in sys.modules:
            emitter: BaseEventHooks = getattr(endpoint, "_event_emitter")  # noqa: B009  # private, and read on purpose
            self._event_emitter = MockedEmitter(emitter)

    def __getattr__(self, name: str) -> object:
        return getattr(self._endpoint, name)

    def _send(self, request: AWSPreparedRequest) -> AWSResponse:
        mock = self._interception.mock
        scope = scope_of(request, mock.accounts, mock.default_scope)
        retries = self._context.get("retries") or {}
        answer = mock.service.answer(
            target_of(request), body_of(request), scope, is_retry=retries.get("attempt", 1) != 1
        )
        return response_of(answer, request.url)


class MockedSigner:
    """A signer as the original method sees it: the same, but with fake keys."""

    def __init__(self, signer: RequestSigner) -> None:
        self._signer = signer
        self._credentials = Credentials(*FAKE_KEYS.values())

    def __getattr__(self, name: str) -> object:
        return getattr(self._signer, name)


class MockedEmitter:
    """A client's events, without what moto answers for a service that it doesn't have: 404."""

    def __init__(self, emitter: BaseEventHooks) -> None:
        self._emitter = emitter

    def emit(self, event_name: str, **named: object) -> list[tuple[object, object]]:
        """Emit an event, and return what its handlers answered."""
        answers: list[tuple[object, object]] = self._emitter.emit(event_name, **named)
        return [answer for answer in answers if not _is_of_moto(answer[0])]


def _is_of_moto(handler: object) -> bool:
    return type(handler).__module__.partition(".")[0] == "moto"


def _credentials(signer: RequestSigner) -> object:
    return getattr(signer, "_credentials", None)


def _waits_for_cloudcontrol(waiter: Waiter) -> bool:
    """Whether a waiter polls with a method of a Cloud Control client; any other callable may be one's operation too."""
    method = getattr(getattr(waiter, "_operation_method", None), "_client_method", None)
    meta = getattr(getattr(method, "__self__", None), "meta", None)
    service_model: ServiceModel | None = getattr(meta, "service_model", None)
    return service_model is not None and service_model.endpoint_prefix == _ENDPOINT_PREFIX
