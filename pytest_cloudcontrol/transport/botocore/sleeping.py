"""Has Cloud Control's clients sleep on the mock clock: botocore's waiters, its retries, and its adaptive rate limit.

The sleeps of other services' clients are real, as ever, unless moto answers them for the mock's own resources.
``time.sleep`` itself is left alone: what is replaced is the name ``time`` in the two modules of botocore that sleep.
Whose sleep it is, the calls that lead to it say: a waiter's own client, and the operation that is sent or retried.
The rate limit measures time by a clock of its own, one a client, which tells the mock's time to whom sleeps in it.
"""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

import botocore.endpoint
import botocore.retries.bucket
import botocore.waiter
from botocore.exceptions import CapacityNotAvailableError

from pytest_cloudcontrol.transport.botocore.settings import MAKING
from pytest_cloudcontrol.transport.wire import ENDPOINT_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from botocore.endpoint import Endpoint
    from botocore.model import OperationModel, ServiceModel
    from botocore.retries.bucket import Clock, TokenBucket
    from botocore.waiter import Waiter

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches


class Sleeper(Enum):
    """Who is about to sleep."""

    OTHER = "another service's client"
    WAITER = "a waiter"
    RETRY = "a retry"


class Tries(TypedDict):
    """How often a call was tried, this time included."""

    attempt: int


class Context(TypedDict):
    """What botocore keeps of a call while it is tried."""

    retries: Tries


class Call(TypedDict):
    """A call as botocore sends it, as far as it matters to sleeping."""

    context: Context


class Told(NamedTuple):
    """What the clock of a client's rate limit has told last.

    Attributes:
        seconds: the time that it told.
        at: what time it was on the mock clock.
    """

    seconds: float
    at: float


_TOLD: Final = "_cloudcontrol_told"
"""Where a client's clock keeps that: it must not go back in the next mock, or the limit would wait for years."""

_LATENESS: Final = 2e-6
"""A sleep ends so many seconds late: the mock clock's microseconds aren't as fine as a rate."""

SLEEPING: Final[ContextVar[tuple[Sleeper, Call | None]]] = ContextVar("sleeping", default=(Sleeper.OTHER, None))
"""Who sleeps in this thread or task, should anybody, and the call that is sent, as long as one is."""


def is_mocked(patches: Patches, backend: Backend, service_model: ServiceModel | None) -> bool:
    """Whether the clients of a service sleep on the mock clock."""
    if not patches.are_in or service_model is None:
        return False
    return service_model.endpoint_prefix == ENDPOINT_PREFIX or backend.services.is_entered


def put_in(patches: Patches, backend: Backend) -> None:
    """Spend the sleeps of Cloud Control's clients on the clock."""

    def sending(original: Method) -> Method:
        """Know whose call is sent: retry modes sleep between its tries, or in a handler of the event before-send."""

        def send_request(endpoint: Endpoint, call: Call, operation_model: OperationModel) -> object:
            # Another service's call inside a callback of one to Cloud Control sleeps for real.
            sleeps_here = is_mocked(patches, backend, operation_model.service_model)
            before = SLEEPING.set((Sleeper.RETRY if sleeps_here else Sleeper.OTHER, call))
            try:
                return original(endpoint, call, operation_model)
            finally:
                SLEEPING.reset(before)

        return send_request

    def waiting(original: Method) -> Method:
        def wait(waiter: Waiter, **named: object) -> object:
            sleeps_here = is_mocked(patches, backend, service_of(waiter))
            before = SLEEPING.set((Sleeper.WAITER if sleeps_here else Sleeper.OTHER, None))
            try:
                return original(waiter, **named)
            finally:
                SLEEPING.reset(before)

        return wait

    def limiting(original: Method) -> Method:
        """Let the retry mode ``adaptive``, which waits on a condition of its own, wait on the mock clock."""

        def acquire(bucket: TokenBucket, amount: int = 1, block: bool = True) -> object:
            if not block or SLEEPING.get()[0] is not Sleeper.RETRY:
                return original(bucket, amount, block)
            try:
                return original(bucket, amount, block=False)
            except CapacityNotAvailableError:
                backend.sleeps.of_limit(until_there_is(bucket, amount))
                with suppress(CapacityNotAvailableError):  # with auto_advance off no time has passed
                    original(bucket, amount, block=False)
                return True

        return acquire

    def telling(original: Callable[[Clock], float]) -> Callable[[Clock], float]:
        """Tell the mock's time to the rate limit of a client that sleeps in it: the same in each run of a test."""

        def current_time(clock: Clock) -> float:
            is_made = MAKING.get() or backend.services.is_entered
            if not patches.are_in or not (is_made or SLEEPING.get()[0] is Sleeper.RETRY):
                return original(clock)
            now = backend.clock.now().timestamp()
            # A client that was made before goes on from real time.
            last: Told = vars(clock).get(_TOLD) or Told(now if is_made else original(clock), now)
            told = last.seconds + max(now - last.at, 0.0)
            vars(clock)[_TOLD] = Told(told, now)
            return told

        return current_time

    def time_module(original: ModuleType) -> TimeModule:
        return TimeModule(original, backend)

    patches.replace(botocore.endpoint.Endpoint, "_send_request", sending)
    patches.replace(botocore.waiter.Waiter, "wait", waiting)
    patches.replace(botocore.retries.bucket.TokenBucket, "acquire", limiting)
    patches.replace(botocore.retries.bucket.Clock, "current_time", telling)
    patches.replace(botocore.endpoint, "time", time_module)
    patches.replace(botocore.waiter, "time", time_module)


def until_there_is(bucket: TokenBucket, amount: int) -> float:
    """Return after how many seconds a rate lets so much through."""
    return (amount - bucket.available_capacity) / bucket.max_rate + _LATENESS


class TimeModule:
    """Stands for the module ``time`` in a module of botocore: everything as there, but for Cloud Control's sleeps."""

    def __init__(self, original: ModuleType, backend: Backend) -> None:
        self._original = original
        self._backend = backend

    def __getattr__(self, name: str) -> object:
        return getattr(self._original, name)

    def sleep(self, seconds: float) -> None:
        """Sleep, really or on the mock clock."""
        match SLEEPING.get():
            case Sleeper.WAITER, _:
                self._backend.sleeps.of_waiter(seconds)
            case Sleeper.RETRY, call if call is not None:
                self._backend.sleeps.of_retry(seconds, call["context"]["retries"]["attempt"])
            case _:
                self._original.sleep(seconds)


def service_of(waiter: Waiter) -> ServiceModel | None:
    """Return whose method a waiter polls with; None if it is no client's, as any other callable may be too."""
    method = getattr(getattr(waiter, "_operation_method", None), "_client_method", None)
    meta = getattr(getattr(method, "__self__", None), "meta", None)
    service_model: ServiceModel | None = getattr(meta, "service_model", None)
    return service_model
