"""The same for aiobotocore's clients, where it is installed: answered, signed and put to sleep as botocore's are.

aiobotocore has classes of its own beside botocore's, whose methods are coroutines. Here the same is done to them, over
the same wire and the same sleeps. A task lets the others have a turn at each call, as the network would; while it
sleeps with ``auto_advance`` off they may move the clock.
"""

from __future__ import annotations

import functools
import os
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeAlias

from botocore.exceptions import CapacityNotAvailableError

from pytest_cloudcontrol.transport.botocore.answering import (
    EmitterWithoutMoto,
    EndpointView,
    answered,
    asked_by,
    is_of_moto,
    is_retry,
)
from pytest_cloudcontrol.transport.botocore.settings import MAKING, SERVICE
from pytest_cloudcontrol.transport.botocore.signing import MockedSigner, signature_without_digest
from pytest_cloudcontrol.transport.botocore.sleeping import (
    SLEEPING,
    Sleeper,
    is_mocked,
    service_of,
    until_there_is,
)
from pytest_cloudcontrol.transport.environment import FAKE_KEYS
from pytest_cloudcontrol.transport.processes import NotInThisProcess
from pytest_cloudcontrol.transport.tasks import give_way, sleep_if_time_goes_on, sleep_on_the_clock, wait_beside_others
from pytest_cloudcontrol.transport.wire import ENDPOINT_PREFIX

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import ModuleType
    from typing import Unpack

    from botocore.awsrequest import AWSPreparedRequest
    from botocore.model import OperationModel
    from botocore.waiter import Waiter

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.botocore.answering import Context
    from pytest_cloudcontrol.transport.botocore.signing import SigningArguments
    from pytest_cloudcontrol.transport.botocore.sleeping import Call
    from pytest_cloudcontrol.transport.patches import Patches

    Coroutine: TypeAlias = Callable[..., Awaitable[object]]
    """A method of aiobotocore's, whose arguments are its own business."""

# aiobotocore has no types, and isn't there when those of this package are checked.
Endpoint: TypeAlias = Any
Signer: TypeAlias = Any
Session: TypeAlias = Any
TokenBucket: TypeAlias = Any


def put_in(patches: Patches, backend: Backend) -> None:
    """Do to aiobotocore's classes what the files of ``botocore/`` do to botocore's, where it is installed."""
    if not _is_installed():
        return
    endpoint, waiter = import_module("aiobotocore.endpoint"), import_module("aiobotocore.waiter")
    _answer(patches, backend, endpoint)
    _make(patches)
    _sign(patches, backend)
    _sleep(patches, backend, endpoint, waiter)


@functools.cache
def _is_installed() -> bool:
    return find_spec("aiobotocore") is not None


# ---------------------------------------------------------------------- answering


def _answer(patches: Patches, backend: Backend, endpoint_module: ModuleType) -> None:
    response: Callable[..., object] = import_module("aiobotocore.awsrequest").AioAWSResponse

    def answering(original: Coroutine) -> Coroutine:
        async def do_get_response(
            endpoint: Endpoint, request: AWSPreparedRequest, operation_model: OperationModel, context: Context
        ) -> object:
            is_ours = patches.are_in and operation_model.service_model.endpoint_prefix == ENDPOINT_PREFIX
            if not is_ours or isinstance(endpoint, MockedEndpoint):
                return await original(endpoint, request, operation_model, context)
            if backend.is_elsewhere:
                raise NotInThisProcess
            mocked = MockedEndpoint(endpoint, backend, context, response)
            return await original(mocked, request, operation_model, context)

        return do_get_response

    patches.replace(endpoint_module.AioEndpoint, "_do_get_response", answering)


class Body:
    """An answer as aiobotocore reads it: a response of aiohttp's or httpx's."""

    def __init__(self, headers: Mapping[str, str], content: bytes) -> None:
        self.raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._content = content

    async def read(self) -> bytes:
        """Return the whole body."""
        return self._content

    aread = read


class MockedEmitter(EmitterWithoutMoto):
    """Those of a client of aiobotocore's: what moto answers can't be awaited either."""

    async def emit(self, event_name: str, **named: object) -> list[tuple[object, object]]:
        """Emit an event, and return what its handlers answered."""
        answers: list[tuple[object, object]] = await self._emitter.emit(event_name, **named)
        return [answer for answer in answers if not is_of_moto(answer[0])]


class MockedEndpoint(EndpointView):
    """An endpoint of aiobotocore's whose calls the backend answers."""

    __slots__ = ("_response",)

    without_moto = MockedEmitter

    def __init__(self, endpoint: Endpoint, backend: Backend, context: Context, response: Callable[..., object]) -> None:
        super().__init__(endpoint, backend, context)
        self._response = response

    async def _send(self, request: AWSPreparedRequest) -> object:
        await give_way()
        if self._backend.world.decisions.hands_over or not self._backend.clock.auto_advance:  # in few tests
            await self._let_others_go_first(request)
        status, headers, body = answered(self._backend, request, self._context)
        return self._response(request.url, status, headers, Body(headers, body))

    async def _let_others_go_first(self, request: AWSPreparedRequest) -> None:
        asked = asked_by(self._backend, request)
        decisions = self._backend.world.decisions
        await decisions.hand_over_async(asked.target, asked.body, is_retry=is_retry(self._context))
        held = self._backend.service.held(*asked)
        if held is not None:
            await wait_beside_others(held)


# ---------------------------------------------------------------------- making clients


def _make(patches: Patches) -> None:
    session: type[Session] = import_module("aiobotocore.session").AioSession

    def making(original: Coroutine) -> Coroutine:
        async def create_client(session: Session, service_name: str, *arguments: object, **named: object) -> object:
            before = MAKING.set(service_name == SERVICE)
            try:
                return await original(session, service_name, *arguments, **named)
            finally:
                MAKING.reset(before)

        return create_client

    patches.replace(session, "_create_client", making)


def _sign(patches: Patches, backend: Backend) -> None:
    credentials: type[Any] = import_module("aiobotocore.credentials").AioCredentials
    fake = credentials(*FAKE_KEYS.values())

    def signing(original: Coroutine) -> Coroutine:
        async def get_auth_instance(
            signer: Signer,
            signing_name: str,
            region_name: str | None,
            *arguments: object,
            **named: Unpack[SigningArguments],
        ) -> object:
            if not patches.are_in or signing_name != ENDPOINT_PREFIX:
                return await original(signer, signing_name, region_name, *arguments, **named)
            keys = signer._credentials  # noqa: SLF001  # read on purpose
            usable = keys if type(keys) is credentials else fake
            without_digest = signature_without_digest(backend, usable, region_name, named)
            if without_digest is not None:
                return without_digest
            with_keys = signer if usable is keys else MockedSigner(signer, usable)
            return await original(with_keys, signing_name, region_name, *arguments, **named)

        return get_auth_instance

    def keys(original: Coroutine) -> Coroutine:
        async def get_credentials(session: Session, *arguments: object, **named: object) -> object:
            if not patches.are_in or session._credentials is not None:  # noqa: SLF001  # read on purpose
                return await original(session, *arguments, **named)
            return credentials(*(os.environ.get(name, fake) for name, fake in FAKE_KEYS.items()))

        return get_credentials

    patches.replace(import_module("aiobotocore.signers").AioRequestSigner, "get_auth_instance", signing)
    patches.replace(import_module("aiobotocore.session").AioSession, "get_credentials", keys)


# ---------------------------------------------------------------------- sleeping


def _sleep(patches: Patches, backend: Backend, endpoint_module: ModuleType, waiter_module: ModuleType) -> None:
    def sending(original: Coroutine) -> Coroutine:
        async def send_request(endpoint: Endpoint, call: Call, operation_model: OperationModel) -> object:
            sleeps_here = is_mocked(patches, backend, operation_model.service_model)
            before = SLEEPING.set((Sleeper.RETRY if sleeps_here else Sleeper.OTHER, call))
            try:
                return await original(endpoint, call, operation_model)
            finally:
                SLEEPING.reset(before)

        return send_request

    def waiting(original: Coroutine) -> Coroutine:
        async def wait(waiter: Waiter, **named: object) -> object:
            sleeps_here = is_mocked(patches, backend, service_of(waiter))
            before = SLEEPING.set((Sleeper.WAITER if sleeps_here else Sleeper.OTHER, None))
            try:
                return await original(waiter, **named)
            finally:
                SLEEPING.reset(before)

        return wait

    def limiting(original: Coroutine) -> Coroutine:
        async def acquire(bucket: TokenBucket, amount: int = 1, block: bool = True) -> object:
            if not block or SLEEPING.get()[0] is not Sleeper.RETRY:
                return await original(bucket, amount, block)
            try:
                return await original(bucket, amount, block=False)
            except CapacityNotAvailableError:
                await sleep_if_time_goes_on(backend, until_there_is(bucket, amount))
                with suppress(CapacityNotAvailableError):  # with auto_advance off no time has passed
                    await original(bucket, amount, block=False)
                return True

        return acquire

    def sleeping(original: Coroutine) -> Coroutine:
        async def sleep(owner: object, seconds: float) -> object:
            return await spend(backend, seconds, functools.partial(original, owner))

        return sleep

    patches.replace(endpoint_module.AioEndpoint, "_send_request", sending)
    patches.replace(waiter_module.AIOWaiter, "wait", waiting)
    patches.replace(import_module("aiobotocore.retries.bucket").AsyncTokenBucket, "acquire", limiting)

    def asyncio_module(original: ModuleType) -> AsyncioModule:
        return AsyncioModule(original, backend)

    for module in (endpoint_module, waiter_module):
        patches.replace(module, "asyncio", asyncio_module)
    for module, name in ((endpoint_module, "AnyioEndpoint"), (waiter_module, "AnyioWaiter")):
        if hasattr(module, name):  # which sleep by another module, imported on the spot
            patches.replace(getattr(module, name), "_sleep", sleeping)


async def spend(backend: Backend, seconds: float, really: Callable[[float], Awaitable[object]]) -> object:
    """Spend a sleep on the mock clock if it is of a client that does, and really otherwise."""
    sleeper, call = SLEEPING.get()
    if sleeper is Sleeper.OTHER:
        return await really(seconds)
    if sleeper is Sleeper.WAITER:
        await sleep_on_the_clock(backend, seconds)
    elif call is not None:
        length = backend.sleeps.length_before_retry(seconds, call["context"]["retries"]["attempt"])
        await sleep_if_time_goes_on(backend, length)
    return None


class AsyncioModule:
    """Stands for the module ``asyncio`` in a module of aiobotocore: everything as there, but for the sleeps."""

    def __init__(self, original: ModuleType, backend: Backend) -> None:
        self._original = original
        self._backend = backend

    def __getattr__(self, name: str) -> object:
        return getattr(self._original, name)

    async def sleep(self, seconds: float) -> None:
        """Sleep, really or on the mock clock."""
        await spend(self._backend, seconds, self._original.sleep)
