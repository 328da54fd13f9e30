"""Asynchronous waiters while mock time flows: they sleep until it has flown as far, and nobody need move the clock."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from asynchronous_clients import client, create, wait

from pytest_cloudcontrol import NoProgressError
from pytest_cloudcontrol.requests import no_progress

if TYPE_CHECKING:
    from asynchronous_clients import Client

    from pytest_cloudcontrol import CloudControl

RATE = 1000
"""Mock seconds in one of the wall clock's, so that a waiter's 5 are over at once."""


@pytest.fixture
def flowing(cloudcontrol: CloudControl) -> CloudControl:
    """Give a mock whose time flows, and which waiting code doesn't move."""
    cloudcontrol.clock.auto_advance = False
    cloudcontrol.clock.rate = RATE
    return cloudcontrol


async def deploy(names: tuple[str, ...] = ("orders",), delay: int = 5) -> None:
    """Make queues, each in a task of its own, and wait for them."""

    async def one(asynchronous: Client, name: str) -> None:
        await wait(asynchronous, await create(asynchronous, name), Delay=delay)

    async with client() as asynchronous, asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(one(asynchronous, name))


def test_waiter(flowing: CloudControl, asleep: list[float]) -> None:
    """A waiter's sleep takes as long as time takes to flow so far, and none of asyncio's."""
    before = time.monotonic()
    asyncio.run(deploy())
    passed = time.monotonic() - before

    assert flowing.requests.last.status == "SUCCESS"
    polls = [call for call in flowing.calls if call.operation == "GetResourceRequestStatus"]
    assert all(later.time - earlier.time >= timedelta(seconds=5) for earlier, later in pairwise(polls))
    assert (passed >= 5 / RATE, asleep) == (True, [])


def test_waiters_at_once(flowing: CloudControl) -> None:
    """Several sleep at once, each until its own end."""
    asyncio.run(deploy(tuple(f"q{number}" for number in range(20))))

    assert {request.status for request in flowing.requests} == {"SUCCESS"}


def test_timers_that_are_early(flowing: CloudControl) -> None:
    """An event loop whose timers are a little early, as some are, has a waiter sleep on until its end."""
    flowing.clock.rate = 500

    async def run() -> None:
        asyncio.get_running_loop()._clock_resolution = 0.005  # type: ignore[attr-defined]  # noqa: SLF001  # by so much
        deploying = asyncio.create_task(deploy())
        while not deploying.done():  # the loop looks at its timers all the time
            await asyncio.sleep(0)
        await deploying

    asyncio.run(run())
    assert flowing.requests.last.status == "SUCCESS"


def test_time_that_begins_to_flow(flowing: CloudControl) -> None:
    """A waiter that sleeps while time stands still wakes when somebody has it flow."""
    flowing.clock.rate = 0

    async def run() -> None:
        deploying = asyncio.create_task(deploy())
        while len(flowing.calls) < 2:  # the waiter's first poll
            await asyncio.sleep(0)
        flowing.clock.rate = RATE
        await deploying

    asyncio.run(run())
    assert flowing.requests.last.status == "SUCCESS"


def test_time_that_stands_still_again(flowing: CloudControl, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where time stands still meanwhile, a waiter ends in an error when nobody does anything any more."""
    monkeypatch.setattr(no_progress, "BACKSTOP", 0.05)
    flowing.clock.rate = 0.001

    async def run() -> None:
        deploying = asyncio.create_task(deploy())
        while len(flowing.calls) < 2:  # the waiter's first poll
            await asyncio.sleep(0)
        flowing.clock.rate = 0
        await deploying

    with pytest.raises(BaseExceptionGroup) as caught:
        asyncio.run(run())
    (error,) = caught.value.exceptions
    assert isinstance(error, NoProgressError)
    assert str(error).startswith("a waiter is about to sleep 5 s, but clock.auto_advance is off")


def test_waiting_code_moves_the_clock(flowing: CloudControl) -> None:
    """With auto_advance on a waiter waits for no flow: it moves the clock."""
    flowing.clock.auto_advance, flowing.clock.rate = True, 1
    before = flowing.clock.now()
    asyncio.run(deploy(delay=500))

    assert flowing.clock.now() - before >= timedelta(seconds=500)
