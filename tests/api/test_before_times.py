"""``before(times=...)``: a callback that runs so many times; and which callables are callbacks."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import AsyncMock, Mock

import pytest
from calls import create
from resource_types import LOG_GROUP
from threads import in_threads

from pytest_cloudcontrol import CloudControl, OptionError, ResourceRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from types_boto3_cloudcontrol import CloudControlApiClient

# Times


@pytest.mark.parametrize("times", [1, 2, 5])
def test_before_steps(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, times: int) -> None:
    """A callback runs before so many handler calls, whatever requests they are of."""
    ran: list[int] = []
    handle = cloudcontrol.before(lambda request: ran.append(request.order), times=times)
    for name in ("one", "two"):
        create(cloudcontrol_client, name)
    cloudcontrol.run_until_idle()

    assert (ran, handle.fired) == ([1, 2, 1, 2][:times], min(times, 4))


@pytest.mark.parametrize("times", [1, 2, 5])
def test_before_calls(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, times: int) -> None:
    """A callback runs before so many API calls, of those that match."""
    ran: list[object] = []
    handle = cloudcontrol.before(lambda call: ran.append(call.input["TypeName"]), api="ListResources", times=times)
    for name in ("one", "two", "three"):
        cloudcontrol_client.list_resources(TypeName=LOG_GROUP)
        create(cloudcontrol_client, name)

    assert (ran, handle.fired) == ([LOG_GROUP] * min(times, 3), min(times, 3))


def test_callback_that_never_runs_is_no_error(cloudcontrol: CloudControl) -> None:
    """A callback need not run at all, with ``times`` neither."""
    assert cloudcontrol.before(print, times=3).fired == 0


@pytest.mark.parametrize(("times", "shown"), [(0, "0"), (-1, "-1"), (True, "True"), (1.5, "1.5"), ("two", "'two'")])
def test_no_number(cloudcontrol: CloudControl, times: Any, shown: str) -> None:
    """What is no positive whole number is refused."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.before(print, times=times)

    assert str(refused.value) == f"times={shown} is not valid: expected a whole number, at least 1"


@pytest.mark.parametrize("api", [None, "ListResources"])
def test_nested(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str | None) -> None:
    """A call or step that a callback itself makes doesn't run it again, and takes none of its times."""
    ran: list[None] = []

    def again() -> None:
        ran.append(None)
        if api is None:
            cloudcontrol.requests.last.step()
        else:
            cloudcontrol_client.list_resources(TypeName=LOG_GROUP)

    cloudcontrol.plan(steps=3)
    handle = cloudcontrol.before(again, api=api, times=2)
    create(cloudcontrol_client)
    for _ in range(3):
        if api is None:
            if cloudcontrol.requests.last.is_running:
                cloudcontrol.requests.last.step()
        else:
            cloudcontrol_client.list_resources(TypeName=LOG_GROUP)

    assert (len(ran), handle.fired) == (2, 2)


def test_nested_step_of_another_request(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A step of another request made inside takes one of the times, so that the last one isn't taken twice."""
    ran: list[int] = []

    def step_the_other(request: ResourceRequest) -> None:
        ran.append(request.order)
        cloudcontrol.requests[2 - request.order].step()

    handle = cloudcontrol.before(step_the_other, at_step=1, times=1)
    for name in ("one", "two"):
        create(cloudcontrol_client, name)
    cloudcontrol.requests[0].step()

    assert (ran, handle.fired) == ([1], 1)
    assert [request.steps for request in cloudcontrol.requests] == [1, 1]


def test_raising_callback_has_run(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A callback that raises has had its turn: the next try goes through."""

    def fail() -> None:
        raise LookupError

    handle = cloudcontrol.before(fail, api="CreateResource", times=1)
    with pytest.raises(LookupError):
        create(cloudcontrol_client)
    create(cloudcontrol_client)

    assert handle.fired == 1


def test_threads_share_the_times(cloudcontrol: CloudControl) -> None:
    """Threads that call at once take each turn once."""
    ran: list[None] = []
    handle = cloudcontrol.before(lambda: ran.append(None), api="ListResources", times=7)

    def calling() -> Callable[[], None]:
        client = cloudcontrol.client()

        def call() -> None:
            for _ in range(5):
                client.list_resources(TypeName=LOG_GROUP)

        return call

    in_threads(*(calling() for _ in range(4)))

    assert (len(ran), handle.fired) == (7, 7)


def test_by_type_of_a_request(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A call with a request token is about the type of its request."""
    seen: list[str] = []
    token = create(cloudcontrol_client)
    cloudcontrol_client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
    other = cloudcontrol.requests.last.request_token
    api = "GetResourceRequestStatus"
    handle = cloudcontrol.before(
        lambda call: seen.append(str(call.input["RequestToken"])), api=api, type_name=LOG_GROUP, times=1
    )
    for asked in (other, token, token, "00000000-0000-4000-8000-000000000000"):
        try:
            cloudcontrol_client.get_resource_request_status(RequestToken=asked)
        except cloudcontrol_client.exceptions.RequestTokenNotFoundException:
            seen.append("none")

    assert (seen, handle.fired) == ([token, "none"], 1)


# Which callables


def with_two(request: object, other: object) -> None:
    """Want more than there is."""


def with_two_and_a_default(request: object, other: object, kept: int = 1) -> None:
    """Want more than there is, too."""


def by_name_only(*, request: object) -> None:
    """Want it by name."""


class Callable1:
    """An object that is called like a function of one argument."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def __call__(self, request: object) -> None:
        """Note what is handed over."""
        self.seen.append(request)

    def with_two(self, request: object, other: object) -> None:
        """Want more than there is."""


TAKES: Final = "a callable of one parameter without a default, which is what it runs before, or of none"


@pytest.mark.parametrize("api", [None, "CreateResource"])
@pytest.mark.parametrize(
    "callback", [with_two, by_name_only, Callable1().with_two, functools.partial(by_name_only), with_two_and_a_default]
)
def test_callable_that_wants_more(cloudcontrol: CloudControl, callback: Any, api: str | None) -> None:
    """A callable that wants something else than one argument is refused when it is arranged."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.before(callback, api=api)

    assert (refused.value.name, refused.value.value, refused.value.expected) == ("callback", callback, TAKES)


def test_what_is_handed_over(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Objects, methods, partials and mocks are handed the request like functions; a default is never filled."""
    handed = Callable1()
    defaults: list[object] = []
    mock = Mock()

    def closure(name: object = "kept") -> None:
        defaults.append(name)

    def of_two(first: object, second: object) -> None:
        defaults.append((first, second))

    callbacks: list[Callable[..., object]] = [
        handed,
        handed.__call__,
        mock,
        closure,
        functools.partial(of_two, "given"),
        functools.partial(closure, "x"),
    ]
    for callback in callbacks:
        cloudcontrol.before(callback, at_step=1)
    create(cloudcontrol_client)
    request = cloudcontrol.requests.last.step()

    assert handed.seen == [request, request]
    mock.assert_called_once_with(request)
    assert defaults == ["kept", ("given", request), "x"]


async def coroutine() -> None:
    """Be awaited."""


def generator() -> Generator[None]:
    """Be gone through."""
    yield


class AsyncCallable:
    """An object whose call makes a coroutine."""

    async def __call__(self) -> None:
        """Be awaited."""


@pytest.mark.parametrize("api", [None, "CreateResource"])
@pytest.mark.parametrize(
    "callback",
    [coroutine, generator, AsyncCallable(), AsyncMock(), functools.partial(coroutine)],
    ids=lambda given: type(given).__name__,
)
def test_callable_that_only_makes_something(cloudcontrol: CloudControl, callback: Any, api: str | None) -> None:
    """What is known to run nothing when it is called is refused when it is arranged."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.before(callback, api=api)

    assert (
        refused.value.expected == "a callable that runs when it is called, and doesn't make a coroutine or a generator"
    )


def future() -> asyncio.Future[None]:
    """Return something to be awaited."""
    loop = asyncio.new_event_loop()
    try:
        return loop.create_future()
    finally:
        loop.close()


@pytest.mark.parametrize("api", [None, "CreateResource"])
@pytest.mark.parametrize("make", [coroutine, generator, future])
def test_result_that_would_have_to_run(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, make: Callable[[], object], api: str | None
) -> None:
    """A callback whose call only makes a coroutine, a generator or a future is refused when it has been called."""
    cloudcontrol.before(lambda: make(), api=api)  # a function's own kind is seen when it is arranged

    with pytest.raises(OptionError, match=r"callback's result=.* is not valid: expected something that has run: a cor"):
        cloudcontrol.request(create(cloudcontrol_client)).step()
