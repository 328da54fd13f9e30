"""Callers that are new in every round, and threads that move things at once: time passes, and in good order."""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from calls import create, status
from mock_time import START, after
from threads import GUARD, in_threads

from pytest_cloudcontrol import NoProgressError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from types import FrameType

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl, ResourceRequest

MANY = 60
"""More rounds than a loop needs whose callers are new in every round: about ten for each of two steps."""

pytestmark = pytest.mark.cloudcontrol(start=START)


# Callers that are new in every round


async def poll(client: CloudControlApiClient, token: str) -> str:
    """Poll a request in a coroutine."""
    return status(client, token)


def gather_in_one_run(client: CloudControlApiClient, tokens: Sequence[str]) -> list[list[str]]:
    """Poll by new tasks in every round, all in one event loop."""

    async def run() -> list[list[str]]:
        seen: list[list[str]] = []
        while len(seen) < MANY and (not seen or set(seen[-1]) != {"SUCCESS"}):
            seen.append(await asyncio.gather(*(poll(client, token) for token in tokens)))
        return seen

    return asyncio.run(run())


def run_anew(client: CloudControlApiClient, tokens: Sequence[str]) -> list[list[str]]:
    """Poll in a new event loop every time."""
    seen: list[list[str]] = []
    while len(seen) < MANY and (not seen or set(seen[-1]) != {"SUCCESS"}):
        seen.append([asyncio.run(poll(client, token)) for token in tokens])
    return seen


def thread_anew(client: CloudControlApiClient, tokens: Sequence[str]) -> list[list[str]]:
    """Poll in the thread of a new pool every round."""
    seen: list[list[str]] = []
    while len(seen) < MANY and (not seen or set(seen[-1]) != {"SUCCESS"}):
        with ThreadPoolExecutor(1) as pool:
            seen.append(list(pool.map(lambda token: status(client, token), tokens, timeout=GUARD)))
    return seen


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("poll_all", [gather_in_one_run, run_anew, thread_anew])
def test_new_caller_in_every_round(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    poll_all: Callable[[CloudControlApiClient, Sequence[str]], list[list[str]]],
    count: int,
) -> None:
    """A loop whose callers are new in every round needs five polls of each request: the third of an event waits."""
    tokens = [create(cloudcontrol_client, f"orders-{number}") for number in range(count)]
    seen = poll_all(cloudcontrol_client, tokens)
    assert seen == [["IN_PROGRESS"] * count] * 4 + [["SUCCESS"] * count]
    assert cloudcontrol.clock.now() == after(1.2)


# A task that waits while another acts


@pytest.mark.cloudcontrol(start=START, auto_advance=False)
def test_task_that_polls_until_another_steps(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A task that polls more than ten times while another is about to step the request isn't stopped."""
    token = create(cloudcontrol_client)

    async def wait() -> int:
        for polls in range(90):
            if status(cloudcontrol_client, token) == "SUCCESS":
                return polls
            await asyncio.sleep(0)
        pytest.fail("the other task has not stepped")

    async def act_later() -> None:
        for _ in range(50):
            await asyncio.sleep(0)
        cloudcontrol.request(token).run()

    async def both() -> int:
        polls, _ = await asyncio.gather(wait(), act_later())
        return polls

    assert 40 < asyncio.run(both()) < 60


@pytest.mark.cloudcontrol(start=START, auto_advance=False)
def test_task_that_polls_for_ever(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A task that polls for ever while nobody steps the request is stopped, with auto_advance off too."""
    token = create(cloudcontrol_client)

    async def wait() -> None:
        for _ in range(200):
            status(cloudcontrol_client, token)
            await asyncio.sleep(0)

    with pytest.raises(NoProgressError):
        asyncio.run(wait())
    assert cloudcontrol.clock.now() == START


# Threads that move things at once


@pytest.fixture
def _switching_all_the_time() -> Iterator[None]:
    """Let threads take turns as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def repeated(function: Callable[[], object], times: int) -> Callable[[], None]:
    """Return a function that calls another so often."""

    def call() -> None:
        for _ in range(times):
            function()

    return call


def instants(request: ResourceRequest) -> list[float]:
    """Return the seconds from the start to each event of a request."""
    return [(event.event_time - START).total_seconds() for event in request.events]


STEPS = 6
"""How many handler calls each request takes in the tests below."""
ADVANCES = (0.3, 0.7, 1.1)


@pytest.mark.usefixtures("_switching_all_the_time")
def test_threads_that_advance_the_clock(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """However many threads advance the clock at once, every event of every request is at its own instant."""
    cloudcontrol.plan(steps=STEPS)
    for number in range(40):
        create(cloudcontrol_client, f"orders-{number}")
    clock = cloudcontrol.clock
    in_threads(*(partial(clock.move_to, after(10)) for _ in range(4)))
    expected = [0, *(0.2 + step for step in range(STEPS))]
    assert [instants(request) for request in cloudcontrol.requests] == [expected] * 40
    assert clock.now() == after(10)


@pytest.mark.usefixtures("_switching_all_the_time")
def test_threads_that_advance_the_clock_by_and_by(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Threads that advance the clock by different lengths don't disturb each other: no advance runs backwards."""
    cloudcontrol.plan(steps=STEPS)
    for number in range(20):
        create(cloudcontrol_client, f"orders-{number}")
    clock = cloudcontrol.clock
    in_threads(*(repeated(partial(clock.advance, length), 60) for length in ADVANCES))
    expected = [0, *(0.2 + step for step in range(STEPS))]
    assert [instants(request) for request in cloudcontrol.requests] == [expected] * 20


def test_advance_while_others_advance(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """An advance of the clock between any two lines of which another thread advances it too is no way backwards."""
    cloudcontrol.plan(steps=STEPS)
    request = cloudcontrol.request(create(cloudcontrol_client))
    clock, lock = cloudcontrol.clock, cloudcontrol._backend.clock.lock  # noqa: SLF001  # when it is free is the point
    made: list[datetime] = []

    def advance_if_free() -> None:
        if lock.acquire(blocking=False):
            try:
                made.append(clock.advance(1))
            finally:
                lock.release()

    def trace(_frame: FrameType, _event: str, _argument: object) -> Any:  # itself, for which there is no type
        thread = threading.Thread(target=advance_if_free, daemon=True)
        thread.start()
        thread.join(GUARD)
        assert not thread.is_alive()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        clock.advance(0.5)
    finally:
        sys.settrace(before)
    assert len(made) > 1
    assert instants(request) == [0, *(0.2 + step for step in range(STEPS))]


@pytest.mark.usefixtures("_switching_all_the_time")
def test_threads_that_step_one_request(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Threads that step one request at once make exactly as many steps as calls."""
    cloudcontrol.plan(steps=500)
    request = cloudcontrol.request(create(cloudcontrol_client))
    in_threads(*(repeated(request.step, 50) for _ in range(4)))
    assert request.steps == 200
    assert instants(request) == [0, *(0.2 + step for step in range(200))]


@pytest.mark.usefixtures("_switching_all_the_time")
def test_threads_that_step_whatever_is_due(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Threads that make the next due step at once make exactly as many steps as calls, each at its own instant."""
    cloudcontrol.plan(steps=100)
    for number in range(4):
        create(cloudcontrol_client, f"orders-{number}")
    in_threads(*(repeated(cloudcontrol.step, 40) for _ in range(4)))
    assert sum(request.steps for request in cloudcontrol.requests) == 160
