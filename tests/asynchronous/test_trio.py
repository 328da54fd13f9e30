"""aiobotocore's clients over httpx, under trio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trio
import trio.testing
from aiobotocore.config import AioConfig
from aiobotocore.httpxsession import HttpxSession
from asynchronous_clients import client, create, status, wait
from resource_types import QUEUE

if TYPE_CHECKING:
    import pytest
    from asynchronous_clients import Client

    from pytest_cloudcontrol import CloudControl


async def deploy(delay: int = 5) -> None:
    """Make a queue, and wait for it."""
    config = AioConfig(http_session_cls=HttpxSession)
    async with client(config=config) as asynchronous:
        await wait(asynchronous, await create(asynchronous), Delay=delay)


def test_waiter(cloudcontrol: CloudControl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A waiter moves the mock clock by its delay, and never sleeps."""
    slept: list[float] = []
    monkeypatch.setattr(trio, "sleep", slept.append)
    before = cloudcontrol.clock.now()
    trio.run(deploy, 7)

    assert cloudcontrol.requests.last.status == "SUCCESS"
    assert ((cloudcontrol.clock.now() - before).total_seconds(), slept) == (7, [])


def test_waiters_at_the_same_time(cloudcontrol: CloudControl) -> None:
    """Each of several waiters sleeps for its own delay, whatever the others do."""
    cloudcontrol.plan(steps=1, first_delay=50)
    ends: dict[int, float] = {}

    async def deploy_beside(asynchronous: Client, delay: int) -> None:
        await wait(asynchronous, await create(asynchronous, f"q{delay}"), Delay=delay)
        ends[delay] = (cloudcontrol.clock.now() - before).total_seconds()

    async def all_at_once() -> None:
        config = AioConfig(http_session_cls=HttpxSession)
        async with client(config=config) as asynchronous, trio.open_nursery() as nursery:
            for delay in (60, 30, 100, 20):
                nursery.start_soon(deploy_beside, asynchronous, delay)

    before = cloudcontrol.clock.now()
    trio.run(all_at_once)
    assert ends == {20: 60, 30: 60, 60: 60, 100: 100}


def test_another_task_moves_the_clock(cloudcontrol: CloudControl) -> None:
    """With auto_advance off a waiter sleeps until another task moves the clock."""
    cloudcontrol.clock.auto_advance = False

    async def both() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(deploy)
            while len(cloudcontrol.calls) < 2:  # the waiter's first poll
                await trio.lowlevel.checkpoint()
            cloudcontrol.clock.advance(5)

    trio.run(both)
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_flowing_time(cloudcontrol: CloudControl) -> None:
    """While time flows a waiter sleeps until it has flown as far; nobody need move the clock."""
    cloudcontrol.clock.auto_advance = False
    cloudcontrol.clock.rate = 1000
    trio.run(deploy)

    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_another_task_moves_the_clock_for_a_loop(cloudcontrol: CloudControl) -> None:
    """With auto_advance off a loop that polls is held until another task moves the clock."""
    cloudcontrol.clock.auto_advance = False

    async def poll() -> None:
        async with client(config=AioConfig(http_session_cls=HttpxSession)) as asynchronous:
            token = await create(asynchronous)
            while await status(asynchronous, token) != "SUCCESS":
                await trio.lowlevel.checkpoint()

    async def both() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(poll)
            while len(cloudcontrol.calls) < 11:
                await trio.lowlevel.checkpoint()
            await trio.testing.wait_all_tasks_blocked()
            cloudcontrol.clock.advance(5)

    trio.run(both)
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_cancelled_waiter(cloudcontrol: CloudControl) -> None:
    """A waiter with auto_advance off can be cancelled while it sleeps."""
    cloudcontrol.clock.auto_advance = False

    async def run() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(deploy)
            while len(cloudcontrol.calls) < 2:  # the waiter's first poll
                await trio.lowlevel.checkpoint()
            await trio.testing.wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()

    trio.run(run)
    assert cloudcontrol.requests.last.status == "IN_PROGRESS"


def test_each_task_asks_for_itself(cloudcontrol: CloudControl) -> None:
    """Tasks that each ask the same once repeat nothing, and let no time go on."""
    before = cloudcontrol.clock.now()

    async def read(asynchronous: Client) -> None:
        await asynchronous.list_resources(TypeName=QUEUE)

    async def all_at_once() -> None:
        config = AioConfig(http_session_cls=HttpxSession)
        async with client(config=config) as asynchronous, trio.open_nursery() as nursery:
            await create(asynchronous)
            for _ in range(20):
                nursery.start_soon(read, asynchronous)

    trio.run(all_at_once)
    assert cloudcontrol.clock.now() == before
    assert cloudcontrol.requests.last.status == "IN_PROGRESS"
